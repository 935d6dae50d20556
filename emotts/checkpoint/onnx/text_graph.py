"""The first graph of a voice: phones, speaker and emotion to latents."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from emotts.model.alignment import expand_durations, spread_over_frames
from emotts.model.rounding import Rounding
from emotts.model.spoken_length import MAX_FRAMES
from emotts.model.synthesizer import Synthesizer
from emotts.model.text_encoder import EncodedText, TextInputs
from emotts.model.whole_frames import whole_frames

__all__ = ["TextGraph"]

_FEWEST_FRAMES = 3
"""Of the shortest text, a phone between two blanks."""


class TextGraph(nn.Module):
    """Computes what :meth:`Synthesizer.synthesize` does up to the decoder, for one text, with noise that is given.

    Its inputs: ``tokens``, ``tones``, ``languages``: ids (1, token) int64. ``speaker``: id (1,) int64. ``emotion``:
    weights (1, emotion). ``noise``: the latents', (1, latent, any number of frames); it starts again where there are
    more frames. ``duration_noise``: the stochastic durations', (1, 2, token). ``noise_scale`` to ``sdp_ratio``: tensors
    (), as of :class:`emotts.model.synthesis.Synthesis`. ``bert``: (1, feature, token), for a voice that reads it.

    Args:
        synthesizer: the networks, their weight normalisation folded.
        rounding: how durations become whole frames.
    """

    def __init__(self, synthesizer: Synthesizer, *, rounding: Rounding) -> None:
        super().__init__()
        self.voice = synthesizer.voice
        self.text_encoder = synthesizer.text_encoder
        self.flow = synthesizer.flow
        self.duration_predictor = synthesizer.duration_predictor
        self.stochastic_duration_predictor = synthesizer.stochastic_duration_predictor
        self.rounding = rounding
        self.mute_text_condition = synthesizer.settings.mute_text_condition

    def forward(  # noqa: PLR0913 -- every input of the graph by its name
        self,
        tokens: Tensor,
        tones: Tensor,
        languages: Tensor,
        speaker: Tensor,
        emotion: Tensor,
        noise: Tensor,
        duration_noise: Tensor,
        noise_scale: Tensor,
        duration_noise_scale: Tensor,
        length_scale: Tensor,
        sdp_ratio: Tensor,
        bert: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return latents (1, latent, frame), durations in frames (1, token) float, and the voice (1, voice, 1)."""
        voice = self.voice(speaker, emotion=emotion)
        length = torch.ones_like(tokens).sum(dim=1)
        text = self.text_encoder(
            TextInputs(tokens, length, tones, languages, ja_bert=bert),
            voice_embedding=None if self.mute_text_condition else voice,
        )
        durations = whole_frames(
            stochastic_log=self.stochastic_duration_predictor.invert(
                text.hidden, text.mask, noise=duration_noise * duration_noise_scale, voice_embedding=voice
            ),
            deterministic_log=self.duration_predictor(text.hidden, text.mask, voice_embedding=voice),
            sdp_ratio=sdp_ratio,
            token_mask=text.mask,
            length_scale=length_scale,
            rounding=self.rounding,
        )
        prior_latents = _prior_latents(text, durations, noise=noise, noise_scale=noise_scale)
        mask = torch.ones_like(prior_latents[:, :1], dtype=torch.bool)
        latents = self.flow(prior_latents, mask, voice_embedding=voice, inverse=True)
        return latents, durations.squeeze(1), voice


def _prior_latents(text: EncodedText, durations: Tensor, *, noise: Tensor, noise_scale: Tensor) -> Tensor:
    """Return latents (1, latent, frame) of the flow's prior side."""
    n_frames = cast(int, durations.sum().clamp(_FEWEST_FRAMES, MAX_FRAMES).long().item())
    for known in (n_frames >= _FEWEST_FRAMES, n_frames <= MAX_FRAMES):
        torch._check(known)  # type: ignore[no-untyped-call]  # what the exporter cannot know of a computed length
    alignment = expand_durations(durations, n_frames=n_frames).to(text.prior_mean.dtype)
    log_std = spread_over_frames(text.prior_log_std, alignment)
    drawn = noise[:, :, torch.arange(n_frames) % torch.ones_like(noise[0, 0]).sum().long()]
    return spread_over_frames(text.prior_mean, alignment) + drawn * log_std.exp() * noise_scale
