"""The emotion classifier, and auxiliary classifiers that use one group of its features each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from emotts.recognition.emotion_classifier import EmotionClassifier
from emotts.recognition.emotion_features import FEATURE_NAMES, PROSODIC_NAMES, SPECTRAL_NAMES, emotion_features

__all__ = ["FEATURE_GROUPS", "EmotionEnsemble", "group_columns"]

FEATURE_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"prosody": PROSODIC_NAMES, "spectrum": SPECTRAL_NAMES}
)
"""The auxiliary classifiers and the features that each of them uses."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class EmotionEnsemble:
    """A classifier on all features, and the auxiliary ones by name; all know the same emotions.

    Attributes:
        main: the classifier whose word counts.
        auxiliaries: the others, each fitted on the same clips by features of its own.
    """

    main: EmotionClassifier
    auxiliaries: Mapping[str, EmotionClassifier]

    @classmethod
    def fit(cls, features: Array, emotions: Sequence[str], speakers: Sequence[str]) -> EmotionEnsemble:
        """Fit all classifiers on features (clip, feature) in the order of ``FEATURE_NAMES``.

        Raises:
            CorpusError: as :meth:`EmotionClassifier.fit`.
        """
        main = EmotionClassifier.fit(features, emotions, speakers, FEATURE_NAMES)
        return cls(
            main,
            {
                name: EmotionClassifier.fit(features[:, group_columns(name)], emotions, speakers, part)
                for name, part in FEATURE_GROUPS.items()
            },
        )

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions that the classifiers tell apart, in the order of their probabilities."""
        return self.main.emotions

    @property
    def auxiliary_names(self) -> tuple[str, ...]:
        """The names of the auxiliary classifiers."""
        return tuple(self.auxiliaries)

    def hear(
        self, samples: npt.ArrayLike, sample_rate_hz: int, *, speaker: str | None = None
    ) -> tuple[Array, dict[str, Array]]:
        """Measure a clip (sample,) once; return the probabilities (emotion,), and those of the auxiliaries by name.

        Raises:
            AudioError: if the clip is empty or not finite.
            CorpusError: if the speaker is named but unknown.
        """
        row = emotion_features(samples, sample_rate_hz=sample_rate_hz)
        auxiliaries = {name: classifier.opinion(row, speaker=speaker) for name, classifier in self.auxiliaries.items()}
        return self.main.opinion(row, speaker=speaker), auxiliaries

    def save(self, folder: Path) -> None:
        """Write the main classifier into ``folder``, the auxiliary ones into folders of their names below it."""
        self.main.save(folder)
        for name, classifier in self.auxiliaries.items():
            classifier.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> EmotionEnsemble:
        """Read what :meth:`save` wrote.

        Raises:
            CheckpointError: if a file is missing, damaged, of another format, or does not fit the other.
        """
        main = EmotionClassifier.load(folder)
        return cls(main, {name: EmotionClassifier.load(folder / name) for name in FEATURE_GROUPS})


def group_columns(name: str) -> list[int]:
    """Return the places of an auxiliary classifier's features among all features."""
    return [FEATURE_NAMES.index(feature) for feature in FEATURE_GROUPS[name]]
