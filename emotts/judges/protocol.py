"""What the evaluation asks of a listener for emotions."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["EmotionJudge"]


class EmotionJudge(Protocol):
    """A listener that says how likely each emotion is."""

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions it tells apart, in the order of its probabilities."""
        ...

    def probabilities(
        self, samples: npt.ArrayLike, sample_rate_hz: int, *, speaker: str | None = None
    ) -> npt.NDArray[np.float64]:
        """Return the probability of each emotion (emotion,) for one clip (sample,)."""
        ...
