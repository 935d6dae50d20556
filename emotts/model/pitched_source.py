"""A source that has the pitch of speech: harmonics for a decoder to shape, and the network that says how high they are.

Source: source and filter as in WORLD (Morise et al., 2016) and, learned, in the neural source-filter model (Wang,
Takaki and Yamagishi, 2019). With it a decoder needs no more than envelopes to get pitch right.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["harmonics", "spoken_pitch"]

_ON_A_PULSE = 1e-4
"""Distance from a whole cycle below which the sum of harmonics is taken as their number."""
_LOWEST, _HIGHEST = 0.001, 0.05
"""Cycles a sample: 22 Hz to 1.1 kHz at 22.05 kHz."""


def harmonics(pitch: Tensor, *, hop_length: int) -> Tensor:
    """Return the sum of all harmonics below half the sample rate (batch, sample), with a mean power of 1.

    They are cosines, so every period begins with a pulse. Silence where unvoiced.

    Args:
        pitch: cycles a sample (batch, frame), 0 where unvoiced; between the frames' centres it moves linearly.
        hop_length: samples a frame.
    """
    voiced = pitch > 0
    filled = _held(pitch, voiced).to(torch.float64)
    per_sample = F.interpolate(filled.unsqueeze(1), scale_factor=hop_length, mode="linear").squeeze(1)
    cycles = (per_sample.cumsum(dim=1) % 1.0).to(pitch.dtype)
    number = (0.5 / per_sample).floor().to(pitch.dtype)
    half_turn = torch.sin(math.pi * cycles)
    summed = torch.sin(math.pi * (2.0 * number + 1.0) * cycles) / (2.0 * half_turn) - 0.5
    pulses = torch.where(half_turn < _ON_A_PULSE, number, summed)
    loudness = (4.0 * per_sample).sqrt().to(pitch.dtype) * voiced.repeat_interleave(hop_length, dim=1)
    return pulses * loudness


def _held(pitch: Tensor, voiced: Tensor) -> Tensor:
    """Return the pitch with unvoiced frames at that of the last voiced one, or the first; any where none is voiced."""
    frames = torch.arange(pitch.shape[1], device=pitch.device).expand_as(pitch)
    last = torch.where(voiced, frames, -1).cummax(dim=1).values
    first = voiced.int().argmax(dim=1, keepdim=True)
    held = pitch.gather(1, torch.where(last < 0, first, last))
    return torch.where(held > 0, held, _HIGHEST).clamp(_LOWEST, _HIGHEST)


def spoken_pitch(prediction: Tensor, *, pitch_range: float = 1.0, frame_mask: Tensor | None = None) -> Tensor:
    """Return the pitch in cycles a sample (batch, frame), 0 where unvoiced, without gradient.

    Args:
        prediction: (batch, 2, frame): the pitch's logarithm, and the logit of being voiced.
        pitch_range: factor on the distance of every voiced frame from the mean over them, in semitones.
        frame_mask: (batch, 1, frame), 0 behind the end of an item, whose frames have no say in its mean; None: all do.
    """
    log_pitch, voicing = prediction.detach().float().unbind(dim=1)
    voiced = voicing > 0
    if pitch_range != 1.0:
        counted = voiced if frame_mask is None else voiced & frame_mask.squeeze(1).bool()
        mean = (log_pitch * counted).sum(dim=1, keepdim=True) / counted.sum(dim=1, keepdim=True).clamp_min(1)
        log_pitch = mean + (log_pitch - mean) * pitch_range
    return log_pitch.exp().clamp(_LOWEST, _HIGHEST) * voiced
