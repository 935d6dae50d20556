"""A recording as posterior encoder and decoder give it back: the best that a voice can sound."""

from __future__ import annotations

import torch
from torch import Tensor

from emotts.features.spectrogram import Spectrogram
from emotts.model.synthesizer import Synthesizer

__all__ = ["copied_waveform"]


@torch.no_grad()
def copied_waveform(
    synthesizer: Synthesizer,
    waveform: Tensor,
    *,
    spectrogram: Spectrogram,
    speaker: Tensor,
    emotion: Tensor | None = None,
) -> Tensor:
    """Return the waveform (batch, 1, sample) that the decoder makes of the mean latents of a recording.

    Text encoder, durations and flow have no part in it, so what is wrong in the copy is not their fault.

    Args:
        synthesizer: the networks.
        waveform: (batch, sample) at the rate of the voice.
        spectrogram: as in the training of the voice.
        speaker: ids (batch,) int64.
        emotion: weights of the emotions (batch, emotion); None for a voice without.

    Raises:
        AudioError: if the recording is shorter than a frame.
    """
    magnitude = spectrogram(waveform)
    lengths = torch.full((len(magnitude),), magnitude.shape[2], dtype=torch.int64, device=magnitude.device)
    voice = synthesizer.voice(speaker, emotion=emotion, spectrogram=magnitude)
    posterior = synthesizer.posterior_encoder(magnitude, lengths, voice_embedding=voice, noise_scale=0.0)
    copied, _ = synthesizer.decode_segment(posterior.latents, voice_embedding=voice, pitch=None)
    return copied
