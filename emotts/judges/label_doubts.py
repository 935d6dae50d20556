"""Clips whose emotion label the other clips contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from emotts.judges.emotion import EmotionClassifier, ordered_emotions
from emotts.judges.scores import balanced_accuracy, confusion

__all__ = ["LabelDoubt", "LabelDoubts", "doubt_labels"]

MIN_CLIPS = 6
"""Clips that every emotion must have for a judgement."""
MIN_AGREEMENT = 0.8
"""Balanced accuracy from which on the classifier's word is worth something."""
_FOLDS = 5
_REPEATS = 3
_MAX_OWN = 0.05
_MIN_OTHER = 0.9


@dataclass(frozen=True)
class LabelDoubt:
    """A clip, by its place, that sounds like another emotion than its label says."""

    place: int
    label: str
    heard: str
    probability: float


@dataclass(frozen=True)
class LabelDoubts:
    """Clips in doubt, and the balanced accuracy of the classifier that doubts them."""

    agreement: float
    doubts: tuple[LabelDoubt, ...]


def doubt_labels(
    features: npt.NDArray[np.float64],
    emotions: Sequence[str],
    speakers: Sequence[str],
    feature_names: Sequence[str],
    *,
    seed: int,
) -> LabelDoubts | None:
    """Judge every clip by a classifier that was fitted on other clips, three times over with other folds.

    A label is in doubt where its own probability is at most 0.05 and another's at least 0.9, on average, and only
    where the classifier agrees with the labels in general (:data:`MIN_AGREEMENT`).

    Args:
        features: (clip, feature).
        emotions: label of each clip.
        speakers: speaker of each clip.
        feature_names: names of the features.
        seed: of the folds.

    Returns:
        None where there are fewer than two emotions, or an emotion has fewer than :data:`MIN_CLIPS` clips.
    """
    counts = Counter(emotions)
    if len(counts) < 2 or min(counts.values()) < MIN_CLIPS:
        return None
    order = ordered_emotions(emotions)
    table = np.zeros((len(emotions), len(order)))
    for repeat in range(_REPEATS):
        table += _unseen_probabilities(features, emotions, speakers, feature_names, seed=seed + repeat) / _REPEATS
    heard = [order[place] for place in table.argmax(axis=1)]
    agreement = balanced_accuracy(confusion(emotions, heard, emotions=order))
    if agreement < MIN_AGREEMENT:
        return LabelDoubts(agreement, ())
    doubts = [
        LabelDoubt(place, label, heard[place], float(row.max()))
        for place, (label, row) in enumerate(zip(emotions, table, strict=True))
        if row[order.index(label)] <= _MAX_OWN and row.max() >= _MIN_OTHER
    ]
    return LabelDoubts(agreement, tuple(doubts))


def _unseen_probabilities(
    features: npt.NDArray[np.float64],
    emotions: Sequence[str],
    speakers: Sequence[str],
    feature_names: Sequence[str],
    *,
    seed: int,
) -> npt.NDArray[np.float64]:
    """Return probabilities (clip, emotion), each clip's from a classifier that has not seen it."""
    labels, names = np.asarray(emotions), np.asarray(speakers)
    table = np.zeros((len(labels), len(set(emotions))))
    folds = StratifiedKFold(min(_FOLDS, min(Counter(emotions).values())), shuffle=True, random_state=seed)
    for known, unseen in folds.split(features, labels):
        model = EmotionClassifier.fit(features[known], labels[known].tolist(), names[known].tolist(), feature_names)
        for place in unseen:
            speaker = str(names[place]) if names[place] in model.speakers else None
            table[place] = model.probabilities_of(features[place], speaker=speaker)
    return table
