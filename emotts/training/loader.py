"""Loads the batches of a training run from a source of clips."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Protocol

import torch
from torch.utils.data import DataLoader, Dataset

from emotts.training.batch import Batch, Clip, collate

__all__ = ["ClipSource", "ConcatClips", "load_batches"]


class ClipSource(Protocol):
    """Clips by number; the clips of a corpus are :class:`emotts.training.dataset.ClipDataset`."""

    @property
    def lengths(self) -> list[int]:
        """Length of every clip in samples."""

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of every clip."""

    @property
    def emotions(self) -> list[int]:
        """Emotion id of every clip."""

    @property
    def voices(self) -> list[int]:
        """Id of every clip's language, speaker and emotion together."""

    @property
    def in_memory(self) -> bool:
        """Whether clips are at hand without reading files."""

    def __len__(self) -> int:
        """Return the number of clips."""

    def __getitem__(self, index: int) -> Clip:
        """Return one clip."""


class ConcatClips:
    """The clips of two sources, one after the other."""

    def __init__(self, first: ClipSource, second: ClipSource) -> None:
        self._first = first
        self._second = second

    @property
    def lengths(self) -> list[int]:
        """Length of every clip in samples."""
        return [*self._first.lengths, *self._second.lengths]

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of every clip."""
        return self._first.sample_rate_hz

    @property
    def emotions(self) -> list[int]:
        """Emotion id of every clip."""
        return [*self._first.emotions, *self._second.emotions]

    @property
    def voices(self) -> list[int]:
        """Id of every clip's language, speaker and emotion together; those of the second come after the first's."""
        first = self._first.voices
        return [*first, *(len(first) + voice for voice in self._second.voices)]

    @property
    def in_memory(self) -> bool:
        """Whether the clips of both are at hand without reading files."""
        return self._first.in_memory and self._second.in_memory

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def __getitem__(self, index: int) -> Clip:
        """Return one clip."""
        first = len(self._first)
        return self._first[index] if index < first else self._second[index - first]


def load_batches(
    clips: ClipSource,
    batches: Iterator[list[int]],
    *,
    hop_length: int,
    mirror_samples: int,
    min_frames: int,
    n_workers: int = 0,
) -> Iterator[Batch]:
    """Yield collated batches for an iterator of clip numbers.

    No random number is drawn. Clips that are not in memory are read ahead by at least one worker process.

    Args:
        clips: the clips.
        batches: clip numbers of every batch, see :class:`emotts.training.sampler.BatchSampler`.
        hop_length, mirror_samples, min_frames: see :func:`emotts.training.batch.collate`.
        n_workers: processes that put batches together ahead of the training; their batches lie in page-locked memory,
            from which a GPU fetches quickly.
    """
    put_together = functools.partial(
        collate, hop_length=hop_length, mirror_samples=mirror_samples, min_frames=min_frames
    )
    if clips.in_memory and n_workers == 0:
        for numbers in batches:
            yield put_together([clips[number] for number in numbers])
        return
    yield from DataLoader(
        _Indexed(clips),
        batch_sampler=_Once(batches),
        num_workers=max(1, n_workers),
        pin_memory=n_workers > 0 and torch.cuda.is_available(),
        generator=torch.Generator(),
        collate_fn=put_together,
    )


class _Indexed(Dataset[Clip]):
    """The clips as the type that a loader asks for."""

    def __init__(self, clips: ClipSource) -> None:
        self._clips = clips

    def __len__(self) -> int:
        return len(self._clips)

    def __getitem__(self, index: int) -> Clip:
        return self._clips[index]


class _Once:
    """An iterator as the sampler that a loader asks for; it can be gone through once."""

    def __init__(self, batches: Iterator[list[int]]) -> None:
        self._batches = batches

    def __iter__(self) -> Iterator[list[int]]:
        return self._batches
