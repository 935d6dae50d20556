"""The section ``evaluate`` of the settings."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from emotts.ranges import FilePath
from emotts.schema import Settings

__all__ = ["EvaluateSettings"]


class EvaluateSettings(Settings):
    """What a voice speaks, and which models listen."""

    renamed: ClassVar = {"speaker_judge": "speaker_encoder"}
    checkpoint: Literal["best", "last"]
    sentences: FilePath | None
    max_sentences: Annotated[int, Field(gt=0, le=10_000)]
    shared_sentences: Annotated[int, Field(gt=0, le=1000)]
    intensity_sentences: Annotated[int, Field(ge=0, le=100)]
    recogniser: Annotated[str, Field(min_length=1)]
    speaker_encoder: Literal["none", "resemblyzer"]
    quality_predictor: Literal["none", "distillmos"]
