"""The result of one forward pass of the synthesizer in training."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

__all__ = ["TrainingOutput"]


@dataclass(frozen=True)
class TrainingOutput:
    """The result of one forward pass in training; shapes in brackets."""

    waveform: Tensor
    """(batch, 1, segment_frames * hop): generated."""
    segment_start_frames: Tensor
    """(batch,) int64: where the segment was taken; clips shorter than it start at 0 and are padded with zeros."""
    alignment: Tensor
    """(batch, frame, token): 1.0 where the frame is spoken on the token."""
    token_mask: Tensor
    """(batch, 1, token) bool."""
    frame_mask: Tensor
    """(batch, 1, frame) bool."""
    latents: Tensor
    """(batch, latent, frame), as the next five; the prior's are expanded along the alignment."""
    posterior_mean: Tensor
    posterior_log_std: Tensor
    prior_latents: Tensor
    prior_mean: Tensor
    prior_log_std: Tensor
    token_hidden: Tensor
    """(batch, hidden, token)."""
    voice_embedding: Tensor
    """(batch, speaker + emotion channel, 1)."""
    predicted_log_durations: Tensor
    """(batch, 1, token), as the next."""
    aligned_log_durations: Tensor
    stochastic_duration_loss: Tensor
    """Scalar: per token of the whole batch."""
    predicted_pitch: Tensor | None = None
    """(batch, 2, segment_frames), as :meth:`IstftDecoder.predict_pitch` says; None for other decoders."""
