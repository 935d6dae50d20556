"""The interfaces of the models that listen: emotion classifier, recogniser, speaker encoder, quality predictor."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["EmotionModel", "EmotionProbe", "QualityModel", "Recogniser", "SpeakerModel"]

Array = npt.NDArray[np.float64]


class EmotionModel(Protocol):
    """An emotion classifier with auxiliary ones, each of which gives the probability of every emotion."""

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions it tells apart, in the order of its probabilities."""
        ...

    @property
    def auxiliary_names(self) -> tuple[str, ...]:
        """The names of the auxiliary classifiers, of which there may be none."""
        ...

    def hear(
        self, samples: npt.ArrayLike, sample_rate_hz: int, *, speaker: str | None = None
    ) -> tuple[Array, dict[str, Array]]:
        """Return the probability of each emotion (emotion,) for one clip (sample,), and the auxiliary ones' by name."""
        ...


class EmotionProbe(Protocol):
    """An auxiliary emotion classifier that listens by itself."""

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions it tells apart, in the order of its probabilities."""
        ...

    def probabilities(self, samples: npt.ArrayLike, sample_rate_hz: int, *, speaker: str | None = None) -> Array:
        """Return the probability of each emotion (emotion,) for one clip (sample,)."""
        ...


class Recogniser(Protocol):
    """A speech recogniser."""

    def transcribe(self, samples: npt.ArrayLike, sample_rate_hz: int) -> str:
        """Return what is said in a clip (sample,)."""
        ...


class QualityModel(Protocol):
    """A quality predictor."""

    def rate(self, samples: npt.ArrayLike, sample_rate_hz: int) -> float:
        """Return how natural a clip (sample,) sounds, from 1 to 5."""
        ...


class SpeakerModel(Protocol):
    """A speaker encoder."""

    def embed(self, samples: npt.ArrayLike, sample_rate_hz: int) -> Array:
        """Return a vector (channel,) of length 1 of whoever speaks in a clip (sample,)."""
        ...
