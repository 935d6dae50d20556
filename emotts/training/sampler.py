"""Which clips make up which batch: length-bucketed, seeded, and the same however often it is asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emotts.errors import CorpusError

__all__ = ["BatchSampler"]


class BatchSampler:
    """Batches of clip numbers, a pure function of (seed, epoch), dealt out to ``world_size`` processes.

    One epoch of the ``natural`` sampler holds every clip exactly once. One epoch of the ``balanced``
    sampler holds every clip at least once and every emotion equally often: clips of the rarer
    emotions are repeated until each emotion has as many as the most frequent one.

    Batches hold clips of similar length. Lengths are compared after a random factor of up to
    ``1 +- length_jitter``, so that the companions of a clip change from epoch to epoch. No clip is
    dropped for its length: the sizes of an epoch's batches differ by one at most.

    Every process gets the same number of batches; batches that meet in one step are similar in length.

    Args:
        lengths: length of every clip, any unit.
        groups: emotion id of every clip.
        batch_size: most clips in a batch.
        kind: ``balanced`` or ``natural``.
        seed: seed of all orders.
        length_jitter: share by which lengths are disturbed before they are compared, 0 to 1.
        rank: number of this process.
        world_size: number of processes.

    Raises:
        CorpusError: if there are fewer clips than processes.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        groups: Sequence[int],
        *,
        batch_size: int,
        kind: Literal["balanced", "natural"],
        seed: int,
        length_jitter: float = 0.15,
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        if len(lengths) < world_size:
            raise CorpusError(
                "there are fewer training clips than training processes",
                found=f"{len(lengths)} clips, {world_size} processes",
                remedy="train with fewer processes, or record more",
            )
        self._lengths = np.asarray(lengths, dtype=np.float64)
        self._groups = np.asarray(groups, dtype=np.int64)
        self._kind = kind
        self._seed = seed
        self._jitter = length_jitter
        self._rank = rank
        self._world_size = world_size
        self._steps = _count_steps(self._epoch_size(), batch_size=batch_size, world_size=world_size)

    @property
    def steps_per_epoch(self) -> int:
        """Number of batches that each process gets in an epoch."""
        return self._steps

    def position(self, step: int) -> tuple[int, int]:
        """Return (epoch, batch in the epoch) of a training step counted from 0."""
        return divmod(step, self._steps)

    def epoch(self, number: int) -> list[list[int]]:
        """Return this process's batches of an epoch, each a list of clip numbers."""
        random = np.random.default_rng((self._seed, number))
        clips = self._draw(random)
        factors = 1.0 + self._jitter * random.uniform(-1.0, 1.0, size=len(clips))
        ordered = clips[np.argsort(self._lengths[clips] * factors, kind="stable")]
        batches = np.array_split(ordered, self._steps * self._world_size)
        order = random.permutation(self._steps)
        return [batches[step * self._world_size + self._rank].tolist() for step in order]

    def batches(self, first_step: int = 0) -> Iterator[list[int]]:
        """Yield the batches from a training step on, epoch after epoch, without end."""
        epoch, skip = self.position(first_step)
        while True:
            yield from self.epoch(epoch)[skip:]
            epoch, skip = epoch + 1, 0

    def _epoch_size(self) -> int:
        if self._kind == "natural":
            return len(self._lengths)
        _, counts = np.unique(self._groups, return_counts=True)
        return int(len(counts) * counts.max())

    def _draw(self, random: np.random.Generator) -> NDArray[np.int64]:
        everything = np.arange(len(self._lengths))
        if self._kind == "natural":
            return random.permutation(everything)
        members = [everything[self._groups == group] for group in np.unique(self._groups)]
        most = max(len(clips) for clips in members)
        return np.concatenate([_repeat(clips, most, random=random) for clips in members])


def _repeat(clips: NDArray[np.int64], count: int, *, random: np.random.Generator) -> NDArray[np.int64]:
    """Return ``count`` clips: whole permutations of ``clips`` one after the other, the last one cut."""
    rounds = math.ceil(count / len(clips))
    return np.concatenate([random.permutation(clips) for _ in range(rounds)])[:count]


def _count_steps(clips: int, *, batch_size: int, world_size: int) -> int:
    return max(1, math.ceil(clips / (batch_size * world_size)))
