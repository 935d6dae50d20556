"""A clip, and a batch of clips padded to one length."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["Batch", "Clip", "collate"]


@dataclass(frozen=True)
class Clip:
    """One clip: ``tokens``, ``tones``, ``languages`` (token,) int64; ``waveform`` (sample,) float32, whole frames.

    ``token_spans`` (token, 2) float32: where each token begins and ends, in frames; None where that is not known.
    ``ja_bert`` (token, feature) float32 holds the BERT features; None where they are off.
    ``pitch`` (frame,) float32 in cycles a sample, 0 where unvoiced; None where the decoder needs none.
    """

    wav: str
    tokens: Tensor
    tones: Tensor
    languages: Tensor
    waveform: Tensor
    n_frames: int
    speaker: int
    emotion: int
    token_spans: Tensor | None = None
    ja_bert: Tensor | None = None
    pitch: Tensor | None = None


@dataclass(frozen=True)
class Batch:
    """Clips side by side: ids (batch, token) int64, ``waveform`` (batch, sample) float32, the rest (batch,) int64.

    ``token_spans`` (batch, token, 2) float32, NaN where they are not known; None where those of no clip are.
    ``ja_bert`` (batch, feature, token) float32 holds the BERT features, zero behind a clip's end; None: off.
    ``pitch`` (batch, frame) float32 in cycles a sample, 0 where unvoiced and behind a clip's end; None: not needed.
    """

    wavs: tuple[str, ...]
    tokens: Tensor
    tones: Tensor
    languages: Tensor
    token_lengths: Tensor
    waveform: Tensor
    frame_lengths: Tensor
    speaker: Tensor
    emotion: Tensor
    token_spans: Tensor | None = None
    ja_bert: Tensor | None = None
    pitch: Tensor | None = None

    def to(self, device: torch.device) -> Batch:
        """Return the batch on another device; a copy from page-locked memory is not waited for."""
        return self._each(lambda value: value.to(device, non_blocking=True))

    def pin_memory(self) -> Batch:
        """Return the batch in page-locked memory, as a loader asks for."""
        return self._each(Tensor.pin_memory)

    def _each(self, change: Callable[[Tensor], Tensor]) -> Batch:
        """Return the batch with all its tensors changed."""
        changed: dict[str, Any] = {}
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Tensor):
                changed[item.name] = change(value)
        return dataclasses.replace(self, **changed)


def collate(clips: Sequence[Clip], *, hop_length: int, mirror_samples: int, min_frames: int) -> Batch:
    """Return the clips as one batch.

    Behind the end of a clip its sound is mirrored for ``mirror_samples`` samples and zero after that,
    so that the last frames of its spectrogram are the same whatever the batch it stands in.

    Args:
        clips: the clips, at least one.
        hop_length: samples a frame.
        mirror_samples: half of what the spectrogram's window is longer than its hop.
        min_frames: the batch is at least so long, in frames.
    """
    n_samples = max(max(clip.n_frames for clip in clips), min_frames) * hop_length
    waveform = torch.zeros(len(clips), n_samples)
    for row, clip in zip(waveform, clips, strict=True):
        end = len(clip.waveform)
        row[:end] = clip.waveform
        mirrored = clip.waveform[:-1].flip(0)[: min(mirror_samples, n_samples - end)]
        row[end : end + len(mirrored)] = mirrored
    n_frames = n_samples // hop_length
    pitches = [F.pad(clip.pitch, (0, n_frames - clip.n_frames)) for clip in clips if clip.pitch is not None]
    features = [clip.ja_bert for clip in clips if clip.ja_bert is not None]
    return Batch(
        wavs=tuple(clip.wav for clip in clips),
        tokens=_pad([clip.tokens for clip in clips]),
        tones=_pad([clip.tones for clip in clips]),
        languages=_pad([clip.languages for clip in clips]),
        token_lengths=torch.tensor([len(clip.tokens) for clip in clips]),
        waveform=waveform,
        frame_lengths=torch.tensor([clip.n_frames for clip in clips]),
        speaker=torch.tensor([clip.speaker for clip in clips]),
        emotion=torch.tensor([clip.emotion for clip in clips]),
        token_spans=_spans(clips),
        ja_bert=_pad(features).transpose(1, 2).contiguous() if features else None,
        pitch=torch.stack(pitches) if pitches else None,
    )


def _pad(rows: list[Tensor]) -> Tensor:
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


def _spans(clips: Sequence[Clip]) -> Tensor | None:
    if all(clip.token_spans is None for clip in clips):
        return None
    spans = torch.full((len(clips), max(len(clip.tokens) for clip in clips), 2), math.nan)
    for row, clip in zip(spans, clips, strict=True):
        if clip.token_spans is not None:
            row[: len(clip.tokens)] = clip.token_spans
    return spans
