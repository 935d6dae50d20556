"""How a figure of two runs differs, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from emotts.comparison.clips import ClipKey, SpokenClip
from emotts.comparison.figures import direction
from emotts.comparison.intervals import Interval, mean_of, paired_difference, unpaired_difference
from emotts.evaluation.metrics import mean_interval
from emotts.tracking.runs import Run

__all__ = ["Difference", "RunResults", "difference", "same_clips"]

_GROUP = r"(?P<group>|shared_text\.|own_text\.)"
_ACCURACY = re.compile(rf"{_GROUP}(?:judge\.(?P<judge>.+)\.)?emotion_accuracy\.(?P<what>[^.]+)")
_PROBABILITY = re.compile(rf"{_GROUP}emotion_probability")
_CER = re.compile(r"cer(?:\.(?P<emotion>[^.]+))?")
_MCD = re.compile(r"mcd_db(?:\.(?P<emotion>[^.]+))?")
_ROUNDING = 1e-4
"""How far a figure may lie from what the clips give: their values are rounded."""
_DRAWS, _SEED = 4000, 0
Clips = Mapping[ClipKey, SpokenClip]
Weighted = Mapping[ClipKey, tuple[float, float]]
"""A value and its weight for every clip."""


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
    clips = first.clips, second.clips
    if found := _ACCURACY.fullmatch(name):
        one, other = (_group(each, found["group"]) for each in clips)
        return _accuracy_difference(one, other, judge=found["judge"], what=found["what"])
    if found := _PROBABILITY.fullmatch(name):
        groups = (_group(each, found["group"]).values() for each in clips)
        return _mean_difference(*({c.key: (c.probability, 1.0) for c in group} for group in groups))
    if found := _CER.fullmatch(name):
        emotion = found["emotion"]
        heard = ([c for c in each if c.length and emotion in (None, c.emotion)] for each in clips)
        return _mean_difference(*({c.key: (c.edits / c.length, float(c.length)) for c in group} for group in heard))
    if found := _MCD.fullmatch(name):
        emotion = found["emotion"]
        measured = ([(c.key, c.mcd_db) for c in each if emotion in (None, c.emotion)] for each in clips)
        return _mean_difference(*({key: (far, 1.0) for key, far in group if far is not None} for group in measured))
    return None


def _group(clips: Sequence[SpokenClip], group: str) -> Clips:
    """Return the judged clips of a group of sentences."""
    wanted = {"": clips, "shared_text.": [c for c in clips if c.shared], "own_text.": [c for c in clips if c.own]}
    return {clip.key: clip for clip in wanted[group] if clip.judged}


def _accuracy_difference(first: Clips, second: Clips, *, judge: str | None, what: str) -> Interval | None:
    """Return the difference between recalls of one emotion, or (``balanced``) between their means over all."""
    emotions = sorted({clip.emotion for clip in (*first.values(), *second.values())})
    recalls = []
    for emotion in emotions if what == "balanced" else [what]:
        one, other = ({key: clip for key, clip in side.items() if key[1] == emotion} for side in (first, second))
        if not one or not other:
            return None
        recalls.append(_recall_difference(one, other, right=_right(judge)))
    return mean_of(recalls) if recalls else None


def _right(judge: str | None) -> Callable[[SpokenClip], bool]:
    return lambda clip: (clip.heard if judge is None else clip.heard_by.get(judge)) == clip.emotion


def _recall_difference(first: Clips, second: Clips, *, right: Callable[[SpokenClip], bool]) -> Interval:
    if first.keys() == second.keys():
        keys = list(first)
        return paired_difference([right(first[key]) for key in keys], [right(second[key]) for key in keys])
    return unpaired_difference([right(clip) for clip in first.values()], [right(clip) for clip in second.values()])


def _mean_difference(first: Weighted, second: Weighted) -> Interval | None:
    """Return the difference between weighted means with its percentile bootstrap interval; None without a clip."""
    if not first or not second:
        return None
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
