"""The pitch of segments and its loss, for decoders with a pitched source."""

from __future__ import annotations

from torch import Tensor

from emotts.model.segments import slice_segments
from emotts.training.batch import Batch
from emotts.training.losses import pitch_loss

__all__ = ["pitch_losses", "segment_pitch"]


def segment_pitch(batch: Batch, starts: Tensor, *, segment_frames: int) -> Tensor | None:
    """Return the pitch (batch, segment_frames) of the segments at ``starts`` (batch,), None where it is not known."""
    if batch.pitch is None:
        return None
    return slice_segments(batch.pitch.unsqueeze(1), starts, length=segment_frames).squeeze(1)


def pitch_losses(predicted: Tensor | None, pitch: Tensor | None) -> dict[str, Tensor]:
    """Return the pitch loss by name; nothing where the pitch is not predicted or that of the recording not known."""
    if predicted is None or pitch is None:
        return {}
    return {"pitch": pitch_loss(predicted=predicted, pitch=pitch)}
