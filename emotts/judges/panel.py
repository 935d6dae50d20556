"""A judge of emotions and second ones that hear a part of the features each, so that no single taste decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from emotts.judges.emotion import EmotionClassifier
from emotts.judges.emotion_features import FEATURE_NAMES, PROSODIC_NAMES, SPECTRAL_NAMES, emotion_features

__all__ = ["PARTS", "EmotionPanel", "part_columns"]

PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType({"prosody": PROSODIC_NAMES, "spectrum": SPECTRAL_NAMES})
"""The second judges and the features that each of them hears."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class EmotionPanel:
    """A classifier on all features, and the second ones by name; all know the same emotions.

    Attributes:
        main: the judge whose word counts.
        seconds: the others, each fitted on the same clips by features of its own.
    """

    main: EmotionClassifier
    seconds: Mapping[str, EmotionClassifier]

    @classmethod
    def fit(cls, features: Array, emotions: Sequence[str], speakers: Sequence[str]) -> EmotionPanel:
        """Fit all judges on features (clip, feature) in the order of ``FEATURE_NAMES``.

        Raises:
            CorpusError: as :meth:`EmotionClassifier.fit`.
        """
        main = EmotionClassifier.fit(features, emotions, speakers, FEATURE_NAMES)
        return cls(
            main,
            {
                name: EmotionClassifier.fit(features[:, part_columns(name)], emotions, speakers, part)
                for name, part in PARTS.items()
            },
        )

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions that the judges tell apart, in the order of their probabilities."""
        return self.main.emotions

    @property
    def second_names(self) -> tuple[str, ...]:
        """The names of the second judges."""
        return tuple(self.seconds)

    def hear(
        self, samples: npt.ArrayLike, sample_rate_hz: int, *, speaker: str | None = None
    ) -> tuple[Array, dict[str, Array]]:
        """Measure a clip (sample,) once; return the main judge's probabilities (emotion,) and the second ones' by name.

        Raises:
            AudioError: if the clip is empty or not finite.
            CorpusError: if the speaker is named but unknown.
        """
        row = emotion_features(samples, sample_rate_hz=sample_rate_hz)
        seconds = {name: judge.opinion(row, speaker=speaker) for name, judge in self.seconds.items()}
        return self.main.opinion(row, speaker=speaker), seconds

    def save(self, folder: Path) -> None:
        """Write the main judge into ``folder``, the second ones into folders of their names below it."""
        self.main.save(folder)
        for name, judge in self.seconds.items():
            judge.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> EmotionPanel:
        """Read what :meth:`save` wrote.

        Raises:
            CheckpointError: if a file is missing, damaged, of another format, or does not fit the other.
        """
        main = EmotionClassifier.load(folder)
        return cls(main, {name: EmotionClassifier.load(folder / name) for name in PARTS})


def part_columns(name: str) -> list[int]:
    """Return the places of a second judge's features among all features."""
    return [FEATURE_NAMES.index(feature) for feature in PARTS[name]]
