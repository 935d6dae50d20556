"""The sections ``segment``, ``label`` and ``corpus`` of the settings."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import pydantic
from pydantic import Field

from emotts.schema import Fraction, RuleError, Settings

Wording = Literal["strict", "lines"]
Retakes = Literal["last", "all"]

__all__ = ["CorpusSettings", "LabelSettings", "Retakes", "SegmentSettings", "Wording"]

_REJECTS = {"max_reject_share": "max_reject_fraction"}


def _known_threshold(value: float | str) -> float | str:
    """Return a level below full scale, or ``auto``."""
    if value == "auto" or (not isinstance(value, str) and -120.0 <= value < 0.0):
        return value
    raise ValueError("wanted a level in dBFS from -120 to below 0, or auto")


class SegmentSettings(Settings):
    """How recordings are cut at their silences."""

    renamed: ClassVar = _REJECTS
    method: Literal["threshold", "silero"]
    threshold_db: Annotated[float | str, pydantic.AfterValidator(_known_threshold)]
    min_silence_s: Annotated[float, Field(ge=0.01, le=60.0)]
    keep_silence_s: Annotated[float, Field(ge=0.0, le=60.0)]
    min_length_s: Annotated[float, Field(ge=0.05, le=600.0)]
    max_length_s: Annotated[float, Field(ge=0.1, le=600.0)]
    join_pause_s: Annotated[float, Field(ge=0.0, le=60.0)]
    loudness_lufs: Annotated[float, Field(ge=-70.0, le=0.0)] | None
    max_true_peak_db: Annotated[float, Field(ge=-60.0, le=0.0)]
    fade_s: Annotated[float, Field(ge=0.0, le=0.1)]
    max_reject_fraction: Fraction

    @pydantic.model_validator(mode="after")
    def _ordered(self) -> SegmentSettings:
        if self.max_length_s < 2 * self.min_length_s:
            raise RuleError(
                f"max_length_s ({self.max_length_s}) must be at least twice min_length_s ({self.min_length_s}), "
                "else a long piece cannot be cut into pieces of allowed length",
                key=["max_length_s"],
            )
        return self


class LabelSettings(Settings):
    """Where texts come from, what an aligned script must keep to, and how many segments may stay without a text."""

    renamed: ClassVar = _REJECTS
    recogniser: Annotated[str, Field(min_length=1)]
    wording: Wording
    retakes: Retakes
    recognise: bool
    max_reject_fraction: Fraction


class CorpusSettings(Settings):
    """How the utterances are split, and what happens to a text that cannot be read."""

    renamed: ClassVar = {**_REJECTS, "val_share": "val_fraction", "test_share": "test_fraction"}
    val_fraction: Annotated[float, Field(gt=0.0, lt=0.5)]
    test_fraction: Annotated[float, Field(gt=0.0, lt=0.5)]
    on_unknown: Literal["read", "error", "skip"]
    max_reject_fraction: Fraction

    @pydantic.model_validator(mode="after")
    def _rest(self) -> CorpusSettings:
        if self.val_fraction + self.test_fraction >= 0.8:
            raise RuleError("val_fraction + test_fraction must leave at least 0.2 for training", key=["test_fraction"])
        return self
