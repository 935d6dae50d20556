"""Probable label errors: clips that a classifier fitted on the other clips hears as another emotion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from emotts.recognition.emotion_classifier import EmotionClassifier, ordered_emotions
from emotts.recognition.scores import balanced_accuracy, confusion

__all__ = ["LabelError", "LabelErrors", "find_label_errors"]

MIN_CLIPS = 6
"""Clips that every emotion needs, or nothing is looked for."""
MIN_AGREEMENT = 0.8
"""Lowest balanced accuracy at which label errors are looked for."""
_FOLDS = 5
_REPEATS = 3
_MAX_OWN = 0.05
_MIN_OTHER = 0.9


@dataclass(frozen=True)
class LabelError:
    """A clip, by its place, that sounds like another emotion than its label says."""

    place: int
    label: str
    heard: str
    probability: float


@dataclass(frozen=True)
class LabelErrors:
    """Probable label errors, and the balanced accuracy of the classifiers that found them."""

    agreement: float
    errors: tuple[LabelError, ...]


def find_label_errors(
    features: npt.NDArray[np.float64],
    emotions: Sequence[str],
    speakers: Sequence[str],
    feature_names: Sequence[str],
    *,
    seed: int,
) -> LabelErrors | None:
    """Classify every clip by one that was fitted on other clips, three times over with other folds.

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
        return LabelErrors(agreement, ())
    errors = [
        LabelError(place, label, heard[place], float(row.max()))
        for place, (label, row) in enumerate(zip(emotions, table, strict=True))
        if row[order.index(label)] <= _MAX_OWN and row.max() >= _MIN_OTHER
    ]
    return LabelErrors(agreement, tuple(errors))


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
