"""Narrows the emotion embedding of a base voice without changing what the voice computes.

N emotions span N directions at most, however wide their table is. The table is turned into an orthonormal basis of
its own rows (singular value decomposition), and with it every weight that reads it; channels beyond the N are zero
in the table, and are then as good as new for a training.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import torch
from torch import Tensor

from emotts.checkpoint.base.reading import BaseVoice
from emotts.checkpoint.base.table_rows import EMOTIONS
from emotts.errors import CheckpointError
from emotts.model.synthesizer import Synthesizer

__all__ = ["with_fewer_emotion_channels"]

_PROJECTION = "voice_projection."
_LENGTH, _DIRECTION = "parametrizations.weight.original0", "parametrizations.weight.original1"


def with_fewer_emotion_channels(base: BaseVoice, emotion_channels: int) -> BaseVoice:
    """Return a base voice of at most so many emotion channels that computes the same, whatever the emotion.

    Args:
        base: comes back as it is if it is no wider.
        emotion_channels: of the embedding.

    Raises:
        CheckpointError: if the voice's emotions do not fit into so few.
    """
    settings = base.synthesizer.settings
    if settings.emotion_channels <= emotion_channels:
        return base
    state = base.synthesizer.state_dict()
    needed = int(torch.linalg.matrix_rank(state[EMOTIONS].double()))
    if needed > emotion_channels:
        raise CheckpointError(
            "the base voice's emotions do not fit into so narrow an embedding",
            where=base.where,
            found=f"model.synthesizer.emotion_channels: {emotion_channels}",
            wanted=f"at least {needed}",
        )
    _, _, directions = torch.linalg.svd(state[EMOTIONS].double(), full_matrices=True)
    basis = directions[:emotion_channels].T
    narrower = Synthesizer(settings.changed(emotion_channels=emotion_channels))
    narrower.load_state_dict(_narrowed(state, basis, first=settings.speaker_channels))
    narrower.origin.update(base.synthesizer.origin)
    discriminators = {
        name: _narrowed(network, basis, first=settings.speaker_channels)
        for name, network in base.discriminators.items()
    }
    return dataclasses.replace(base, synthesizer=narrower.eval(), discriminators=discriminators)


def _narrowed(state: Mapping[str, Tensor], basis: Tensor, *, first: int) -> dict[str, Tensor]:
    """Turn the table, and the columns from ``first`` on of what reads the voice, by ``basis`` (wide, narrow)."""
    narrowed = dict(state)
    for name, value in state.items():
        if name == EMOTIONS:
            narrowed[name] = (value.double() @ basis).to(value.dtype)
        elif _PROJECTION in name and value.dim() > 1 and value.shape[1] == first + len(basis):
            turned = torch.einsum("ow...,wn->on...", value[:, first:].double(), basis)
            narrowed[name] = torch.cat((value[:, :first], turned.to(value.dtype)), dim=1)
            if name.endswith(_DIRECTION):
                length = name.removesuffix(_DIRECTION) + _LENGTH
                narrowed[length] = state[length] * _lengths(narrowed[name]) / _lengths(value)
    return narrowed


def _lengths(direction: Tensor) -> Tensor:
    """Return the norms along all dimensions but the first, as weight normalisation takes them."""
    lengths: Tensor = torch.linalg.vector_norm(direction, dim=tuple(range(1, direction.dim())), keepdim=True)
    return lengths
