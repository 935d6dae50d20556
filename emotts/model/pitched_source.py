"""The pitched source of a decoder: a sum of harmonics at a predicted pitch.

Source: source and filter as in WORLD (Morise et al., 2016) and, learned, in the neural source-filter model (Wang,
Takaki and Yamagishi, 2019). With it a decoder needs no more than envelopes to get pitch right.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from emotts.errors import ConfigError

__all__ = ["HarmonicSource", "harmonics", "refuse_moved_pitch", "spoken_pitch"]

_ON_A_PULSE = 1e-4
"""Distance from a whole cycle below which the sum of harmonics is taken as their number."""
_LOG_SEMITONE = math.log(2.0) / 12.0
_LOWEST, _HIGHEST = 0.001, 0.05
"""Cycles a sample: 22 Hz to 1.1 kHz at 22.05 kHz."""


def harmonics(pitch: Tensor, *, hop_length: int) -> Tensor:
    """Return the sum of all harmonics below half the sample rate (batch, sample), with a mean power of 1.

    They are cosines, so every period begins with a pulse. Silence where unvoiced.

    Args:
        pitch: cycles a sample (batch, frame), 0 where unvoiced; between the frames' centres it moves linearly.
        hop_length: samples a frame.
    """
    return HarmonicSource(pitch.shape[1], hop_length=hop_length).extend(pitch, start=0, end=pitch.shape[1])


class HarmonicSource:
    """The source of :func:`harmonics`, made from its beginning to its end in blocks of frames.

    Args:
        n_frames: of the whole.
        hop_length: samples a frame.
    """

    def __init__(self, n_frames: int, *, hop_length: int) -> None:
        self._n_frames = n_frames
        self._hop_length = hop_length
        self._cycles: Tensor | float = 0.0
        """Made so far (batch, 1)."""
        self._last_voiced: Tensor | None = None
        """Pitch of the last voiced frame so far (batch, 1), 0 where there was none yet."""

    def extend(self, pitch: Tensor, *, start: int, end: int) -> Tensor:
        """Return the source of the frames from ``start``, where the last block ended, to ``end`` (batch, sample).

        Args:
            pitch: cycles a sample (batch, frame) of these frames, with one frame more on either side where there is
                one.
            start, end: frames of the whole.
        """
        before = min(start, 1)
        voiced = pitch > 0
        filled = _held(pitch, voiced, before=self._last_voiced).to(torch.float64)
        per_sample = _between_centres(filled, hop_length=self._hop_length)
        inner = slice(before, before + end - start)
        per_sample = per_sample[:, inner.start * self._hop_length : inner.stop * self._hop_length]
        voiced = voiced[:, inner]
        if self._last_voiced is not None:
            # silence at the beginning turns at the pitch of the first voiced frame, which is known only now
            begun = self._last_voiced > 0
            self._cycles = torch.where(begun, self._cycles, start * self._hop_length * filled[:, :1])
        turned = per_sample.cumsum(dim=1) + self._cycles
        self._cycles = turned[:, -1:]
        self._last_voiced = self._voiced_so_far(pitch[:, inner], voiced)
        return _pulses(per_sample, (turned % 1.0).to(pitch.dtype)) * voiced.repeat_interleave(self._hop_length, dim=1)

    def _voiced_so_far(self, pitch: Tensor, voiced: Tensor) -> Tensor:
        """Return the pitch of the last voiced frame up to the end of a block."""
        frames = torch.arange(1, pitch.shape[1] + 1, device=pitch.device) * voiced
        last = frames.max(dim=1, keepdim=True).values
        found = pitch.gather(1, (last - 1).clamp_min(0))
        return torch.where(last > 0, found, 0.0 if self._last_voiced is None else self._last_voiced)


def _between_centres(per_frame: Tensor, *, hop_length: int) -> Tensor:
    """Return values (batch, sample) that move linearly between those of the frames' centres (batch, frame)."""
    before = torch.cat((per_frame[:, :1], per_frame[:, :-1]), dim=1) - per_frame
    after = torch.cat((per_frame[:, 1:], per_frame[:, -1:]), dim=1) - per_frame
    samples = torch.arange(hop_length, device=per_frame.device, dtype=per_frame.dtype)
    behind_centre = (samples + 0.5) / hop_length - 0.5
    moved = before.unsqueeze(2) * (-behind_centre).clamp_min(0.0) + after.unsqueeze(2) * behind_centre.clamp_min(0.0)
    return (per_frame.unsqueeze(2) + moved).flatten(1)


def _pulses(per_sample: Tensor, cycles: Tensor) -> Tensor:
    """Return the sum of the harmonics (batch, sample) at a pitch in cycles a sample and a phase in cycles."""
    number = (0.5 / per_sample).floor().to(cycles.dtype)
    half_turn = torch.sin(math.pi * cycles)
    summed = torch.sin(math.pi * (2.0 * number + 1.0) * cycles) / (2.0 * half_turn) - 0.5
    pulses = torch.where(half_turn < _ON_A_PULSE, number, summed)
    return pulses * (4.0 * per_sample).sqrt().to(cycles.dtype)


def _held(pitch: Tensor, voiced: Tensor, *, before: Tensor | None) -> Tensor:
    """Return the pitch with unvoiced frames at that of the last voiced one, or the first; any where none is voiced.

    ``before`` is the last voiced one before these frames (batch, 1), 0 or None if there was none.
    """
    frames = torch.arange(pitch.shape[1], device=pitch.device).expand_as(pitch)
    last = torch.where(voiced, frames, -1).cummax(dim=1).values
    first = voiced.int().argmax(dim=1, keepdim=True)
    held = pitch.gather(1, torch.where(last < 0, first, last))
    if before is not None:
        held = torch.where((last < 0) & (before > 0), before, held)
    return torch.where(held > 0, held, _HIGHEST).clamp(_LOWEST, _HIGHEST)


def refuse_moved_pitch(*, pitch_range: float, pitch_shift: float) -> None:
    """Raise ConfigError where the pitch of a decoder without a pitched source is to be moved."""
    if pitch_range != 1.0 or pitch_shift != 0.0:
        raise ConfigError(
            "only the istft decoder has a pitch that can be moved",
            found=f"pitch_range {pitch_range:g}, pitch_shift {pitch_shift:g}",
            wanted="pitch_range 1, pitch_shift 0",
            remedy="leave the pitch as it is, or use a voice with that decoder (model.decoder in params.yaml)",
        )


def spoken_pitch(
    prediction: Tensor,
    *,
    pitch_range: float | Tensor = 1.0,
    pitch_shift: float | Tensor = 0.0,
    frame_mask: Tensor | None = None,
) -> Tensor:
    """Return the pitch in cycles a sample (batch, frame), 0 where unvoiced, without gradient.

    Args:
        prediction: (batch, 2, frame): the pitch's logarithm, and the logit of being voiced.
        pitch_range: factor on the distance of every voiced frame from the mean over them, in semitones.
        pitch_shift: semitones that every voiced frame is raised by.
        frame_mask: (batch, 1, frame), 0 behind the end of an item, whose frames have no say in its mean; None: all do.
    """
    log_pitch, voicing = prediction.detach().float().unbind(dim=1)
    voiced = voicing > 0
    if isinstance(pitch_range, Tensor) or pitch_range != 1.0:
        counted = voiced if frame_mask is None else voiced & frame_mask.squeeze(1).bool()
        mean = (log_pitch * counted).sum(dim=1, keepdim=True) / counted.sum(dim=1, keepdim=True).clamp_min(1)
        log_pitch = log_pitch + (log_pitch - mean) * (pitch_range - 1.0)
    if isinstance(pitch_shift, Tensor) or pitch_shift != 0.0:
        log_pitch = log_pitch + pitch_shift * _LOG_SEMITONE
    return log_pitch.exp().clamp(_LOWEST, _HIGHEST) * voiced
