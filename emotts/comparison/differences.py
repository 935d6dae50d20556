"""How a figure of two runs differs, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from emotts.comparison.clips import ClipKey, SpokenClip
from emotts.comparison.figures import direction
from emotts.comparison.intervals import Interval, mean_of, paired_difference, unpaired_difference
from emotts.evaluation.metrics import mean_interval
from emotts.tracking.runs import Run

__all__ = ["Difference", "RunResults", "difference", "same_clips"]

_ACCURACY = re.compile(
    r"(?P<group>|shared_text\.|own_text\.)(?:judge\.(?P<judge>.+)\.)?emotion_accuracy\.(?P<what>\w+)"
)
_PROBABILITY = re.compile(r"(?P<group>|shared_text\.|own_text\.)emotion_probability")
_ROUNDING = 1e-4
"""How far a figure may lie from what the clips give: their values are rounded."""
_DRAWS, _SEED = 4000, 0
Clips = Mapping[ClipKey, SpokenClip]


@dataclass(frozen=True)
class RunResults:
    """A run and the clips that its voice spoke; none where it holds no evaluation."""

    run: Run
    clips: tuple[SpokenClip, ...]


@dataclass(frozen=True)
class Difference:
    """What a second run has more than a first one.

    Attributes:
        low, high: the 95 % interval; None where there are no clips to tell it from.
        verdict: ``better``, ``worse``, ``unsure`` (the interval holds 0), or nothing where none can be given.
    """

    value: float
    low: float | None
    high: float | None
    verdict: str


def difference(name: str, first: RunResults, second: RunResults) -> Difference | None:
    """Return how a figure of ``second`` differs from that of ``first``; None where one of them lacks it."""
    if name not in first.run.metrics or name not in second.run.metrics:
        return None
    value = second.run.metrics[name] - first.run.metrics[name]
    interval = _interval(name, first, second)
    if interval is None or abs(interval.value - value) > _ROUNDING:
        return Difference(value, None, None, "")
    certain = interval.low > 0 or interval.high < 0
    verdict = "" if not direction(name) else "unsure" if not certain else "worse"
    if certain and value * direction(name) > 0:
        verdict = "better"
    return Difference(value, interval.low, interval.high, verdict)


def same_clips(first: RunResults, second: RunResults) -> bool:
    """Whether two runs spoke the same sentences in the same emotions."""
    return {clip.key for clip in first.clips} == {clip.key for clip in second.clips}


def _interval(name: str, first: RunResults, second: RunResults) -> Interval | None:
    """Return a difference with its interval from the clips of two runs; None for a figure that is not theirs."""
    accuracy, probability = _ACCURACY.fullmatch(name), _PROBABILITY.fullmatch(name)
    found = accuracy or probability
    if found is None:
        return None
    samples = [
        {clip.key: clip for clip in results.clips if _within(clip, found["group"])} for results in (first, second)
    ]
    if not all(samples):
        return None
    if probability is not None:
        return _mean_difference(*samples)
    return _accuracy_difference(*samples, judge=found["judge"], what=found["what"])


def _within(clip: SpokenClip, group: str) -> bool:
    return clip.shared if group == "shared_text." else clip.own if group == "own_text." else True


def _accuracy_difference(first: Clips, second: Clips, *, judge: str | None, what: str) -> Interval | None:
    """Return the difference between recalls of one emotion, or (``balanced``) between their means over all."""
    emotions = sorted({clip.emotion for clip in (*first.values(), *second.values())})
    recalls = []
    for emotion in emotions if what == "balanced" else [what]:
        one, other = ({key: clip for key, clip in side.items() if key[1] == emotion} for side in (first, second))
        if not one or not other:
            return None
        recalls.append(_recall_difference(one, other, right=_right(judge)))
    return mean_of(recalls)


def _right(judge: str | None) -> Callable[[SpokenClip], bool]:
    return lambda clip: (clip.heard if judge is None else clip.heard_by.get(judge)) == clip.emotion


def _recall_difference(first: Clips, second: Clips, *, right: Callable[[SpokenClip], bool]) -> Interval:
    if first.keys() == second.keys():
        keys = list(first)
        return paired_difference([right(first[key]) for key in keys], [right(second[key]) for key in keys])
    return unpaired_difference([right(clip) for clip in first.values()], [right(clip) for clip in second.values()])


def _mean_difference(first: Clips, second: Clips) -> Interval:
    """Return the difference between mean probabilities with its percentile bootstrap interval."""
    values = [{key: clip.probability for key, clip in side.items()} for side in (first, second)]
    value = fmean(values[1].values()) - fmean(values[0].values())
    if first.keys() == second.keys():
        each = [values[1][key] - values[0][key] for key in first]
        return Interval(value, *mean_interval(each, seed=_SEED, draws=_DRAWS))
    random = np.random.default_rng(_SEED)
    means = []
    for side in values:
        table = np.array(list(side.values()))
        means.append(table[random.integers(0, table.size, (_DRAWS, table.size))].mean(axis=1))
    low, high = np.percentile(means[1] - means[0], [2.5, 97.5])
    return Interval(value, float(low), float(high))
