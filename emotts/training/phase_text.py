"""What the phases with text have in common: what goes into their forward pass, and what is made of its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from emotts.model.alignment import band_penalty
from emotts.training.adversary import DurationCondition
from emotts.training.batch import Batch
from emotts.training.losses import duration_loss, kl_loss
from emotts.training.phase import DurationPair

__all__ = ["duration_pair", "text_inputs", "text_losses"]

_KL_NAMES = ("prior_latents", "posterior_log_std", "prior_mean", "prior_log_std", "frame_mask")


def text_inputs(
    batch: Batch, *, spectrogram: nn.Module, alignment_noise_scale: float, alignment_slack_frames: int | None
) -> dict[str, Any]:
    """Return the arguments of the synthesizer's forward that follow from whole clips and their texts.

    Args:
        batch: the clips.
        spectrogram: waveform (batch, sample) to (batch, bin, frame).
        alignment_noise_scale: noise on the alignment search.
        alignment_slack_frames: how far the alignment may be from known phone times; None: as far as it likes.
    """
    with torch.no_grad():
        magnitudes = spectrogram(batch.waveform)
    bias = None
    if alignment_slack_frames is not None and batch.token_spans is not None:
        bias = band_penalty(batch.token_spans, n_frames=magnitudes.shape[2], slack_frames=alignment_slack_frames)
    return {
        "tokens": batch.tokens,
        "token_lengths": batch.token_lengths,
        "spectrogram": magnitudes,
        "spectrogram_lengths": batch.frame_lengths,
        "speaker": batch.speaker,
        "tone": batch.tones,
        "language": batch.languages,
        "ja_bert": batch.ja_bert,
        "emotion": batch.emotion,
        "alignment_noise_scale": alignment_noise_scale,
        "alignment_bias": bias,
    }


def text_losses(output: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the unweighted losses of text and durations by name, from fields of a TrainingOutput by name."""
    return {
        "kl": kl_loss(**{name: output[name] for name in _KL_NAMES}),
        "duration": duration_loss(
            predicted_log_durations=output["predicted_log_durations"],
            aligned_log_durations=output["aligned_log_durations"],
            token_mask=output["token_mask"],
        ),
        "stochastic_duration": output["stochastic_duration_loss"].float(),
    }


def duration_pair(output: Mapping[str, Tensor]) -> DurationPair:
    """Return what the discriminator of durations judges, from fields of a TrainingOutput by name."""
    condition = DurationCondition(**{name: output[name] for name in ("token_hidden", "token_mask", "voice_embedding")})
    return DurationPair(
        real=output["aligned_log_durations"], fake=output["predicted_log_durations"], condition=condition
    )
