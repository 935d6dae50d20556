"""An auxiliary emotion classifier of another kind: a linear probe on the encoder of a speech recogniser.

The other classifiers read measures of pitch, loudness, rhythm and timbre that were chosen by hand. What an encoder
learned from many speakers is not, so a voice that convinces both has not learned the measures alone. Probes: Alain and
Bengio 2017.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from emotts.recognition.discriminants import ridge_discriminants
from emotts.recognition.emotion_classifier import EmotionClassifier
from emotts.recognition.ensemble import FEATURE_GROUPS
from emotts.recognition.settings import ClassifierSettings, RecogniserSettings
from emotts.recognition.speech_encoder import ENCODING_NAMES, SpeechEncoder

__all__ = ["PROBE", "EncoderProbe", "auxiliary_classifiers", "remove_probe"]

PROBE = "whisper"
"""The name of the probe among the auxiliary classifiers, and of its folder."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class EncoderProbe:
    """The probe and the encoder that it reads.

    Attributes:
        classifier: of features of the encoder, z-scored by speaker like those of all classifiers.
        encoder: makes them.
    """

    classifier: EmotionClassifier
    encoder: SpeechEncoder

    @staticmethod
    def fit(features: npt.ArrayLike, emotions: Sequence[str], speakers: Sequence[str]) -> EmotionClassifier:
        """Fit a classifier on features (clip, feature) in the order of ``ENCODING_NAMES``.

        Raises:
            CorpusError: as :meth:`EmotionClassifier.fit`.
        """
        return EmotionClassifier.fit(features, emotions, speakers, ENCODING_NAMES, discriminants=ridge_discriminants)

    @classmethod
    def load(cls, folder: Path, settings: RecogniserSettings) -> EncoderProbe:
        """Read the probe from the folder of the emotion classifiers, and load its encoder.

        Raises:
            CheckpointError: if a file is missing or damaged.
            EmottsError: as :meth:`SpeechEncoder.load`.
        """
        classifier = EmotionClassifier.load(folder / PROBE, known_features=ENCODING_NAMES)
        return cls(classifier, SpeechEncoder.load(settings))

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions it tells apart, in the order of its probabilities."""
        return self.classifier.emotions

    def probabilities(self, samples: npt.ArrayLike, sample_rate_hz: int, *, speaker: str | None = None) -> Array:
        """Return the probability of each emotion (emotion,) for one clip (sample,).

        Raises:
            AudioError: if the clip is empty or not finite.
            CorpusError: if the speaker is named but unknown.
        """
        return self.classifier.probabilities_of(self.encoder.features(samples, sample_rate_hz), speaker=speaker)


def auxiliary_classifiers(settings: ClassifierSettings) -> tuple[str, ...]:
    """Return the names of all auxiliary classifiers that there are under some settings."""
    return (*FEATURE_GROUPS, *((PROBE,) if settings.encoder != "none" else ()))


def remove_probe(folder: Path) -> None:
    """Remove the probe that a former fit may have left in the folder of the emotion classifiers."""
    if (folder / PROBE).exists():
        shutil.rmtree(folder / PROBE)
