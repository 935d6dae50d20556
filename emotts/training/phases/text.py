"""The inputs and losses of the phases that train on text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import torch
from torch import Tensor

from emotts.model.alignment import AlignmentSearch, band_penalty
from emotts.model.text_encoder import TextInputs
from emotts.training.adversary import DurationCondition
from emotts.training.batch import Batch
from emotts.training.losses import duration_frames_loss, duration_loss, kl_loss
from emotts.training.phases.phase import DurationPair, PhaseContext

__all__ = ["ClipInputs", "duration_pair", "text_inputs", "text_losses"]

_DURATION_NAMES = ("predicted_log_durations", "aligned_log_durations", "token_mask")
_KL_NAMES = ("prior_latents", "posterior_log_std", "prior_mean", "prior_log_std", "frame_mask")


class ClipInputs(TypedDict):
    """The arguments of a forward pass with text that follow from whole clips."""

    text: TextInputs
    spectrogram: Tensor
    spectrogram_lengths: Tensor
    speaker: Tensor
    emotion: Tensor
    search: AlignmentSearch


def text_inputs(batch: Batch, context: PhaseContext) -> ClipInputs:
    """Return what the forward pass takes of whole clips and their texts.

    Where the corpus knows when phones are spoken, the alignment is kept near these times.
    """
    with torch.no_grad():
        magnitudes = context.spectrogram(batch.waveform)
    slack_frames, bias = context.settings.alignment_slack_frames, None
    if slack_frames is not None and batch.token_spans is not None:
        bias = band_penalty(batch.token_spans, n_frames=magnitudes.shape[2], slack_frames=slack_frames)
    return {
        "text": TextInputs(
            batch.tokens, batch.token_lengths, tone=batch.tones, language=batch.languages, ja_bert=batch.ja_bert
        ),
        "spectrogram": magnitudes,
        "spectrogram_lengths": batch.frame_lengths,
        "speaker": batch.speaker,
        "emotion": batch.emotion,
        "search": AlignmentSearch(context.alignment_noise_scale, bias),
    }


def text_losses(output: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the unweighted losses of text and durations by name, from fields of a TrainingOutput by name."""
    durations = {name: output[name] for name in _DURATION_NAMES}
    return {
        "kl": kl_loss(**{name: output[name] for name in _KL_NAMES}),
        "duration": duration_loss(**durations),
        "duration_frames": duration_frames_loss(**durations),
        "stochastic_duration": output["stochastic_duration_loss"].float(),
    }


def duration_pair(output: Mapping[str, Tensor]) -> DurationPair:
    """Return what the discriminator of durations compares, from fields of a TrainingOutput by name."""
    condition = DurationCondition(**{name: output[name] for name in ("token_hidden", "token_mask", "voice_embedding")})
    return DurationPair(
        real=output["aligned_log_durations"], fake=output["predicted_log_durations"], condition=condition
    )
