"""The batch sampler: seeded batches of clips of similar length."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emotts.errors import CorpusError

__all__ = ["BatchSampler", "Replay", "Shard"]


@dataclass(frozen=True)
class Replay:
    """Clips of another corpus that are mixed in: the last ``n_clips``, as a ``fraction`` (below 1) of every epoch."""

    n_clips: int
    fraction: float


@dataclass(frozen=True)
class Shard:
    """The part of the batches that one process gets: number ``rank`` of ``world_size`` processes."""

    rank: int
    world_size: int


class BatchSampler:
    """Batches of clip numbers, a pure function of (seed, epoch), dealt out to several processes.

    One epoch of the ``natural`` sampler holds every clip exactly once. One epoch of the ``balanced``
    sampler holds every clip at least once and every group (such as an emotion) equally often: clips of the rarer
    groups are repeated until each group has as many as the most frequent one.

    Batches hold clips of similar length. Lengths are compared after a random factor of up to
    ``1 +- length_jitter``, so that the companions of a clip change from epoch to epoch. No clip is
    dropped for its length: the sizes of an epoch's batches differ by one at most.

    Replayed clips of another corpus are drawn on top of an epoch's own clips so that they are the wanted fraction of
    it, in expectation exactly. They count neither for the groups' balance nor for what an epoch holds at least.
    Where their number is no whole one it varies by one from epoch to epoch, and so may the size of one batch.

    Every process gets the same number of batches; batches that meet in one step are similar in length.

    Args:
        lengths: length of every clip, any unit.
        groups: id of every clip's group.
        batch_size: most clips in a batch; with several processes, batches of 1 that do not come out even have 2.
        kind: ``balanced`` or ``natural``.
        seed: seed of all orders.
        length_jitter: fraction by which lengths are disturbed before they are compared, 0 to 1.
        replay: which clips come from another corpus; None: none.
        shard: which batches this process gets; None: all.

    Raises:
        CorpusError: if there are fewer clips than processes, or no clip of its own beside those replayed.
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
        replay: Replay | None = None,
        shard: Shard | None = None,
    ) -> None:
        shard = shard or Shard(rank=0, world_size=1)
        n_own = len(lengths) - (replay.n_clips if replay else 0)
        if n_own < shard.world_size:
            raise CorpusError(
                "there are fewer training clips than training processes",
                found=f"{n_own} clips, {shard.world_size} processes",
                remedy="train with fewer processes, or record more",
            )
        self._lengths = np.asarray(lengths, dtype=np.float64)
        self._groups = np.asarray(groups[:n_own], dtype=np.int64)
        self._replayed = np.arange(n_own, len(lengths))
        self._replay_fraction = replay.fraction if replay and replay.n_clips else 0.0
        self._kind = kind
        self._seed = seed
        self._jitter = length_jitter
        self._shard = shard
        whole = self._epoch_size() + math.floor(self._n_replayed())
        self._steps = _count_steps(whole, batch_size=batch_size, world_size=shard.world_size)

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
        clips = np.concatenate([self._draw(random), self._draw_replayed(random)])
        factors = 1.0 + self._jitter * random.uniform(-1.0, 1.0, size=len(clips))
        ordered = clips[np.argsort(self._lengths[clips] * factors, kind="stable")]
        batches = np.array_split(ordered, self._steps * self._shard.world_size)
        order = random.permutation(self._steps)
        return [batches[step * self._shard.world_size + self._shard.rank].tolist() for step in order]

    def batches(self, first_step: int = 0) -> Iterator[list[int]]:
        """Yield the batches from a training step on, epoch after epoch, without end."""
        epoch, skip = self.position(first_step)
        while True:
            yield from self.epoch(epoch)[skip:]
            epoch, skip = epoch + 1, 0

    def _epoch_size(self) -> int:
        if self._kind == "natural":
            return len(self._groups)
        _, counts = np.unique(self._groups, return_counts=True)
        return int(len(counts) * counts.max())

    def _n_replayed(self) -> float:
        """Return how many clips of the other corpus an epoch gets on average."""
        return self._epoch_size() * self._replay_fraction / (1.0 - self._replay_fraction)

    def _draw_replayed(self, random: np.random.Generator) -> NDArray[np.int64]:
        wanted = self._n_replayed()
        if wanted == 0.0:
            return self._replayed[:0]  # no random number is drawn, so that nothing changes without replay
        count = math.floor(wanted)
        count += int(random.uniform() < wanted - count)
        return _repeat(self._replayed, count, random=random)

    def _draw(self, random: np.random.Generator) -> NDArray[np.int64]:
        everything = np.arange(len(self._groups))
        if self._kind == "natural":
            return random.permutation(everything)
        members = [everything[self._groups == group] for group in np.unique(self._groups)]
        most = max(len(clips) for clips in members)
        return np.concatenate([_repeat(clips, most, random=random) for clips in members])


def _repeat(clips: NDArray[np.int64], count: int, *, random: np.random.Generator) -> NDArray[np.int64]:
    """Return ``count`` clips: whole permutations of ``clips`` one after the other, the last one cut."""
    rounds = math.ceil(count / len(clips))
    return np.concatenate([clips[:0], *(random.permutation(clips) for _ in range(rounds))])[:count]


def _count_steps(clips: int, *, batch_size: int, world_size: int) -> int:
    # with batches of 1, the last step may lack clips for some of the processes
    return min(math.ceil(clips / (batch_size * world_size)), clips // world_size)
