"""Repeated stratified cross-validation of an emotion classifier, with intervals."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student_t
from sklearn.model_selection import StratifiedKFold

from emotts.errors import ConfigError
from emotts.progress import Progress
from emotts.recognition.emotion_classifier import EmotionClassifier, ordered_emotions, require_samples
from emotts.recognition.scores import Recall, balanced_accuracy, confusion, recalls

__all__ = ["INTERVAL_METHOD", "CrossValidation", "Fit", "cross_validate"]

INTERVAL_METHOD = "corrected resampled t (Nadeau and Bengio 2003) over all folds of all repeats, 95 %"
SHUFFLES = 20

_logger = logging.getLogger(__name__)
Array = npt.NDArray[np.float64]
Fit = Callable[[Array, Sequence[str], Sequence[str]], EmotionClassifier]
"""Fits a classifier on features (clip, feature) with one emotion and one speaker a clip."""


@dataclass(frozen=True)
class CrossValidation:
    """Scores over all repeats.

    Attributes:
        emotions: names, in the order of the matrix.
        counts: clips per emotion.
        folds: folds used, at most the clips of the scarcest emotion.
        repeats: how many times the clips were shuffled into folds.
        balanced_accuracy: mean over folds of the mean recall.
        low: lower end of the 95 % interval (see :data:`INTERVAL_METHOD`), not under 0.
        high: upper end, not over 1.
        recalls: per emotion, with Wilson intervals for the number of clips; values and ends averaged over repeats.
        confusion: (true, predicted) clips, averaged over repeats; each row adds up to the clips of its emotion.
        majority: balanced accuracy of always saying the most frequent emotion.
        shuffled: balanced accuracy of the same procedure on shuffled labels.
    """

    emotions: tuple[str, ...]
    counts: dict[str, int]
    folds: int
    repeats: int
    balanced_accuracy: float
    low: float
    high: float
    recalls: dict[str, Recall]
    majority: float
    shuffled: float
    confusion: Array = field(repr=False)

    def metrics(self) -> dict[str, float]:
        """Return the scores under flat names."""
        flat = {
            "balanced_accuracy": self.balanced_accuracy,
            "balanced_accuracy.low": self.low,
            "balanced_accuracy.high": self.high,
            "majority_baseline": self.majority,
            "shuffled_baseline": self.shuffled,
            "folds": float(self.folds),
            "repeats": float(self.repeats),
        }
        for name, recall in self.recalls.items():
            flat |= {
                f"recall.{name}": recall.value,
                f"recall.{name}.low": recall.low,
                f"recall.{name}.high": recall.high,
            }
            flat[f"count.{name}"] = float(self.counts[name])
        return flat


def cross_validate(
    features: npt.ArrayLike,
    emotions: Sequence[str],
    speakers: Sequence[str],
    *,
    fit: Fit,
    folds: int = 5,
    repeats: int = 10,
    seed: int = 0,
    progress: Progress | None = None,
) -> CrossValidation:
    """Fit (``fit``) and score on features (clip, feature), all of it (z-scores too) inside each fold.

    Raises:
        CorpusError: if there are fewer than two emotions, or fewer than 2 clips of one.
        ConfigError: if ``folds`` is under 2 or ``repeats`` under 1.
    """
    _check(folds, repeats)
    require_samples(emotions)
    counts = Counter(emotions)
    used = _usable_folds(folds, counts)
    data = _Data(np.asarray(features, dtype=np.float64), np.asarray(emotions), np.asarray(speakers), fit)
    matrices = _all_repeats(data, used, repeats=repeats, seed=seed, progress=progress)
    scores = np.asarray([balanced_accuracy(matrix) for matrix in matrices])
    low, high = _interval(scores, folds=used)
    by_repeat = np.sum(np.split(np.asarray(matrices), repeats), axis=1)
    order = ordered_emotions(emotions)
    return CrossValidation(
        emotions=order,
        counts={name: counts[name] for name in order},
        folds=used,
        repeats=repeats,
        balanced_accuracy=float(scores.mean()),
        low=low,
        high=high,
        recalls=_mean_recalls([recalls(matrix, order) for matrix in by_repeat]),
        majority=1 / len(order),
        shuffled=_shuffled(data, used, seed),
        confusion=by_repeat.mean(axis=0),
    )


def _check(folds: int, repeats: int) -> None:
    if folds < 2 or repeats < 1:
        raise ConfigError(
            "cross-validation cannot be done", found=f"{folds} folds, {repeats} repeats", wanted="2 folds, 1 repeat"
        )


def _mean_recalls(repeats: Sequence[dict[str, Recall]]) -> dict[str, Recall]:
    tables = {name: np.asarray([astuple(found[name]) for found in repeats]) for name in repeats[0]}
    return {name: Recall(*table.mean(axis=0).tolist()) for name, table in tables.items()}


@dataclass(frozen=True)
class _Data:
    features: Array
    emotions: npt.NDArray[np.str_]
    speakers: npt.NDArray[np.str_]
    fit: Fit


def _usable_folds(folds: int, counts: Counter[str]) -> int:
    scarcest = min(counts, key=lambda name: counts[name])
    used = min(folds, counts[scarcest])
    if used < folds:
        _logger.warning("only %d folds instead of %d: %s has %d clips", used, folds, scarcest, counts[scarcest])
    return used


def _all_repeats(data: _Data, folds: int, *, repeats: int, seed: int, progress: Progress | None) -> list[Array]:
    """Return one confusion matrix (true, predicted) a fold, those of the first repeat first."""
    matrices = []
    for repeat in range(repeats):
        matrices.extend(_one_repeat(data, folds, seed + repeat))
        if progress is not None:
            progress(repeat + 1, repeats, "cross-validating the emotion classifier")
    return matrices


def _one_repeat(data: _Data, folds: int, seed: int) -> list[Array]:
    """Return one confusion matrix (true, predicted) a fold."""
    order = ordered_emotions(data.emotions.tolist())
    matrices = []
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=seed).split(data.features, data.emotions):
        if min(Counter(data.emotions[train].tolist()).values()) < 2:
            # the half of a pair stands twice, so that a class of two clips can be scored at all
            train = np.concatenate([train, train[np.isin(data.emotions[train], _singles(data.emotions[train]))]])
        model = data.fit(data.features[train], data.emotions[train].tolist(), data.speakers[train].tolist())
        said = []
        for row in test:
            speaker = str(data.speakers[row])
            known = speaker if speaker in model.speakers else None
            said.extend(model.predict(data.features[row : row + 1], speaker=known))
        matrices.append(confusion(data.emotions[test].tolist(), said, emotions=order))
    return matrices


def _singles(emotions: npt.NDArray[np.str_]) -> list[str]:
    return [name for name, count in Counter(emotions.tolist()).items() if count < 2]


def _interval(scores: Array, *, folds: int) -> tuple[float, float]:
    """Return the corrected resampled t interval: the folds share clips, so their plain variance is too small."""
    if scores.size < 2:
        return 0.0, 1.0
    spread = scores.std(ddof=1) * np.sqrt(1 / scores.size + 1 / (folds - 1))
    reach = float(student_t.ppf(0.975, scores.size - 1) * spread)
    return max(0.0, float(scores.mean()) - reach), min(1.0, float(scores.mean()) + reach)


def _shuffled(data: _Data, folds: int, seed: int) -> float:
    scores: list[float] = []
    for shuffle in range(SHUFFLES):
        mixed = np.random.default_rng([seed, shuffle]).permutation(data.emotions)
        wrong = _Data(data.features, mixed, data.speakers, data.fit)
        scores.extend(balanced_accuracy(matrix) for matrix in _one_repeat(wrong, folds, seed + shuffle))
    return float(np.mean(scores))
