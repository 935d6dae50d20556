"""How one call lets a voice speak; Python, the command line and batches hand over the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypedDict

from emotts.checkpoint.speaking_style import SpeakingStyle
from emotts.emotions.emotion_set import NEUTRAL
from emotts.errors import ConfigError
from emotts.ranges import CALL_RANGES, SEED_LIMIT

__all__ = ["OPTIONS", "Delivery", "DeliveryOptions", "option_value"]


class DeliveryOptions(TypedDict, total=False):
    """The fields of :class:`Delivery` as keyword arguments."""

    emotion: str
    intensity: float
    speed: float
    pitch_shift: float
    pitch_range: float
    pause_scale: float
    noise_scale: float | None
    speaker: str | None
    seed: int


_WORDS = ("emotion", "speaker")
OPTIONS = (*_WORDS, *(name for name in DeliveryOptions.__annotations__ if name not in _WORDS))
"""Their names; a table has columns of these names, each of words or of numbers."""


def option_value(name: str, written: object) -> float | str:
    """Return the value of an option as a table has it: text, or a number, also one that is written as text.

    Raises:
        ConfigError: if a number is wanted and it is none.
    """
    if name in _WORDS:
        return str(written)
    try:
        return _whole(written) if name == "seed" else float(str(written))
    except ValueError as error:
        wanted = "a whole number" if name == "seed" else "a number"
        raise ConfigError(f"{name} cannot be used", found=repr(written), wanted=wanted) from error


def _whole(written: object) -> int:
    """Read a whole number; in a column with gaps, tables have them as fractions."""
    if isinstance(written, float) and written.is_integer():
        return int(written)
    return int(str(written))


@dataclass(frozen=True)
class Delivery:
    """How a text is spoken; :data:`emotts.ranges.CALL_RANGES` has the ranges.

    Attributes:
        emotion: a name, an alias (``기쁨``), a style, or a mixture (``happy:0.7+surprised:0.3``).
        intensity: 0 is neutral, 1 as recorded, above 1 exaggerated.
        speed: 1 as recorded, 2 twice as fast.
        pitch_shift: semitones that the pitch is raised by; not 0 only for a voice with an istft decoder.
        pitch_range: factor on the pitch's distance from its mean, besides that of the voice; not 1 only with such one.
        pause_scale: factor on the pauses between sentences; the pauses of tags stay.
        noise_scale: standard deviation of the latents; None: that of the voice.
        speaker: name of the speaker; may be left out where the voice has only one.
        seed: the same seed gives the same samples.

    Raises:
        ConfigError: if a number is outside of its range.
    """

    emotion: str = NEUTRAL
    intensity: float = 1.0
    speed: float = 1.0
    pitch_shift: float = 0.0
    pitch_range: float = 1.0
    pause_scale: float = 1.0
    noise_scale: float | None = None
    speaker: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in CALL_RANGES.items():
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and low <= value <= high):
                raise ConfigError(
                    f"{name.replace('_', ' ')} {value} cannot be used", wanted=f"a number from {low:g} to {high:g}"
                )
        if not 0 <= self.seed < SEED_LIMIT:
            raise ConfigError(f"seed {self.seed} cannot be used", wanted="a whole number from 0 to 2**63 - 1")

    def style(self, own: SpeakingStyle, *, speed: float) -> SpeakingStyle:
        """Return the style of a voice as it is at a speed and with what this asks for."""
        asked = {
            "noise_scale": own.noise_scale if self.noise_scale is None else self.noise_scale,
            "length_scale": own.length_scale / speed,
            "pitch_range": own.pitch_range * self.pitch_range,
            "pause_s": own.pause_s * self.pause_scale / speed,
        }
        return own.model_copy(update=asked)
