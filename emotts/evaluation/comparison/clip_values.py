"""What every spoken clip contributes to a metric."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from emotts.evaluation.comparison.clips import ClipKey, SpokenClip

__all__ = ["ClipValues", "Weighted", "clip_values", "mean_clip_values"]

_GROUP = r"(?P<group>|shared_text\.|own_text\.)"
_ACCURACY = re.compile(rf"{_GROUP}(?:auxiliary\.(?P<classifier>.+)\.)?emotion_accuracy\.(?P<what>[^.]+)")
_PROBABILITY = re.compile(rf"{_GROUP}emotion_probability")
_CER = re.compile(r"cer(?:\.(?P<emotion>[^.]+))?")
_MEAN = re.compile(r"(?P<measure>mcd_db|quality)(?:\.(?P<emotion>[^.]+))?")
Weighted = Mapping[ClipKey, tuple[float, float]]
"""A value and its weight for every clip."""


@dataclass(frozen=True)
class ClipValues:
    """The clips that a metric is made of.

    Attributes:
        parts: values by part; the metric is the mean over the parts of their weighted means. An accuracy has a part for
            each emotion, everything else has one.
        fractions: whether the values count what is right: 1 or 0 for a clip, in between for a mean over several runs.
    """

    parts: Mapping[str, Weighted]
    fractions: bool


def clip_values(name: str, clips: Sequence[SpokenClip]) -> ClipValues | None:
    """Return what a run's clips contribute to a metric; None for a metric that is not theirs."""
    if found := _ACCURACY.fullmatch(name):
        return _accuracy(_group(clips, found["group"]), classifier=found["classifier"], what=found["what"])
    if found := _PROBABILITY.fullmatch(name):
        return _mean({clip.key: (clip.probability, 1.0) for clip in _group(clips, found["group"])})
    if found := _CER.fullmatch(name):
        heard = [clip for clip in clips if clip.length and found["emotion"] in (None, clip.emotion)]
        return _mean({clip.key: (clip.errors / clip.length, float(clip.length)) for clip in heard})
    if found := _MEAN.fullmatch(name):
        own = [clip for clip in clips if found["emotion"] in (None, clip.emotion)]
        measured = [(clip.key, getattr(clip, found["measure"])) for clip in own]
        return _mean({key: (value, 1.0) for key, value in measured if value is not None})
    return None


def _group(clips: Sequence[SpokenClip], group: str) -> list[SpokenClip]:
    """Return the classified clips of a group of sentences."""
    wanted = {"": True, "shared_text.": "shared", "own_text.": "own"}[group]
    chosen = clips if wanted is True else [clip for clip in clips if getattr(clip, str(wanted))]
    return [clip for clip in chosen if clip.classified]


def _accuracy(clips: Sequence[SpokenClip], *, classifier: str | None, what: str) -> ClipValues | None:
    """Return what is right of one emotion, or (``balanced``) of each; None without a clip."""
    right = _right(classifier)
    parts: dict[str, dict[ClipKey, tuple[float, float]]] = {}
    for clip in clips:
        if what in ("balanced", clip.emotion):
            parts.setdefault(clip.emotion, {})[clip.key] = (float(right(clip)), 1.0)
    return ClipValues(dict(sorted(parts.items())), fractions=True) if parts else None


def _right(classifier: str | None) -> Callable[[SpokenClip], bool]:
    return lambda clip: (clip.heard if classifier is None else clip.heard_by.get(classifier)) == clip.emotion


def _mean(values: Weighted) -> ClipValues | None:
    return ClipValues({"": values}, fractions=False) if values else None


def mean_clip_values(runs: Sequence[ClipValues]) -> ClipValues:
    """Return the mean over runs of what every clip contributes; of a clip that some lack, over those that have it."""
    names = dict.fromkeys(name for run in runs for name in run.parts)
    parts = {name: _mean_part([run.parts[name] for run in runs if name in run.parts]) for name in names}
    return ClipValues(parts, fractions=runs[0].fractions)


def _mean_part(parts: Sequence[Weighted]) -> Weighted:
    found: dict[ClipKey, list[tuple[float, float]]] = {}
    for part in parts:
        for key, pair in part.items():
            found.setdefault(key, []).append(pair)
    return {
        key: (sum(value for value, _ in pairs) / len(pairs), sum(weight for _, weight in pairs) / len(pairs))
        for key, pairs in found.items()
    }
