"""Adds the voice embedding to the input of a network."""

from __future__ import annotations

from torch import Tensor, nn

from emotts.errors import ConfigError

__all__ = ["add_voice"]


def add_voice(hidden: Tensor, *, projection: nn.Module | None, voice_embedding: Tensor | None) -> Tensor:
    """Return ``hidden`` (batch, channel, time) plus the projected voice embedding (batch, voice, 1).

    A network without a projection has no use for a voice and leaves it aside.

    Raises:
        ConfigError: if there is a projection but no voice; the network would speak in nobody's voice.
    """
    if projection is None:
        return hidden
    if voice_embedding is None:
        raise ConfigError(
            "the network is conditioned on a voice and got none", wanted="voice_embedding (batch, voice, 1)"
        )
    projected: Tensor = projection(voice_embedding)
    return hidden + projected
