"""The difference of a metric between two runs, or two groups of runs, with its confidence intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotts.evaluation.comparison.clip_values import Weighted, clip_values, mean_clip_values
from emotts.evaluation.comparison.clips import SpokenClip
from emotts.evaluation.comparison.intervals import Interval, mean_of, paired_difference, unpaired_difference
from emotts.evaluation.comparison.metrics import direction
from emotts.evaluation.comparison.seeds import seed_difference, spread
from emotts.evaluation.measures import mean_interval
from emotts.tracking.runs import Run

__all__ = ["Difference", "RunGroup", "RunResults", "difference", "group_difference", "same_clips"]

_ROUNDING = 1e-4
"""How far a metric may lie from what the clips give: their values are rounded."""
_DRAWS, _SEED = 4000, 0


@dataclass(frozen=True)
class RunResults:
    """A run and the clips that its voice spoke; none where it holds no evaluation."""

    run: Run
    clips: tuple[SpokenClip, ...]


@dataclass(frozen=True)
class RunGroup:
    """Runs that differ in the seed alone, or a single run."""

    results: tuple[RunResults, ...]

    @property
    def title(self) -> str:
        """The first run's title, and how many more there are."""
        more = len(self.results) - 1
        return f"{self.results[0].run.title} and {more} more" if more else self.results[0].run.title

    def values(self, name: str) -> list[float]:
        """Return a metric of all runs; nothing where one of them lacks it."""
        found = [run.run.metrics[name] for run in self.results if name in run.run.metrics]
        return found if len(found) == len(self.results) else []


@dataclass(frozen=True)
class Difference:
    """The difference of a metric: second less first, of groups their means.

    Attributes:
        low, high: the 95 % interval over the clips; None where there are no clips to tell it from.
        outcome: ``better``, ``worse``, ``unsure`` (an interval holds 0), or nothing where none can be given.
        seeds_low, seeds_high: the 95 % interval over the seeds; None where a group has only one.
    """

    value: float
    low: float | None
    high: float | None
    outcome: str
    seeds_low: float | None = None
    seeds_high: float | None = None


def difference(name: str, first: RunResults, second: RunResults) -> Difference | None:
    """Return :func:`group_difference` of two runs."""
    return group_difference(name, RunGroup((first,)), RunGroup((second,)))


def group_difference(name: str, first: RunGroup, second: RunGroup) -> Difference | None:
    """Return how a metric of ``second`` differs from that of ``first``; None where one of them lacks it.

    ``better`` and ``worse`` are said where no interval holds 0: neither that over the clips nor that over the seeds.
    """
    groups = [first.values(name), second.values(name)]
    if not all(groups):
        return None
    value = spread(groups[1]).mean - spread(groups[0]).mean
    clips = _interval(name, first, second)
    if clips is not None and abs(clips.value - value) > _ROUNDING:
        clips = None
    seeds = seed_difference(*groups)
    return Difference(
        value,
        None if clips is None else clips.low,
        None if clips is None else clips.high,
        _outcome(value, direction(name), intervals=[each for each in (clips, seeds) if each is not None]),
        None if seeds is None else seeds.low,
        None if seeds is None else seeds.high,
    )


def _outcome(value: float, wanted: int, *, intervals: Sequence[Interval]) -> str:
    if not wanted or not intervals:
        return ""
    if any(each.low <= 0 <= each.high for each in intervals):
        return "unsure"
    return "better" if value * wanted > 0 else "worse"


def same_clips(first: RunResults, second: RunResults) -> bool:
    """Whether two runs spoke the same sentences in the same emotions."""
    return {clip.key for clip in first.clips} == {clip.key for clip in second.clips}


def _interval(name: str, first: RunGroup, second: RunGroup) -> Interval | None:
    """Return a difference with its interval over the clips of two groups; None for a metric that is not theirs."""
    found = [[clip_values(name, run.clips) for run in group.results] for group in (first, second)]
    runs = [[values for values in group if values is not None] for group in found]
    if [*map(len, runs)] != [len(first.results), len(second.results)]:
        return None
    one, other = (group[0] if len(group) == 1 else mean_clip_values(group) for group in runs)
    if one.parts.keys() != other.parts.keys():
        return None
    if not one.fractions:
        return _mean_difference(one.parts[""], other.parts[""])
    alone = len(runs[0]) == len(runs[1]) == 1
    return mean_of([_recall_difference(one.parts[key], other.parts[key], alone=alone) for key in one.parts])


def _recall_difference(first: Weighted, second: Weighted, *, alone: bool) -> Interval:
    """Return the difference of two recalls; clips of single runs are paired where they are the same."""
    one, other = ([value for value, _ in side.values()] for side in (first, second))
    if alone and first.keys() == second.keys():
        return paired_difference([bool(first[key][0]) for key in first], [bool(second[key][0]) for key in first])
    return unpaired_difference(one, other)


def _mean_difference(first: Weighted, second: Weighted) -> Interval:
    """Return the difference between weighted means with its percentile bootstrap interval."""
    tables = [np.array(list(side.values())) for side in (first, second)]
    means = [float(np.average(table[:, 0], weights=table[:, 1])) for table in tables]
    weights = [weight for _, weight in first.values()]
    if {key: weight for key, (_, weight) in first.items()} == {key: weight for key, (_, weight) in second.items()}:
        each = [second[key][0] - first[key][0] for key in first]
        return Interval(means[1] - means[0], *mean_interval(each, weights=weights, seed=_SEED, draws=_DRAWS))
    random = np.random.default_rng(_SEED)
    drawn = [table[random.integers(0, len(table), (_DRAWS, len(table)))] for table in tables]
    samples = [(draw[..., 0] * draw[..., 1]).sum(axis=1) / draw[..., 1].sum(axis=1) for draw in drawn]
    low, high = np.percentile(samples[1] - samples[0], [2.5, 97.5])
    return Interval(means[1] - means[0], float(low), float(high))
