"""What the label stage asks of a recogniser of speech."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy.typing as npt

__all__ = ["Heard", "Hearing", "Recogniser", "Score"]


@dataclass(frozen=True)
class Heard:
    """What is said in a clip, and the mean log probability of its tokens (0 is certain)."""

    text: str
    log_probability: float


@dataclass(frozen=True)
class Score:
    """How probable a given text is for a clip.

    Attributes:
        log_probability: sum over all tokens, in nats.
        word: mean over the tokens of the least probable word.
        times: every word with its start and end in s, in order; marks are words of their own. What is said in the
            clip and not in the text lies in one of the words, or behind the last one.
    """

    log_probability: float
    word: float
    times: tuple[tuple[str, float, float], ...] = ()


class Hearing(Protocol):
    """One clip that is listened to."""

    def heard(self) -> Heard:
        """Return what is said in it."""
        ...

    def score(self, text: str) -> Score:
        """Return how probable a text is."""
        ...


class Recogniser(Protocol):
    """A recogniser of one language that hears the same in the same clip every time."""

    @property
    def name(self) -> str:
        """Name of the model and its language; what was heard is kept under it."""
        ...

    def listen(self, samples: npt.ArrayLike, sample_rate_hz: int) -> Hearing:
        """Listen to a clip (sample,) of at most 30 s."""
        ...
