"""A classifier of emotions: z-scores per speaker, then linear discriminants."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from emotts.emotions.emotion_set import BASE_EMOTIONS
from emotts.errors import CorpusError
from emotts.recognition import classifier_store
from emotts.recognition.discriminants import Discriminants, shrunken_discriminants
from emotts.recognition.emotion_features import FEATURE_NAMES, emotion_features

__all__ = ["EmotionClassifier", "SpeakerStatistics", "ordered_emotions", "require_samples"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SpeakerStatistics:
    """Mean and spread (feature,) of one speaker's own clips; a feature that never varies has spread 1."""

    mean: Array
    scale: Array

    @classmethod
    def of(cls, features: Array) -> SpeakerStatistics:
        """Measure the rows (clip, feature) of one speaker."""
        scale = features.std(axis=0)
        return cls(features.mean(axis=0), np.where(scale > 1e-9, scale, 1.0))

    def apply(self, features: Array) -> Array:
        """Return the z-scores of features (..., feature)."""
        return np.asarray((features - self.mean) / self.scale)


@dataclass(frozen=True)
class EmotionClassifier:
    """Linear discriminants over the features of a clip, z-scored by the statistics of its speaker.

    Balanced: every emotion has the same prior, whatever the counts it was fitted on. Across speakers a raw
    classifier is useless, so the statistics of the speaker matter: those of a known one by name, or the pooled
    ones (all speakers' clips together) where no speaker is named; :meth:`with_speaker` adds one.

    Attributes:
        emotions: the classes, in the order of the rows of ``coefficients``.
        feature_names: the features used, in order; the classifier may use a part of :data:`FEATURE_NAMES`.
        coefficients: (emotion, feature).
        intercepts: (emotion,).
        speakers: statistics by name of speaker.
        pooled: statistics of all clips, for an unnamed speaker.
    """

    emotions: tuple[str, ...]
    feature_names: tuple[str, ...]
    coefficients: Array
    intercepts: Array
    speakers: Mapping[str, SpeakerStatistics]
    pooled: SpeakerStatistics

    @classmethod
    def fit(
        cls,
        features: npt.ArrayLike,
        emotions: Sequence[str],
        speakers: Sequence[str],
        feature_names: Sequence[str],
        *,
        discriminants: Discriminants = shrunken_discriminants,
    ) -> EmotionClassifier:
        """Fit on features (clip, feature) with one emotion and one speaker a clip.

        ``discriminants`` fits the linear model on the z-scores.

        Raises:
            CorpusError: if the numbers of rows differ, a value is not finite, there is one emotion alone, or an
                emotion has fewer than 2 clips.
        """
        table = _table(features, emotions, speakers, feature_names)
        require_samples(emotions)
        names = np.asarray(speakers)
        statistics = {name: SpeakerStatistics.of(table[names == name]) for name in sorted(set(speakers))}
        scored = np.stack([statistics[name].apply(row) for row, name in zip(table, speakers, strict=True)])
        order = ordered_emotions(emotions)
        targets = np.asarray([order.index(emotion) for emotion in emotions])
        coefficients, intercepts = discriminants(scored, targets)
        pooled = SpeakerStatistics.of(table)
        return cls(order, tuple(feature_names), coefficients, intercepts, statistics, pooled)

    def with_speaker(self, name: str, features: npt.ArrayLike) -> EmotionClassifier:
        """Return this classifier with the statistics of one more speaker's clips (clip, feature).

        The clips should hold that speaker's emotions in about equal parts.
        """
        added = SpeakerStatistics.of(np.asarray(features, dtype=np.float64))
        return EmotionClassifier(
            self.emotions,
            self.feature_names,
            self.coefficients,
            self.intercepts,
            {**self.speakers, name: added},
            self.pooled,
        )

    def probabilities(self, samples: npt.ArrayLike, sample_rate_hz: int, *, speaker: str | None = None) -> Array:
        """Return the probability of each emotion (emotion,) for one clip (sample,).

        Raises:
            AudioError: if the clip is empty or not finite.
            CorpusError: if the speaker is named but unknown.
        """
        return self.opinion(emotion_features(samples, sample_rate_hz=sample_rate_hz), speaker=speaker)

    def opinion(self, features: Array, *, speaker: str | None = None) -> Array:
        """Return the probabilities (..., emotion) for all features (..., feature), of which it takes its own.

        Raises:
            CorpusError: if the speaker is named but unknown.
        """
        columns = [FEATURE_NAMES.index(name) for name in self.feature_names]
        return self.probabilities_of(features[..., columns], speaker=speaker)

    def probabilities_of(self, features: npt.ArrayLike, *, speaker: str | None = None) -> Array:
        """Return the probabilities (..., emotion) for features (..., feature) of one speaker.

        ``speaker=None`` takes the pooled statistics.

        Raises:
            CorpusError: if the speaker is named but unknown.
        """
        values = np.asarray(features, dtype=np.float64)
        scored = self._statistics(speaker).apply(values)
        return np.asarray(softmax(scored @ self.coefficients.T + self.intercepts, axis=-1))

    def predict(self, features: npt.ArrayLike, *, speaker: str | None = None) -> list[str]:
        """Return the most likely emotion of each row of features (clip, feature) of one speaker."""
        best = self.probabilities_of(features, speaker=speaker).argmax(axis=-1)
        return [self.emotions[place] for place in np.atleast_1d(best)]

    def _statistics(self, speaker: str | None) -> SpeakerStatistics:
        if speaker is None:
            return self.pooled
        if speaker not in self.speakers:
            near = difflib.get_close_matches(speaker, list(self.speakers), n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise CorpusError(
                f"the emotion classifier does not know speaker {speaker!r}",
                wanted=f"one of {', '.join(sorted(self.speakers))}, or none for the statistics of all clips",
                remedy=f"{hint}Fit the classifier on clips of this speaker, or name no speaker",
            )
        return self.speakers[speaker]

    def save(self, folder: Path) -> None:
        """Write ``classifier.safetensors`` and ``classifier.json`` into ``folder``, each whole or not at all."""
        names = sorted(self.speakers)
        tensors = {
            "coefficients": self.coefficients,
            "intercepts": self.intercepts,
            "pooled_mean": self.pooled.mean,
            "pooled_scale": self.pooled.scale,
            "speaker_means": np.stack([self.speakers[name].mean for name in names]),
            "speaker_scales": np.stack([self.speakers[name].scale for name in names]),
        }
        texts = {"emotions": self.emotions, "feature_names": self.feature_names, "speakers": names}
        classifier_store.save(folder, tensors, texts)

    @classmethod
    def load(cls, folder: Path, *, known_features: Sequence[str] = FEATURE_NAMES) -> EmotionClassifier:
        """Read what :meth:`save` wrote; ``known_features`` are all that it may have been fitted on.

        Raises:
            CheckpointError: if a file is missing, damaged, of another format, or does not fit the other.
        """
        tensors, texts = classifier_store.load(folder, known_features=known_features)
        means, scales = tensors["speaker_means"], tensors["speaker_scales"]
        return cls(
            texts["emotions"],
            texts["feature_names"],
            tensors["coefficients"],
            tensors["intercepts"],
            {name: SpeakerStatistics(means[row], scales[row]) for row, name in enumerate(texts["speakers"])},
            SpeakerStatistics(tensors["pooled_mean"], tensors["pooled_scale"]),
        )


def ordered_emotions(emotions: Sequence[str]) -> tuple[str, ...]:
    """Return the names that occur, those of the base set first and by id, others by alphabet."""
    present = set(emotions)
    return (*(name for name in BASE_EMOTIONS if name in present), *sorted(present - set(BASE_EMOTIONS)))


def require_samples(emotions: Sequence[str], *, least: int = 2) -> None:
    """Check that there are two emotions at least, each with ``least`` clips.

    Raises:
        CorpusError: naming the counts and what to do.
    """
    counts = Counter(emotions)
    listed = ", ".join(f"{name} {counts[name]}" for name in ordered_emotions(emotions)) or "no clips at all"
    if len(counts) < 2:
        raise CorpusError(
            "emotions cannot be told apart with fewer than two of them",
            found=listed,
            wanted="clips of two emotions or more",
            remedy="record another emotion, or check the emotion folders and labels",
        )
    scarce = [name for name in ordered_emotions(emotions) if counts[name] < least]
    if scarce:
        raise CorpusError(
            f"too few clips of {', '.join(scarce)} for the emotion classifier",
            found=listed,
            wanted=f"{least} clips or more of every emotion",
            remedy="record more of it, or leave the emotion out",
        )


def _table(
    features: npt.ArrayLike, emotions: Sequence[str], speakers: Sequence[str], feature_names: Sequence[str]
) -> Array:
    table = np.asarray(features, dtype=np.float64)
    if table.ndim != 2 or table.shape != (len(emotions), len(feature_names)) or len(speakers) != len(emotions):
        raise CorpusError(
            "features, emotions and speakers do not fit together",
            found=f"features {table.shape}, {len(emotions)} emotions, {len(speakers)} speakers",
            wanted=f"features (clip, {len(feature_names)}) and one emotion and one speaker a clip",
        )
    if not np.isfinite(table).all():
        finite: list[bool] = np.all(np.isfinite(table), axis=0).tolist()
        columns = [name for name, good in zip(feature_names, finite, strict=True) if not good]
        raise CorpusError("features hold values that are not finite", found=", ".join(columns), wanted="finite values")
    return table
