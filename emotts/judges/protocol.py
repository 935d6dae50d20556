"""What the evaluation asks of listeners: for emotions, for words, for who speaks."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["EmotionJudge", "Recogniser", "SpeakerJudge"]

Array = npt.NDArray[np.float64]


class EmotionJudge(Protocol):
    """A listener that says how likely each emotion is, and second ones that hear in other ways."""

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions it tells apart, in the order of its probabilities."""
        ...

    @property
    def second_names(self) -> tuple[str, ...]:
        """The names of the second listeners, of which there may be none."""
        ...

    def hear(
        self, samples: npt.ArrayLike, sample_rate_hz: int, *, speaker: str | None = None
    ) -> tuple[Array, dict[str, Array]]:
        """Return the probability of each emotion (emotion,) for one clip (sample,), and the second ones' by name."""
        ...


class Recogniser(Protocol):
    """A listener that writes down what is said."""

    def transcribe(self, samples: npt.ArrayLike, sample_rate_hz: int) -> str:
        """Return what is said in a clip (sample,)."""
        ...


class SpeakerJudge(Protocol):
    """A listener that tells voices apart."""

    def embed(self, samples: npt.ArrayLike, sample_rate_hz: int) -> Array:
        """Return a vector (channel,) of length 1 of whoever speaks in a clip (sample,)."""
        ...
