"""The sections ``classifier`` and ``recogniser`` of the settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from emotts.schema import Settings

__all__ = ["ClassifierSettings", "RecogniserSettings"]


class ClassifierSettings(Settings):
    """The cross-validation of the emotion classifiers, and the encoder that one of the auxiliary ones reads."""

    folds: Annotated[int, Field(ge=2, le=100)]
    repeats: Annotated[int, Field(gt=0, le=1000)]
    encoder: Literal["none", "whisper-base"]


class RecogniserSettings(Settings):
    """Where and how precisely recognisers of speech compute; which one it is, ``label`` and ``evaluate`` say."""

    device: Literal["cpu", "cuda", "auto"]
    precision: Literal["int8", "int8_float16", "float16", "bfloat16", "float32"]
