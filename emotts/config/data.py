"""The sections about recordings, labels and the corpus."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic
from pydantic import Field

from emotts.config.types import Name, NaturalInt, PositiveFloat, PositiveInt, Section, Share

__all__ = [
    "Audio",
    "BertModelsSection",
    "ClassifierSection",
    "CorpusSection",
    "LabelSection",
    "Project",
    "RecordingSection",
    "SegmentSection",
    "TextSection",
]


class Project(Section):
    language: Literal["KR", "JP", "EN"]
    seed: NaturalInt
    extra_emotions: list[str]
    experiment: Annotated[str, Field(min_length=1)]


class RecordingSection(Section):
    source: Annotated[str, Field(min_length=1)]
    speaker: Name


ModelName = Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+@[\w.-]+$")]
"""A model on the Hugging Face hub: ``OWNER/NAME@REVISION``."""


class BertModelsSection(Section):
    KR: ModelName
    JP: ModelName
    EN: ModelName


class TextSection(Section):
    bert: bool
    bert_folder: Annotated[str, Field(min_length=1)] | None
    bert_models: BertModelsSection


class Audio(Section):
    sample_rate_hz: Annotated[int, Field(ge=8000)]
    n_fft: PositiveInt
    hop_length: PositiveInt
    win_length: PositiveInt
    n_mels: PositiveInt
    mel_f_min_hz: Annotated[float, Field(ge=0.0)]
    mel_f_max_hz: PositiveFloat | None

    @pydantic.model_validator(mode="after")
    def _fits(self) -> Audio:
        if self.win_length > self.n_fft:
            raise ValueError(f"win_length ({self.win_length}) must not exceed n_fft ({self.n_fft})")
        if self.mel_f_max_hz is not None and self.mel_f_max_hz > self.sample_rate_hz / 2:
            raise ValueError(f"mel_f_max_hz ({self.mel_f_max_hz}) lies above half the sample rate")
        return self


class SegmentSection(Section):
    threshold_db: Annotated[float, Field(lt=0.0)]
    min_silence_s: PositiveFloat
    keep_silence_s: Annotated[float, Field(ge=0.0)]
    min_length_s: PositiveFloat
    max_length_s: PositiveFloat
    join_pause_s: Annotated[float, Field(ge=0.0)]
    max_reject_share: Share

    @pydantic.model_validator(mode="after")
    def _ordered(self) -> SegmentSection:
        if self.max_length_s < 2 * self.min_length_s:
            raise ValueError(
                f"max_length_s ({self.max_length_s}) must be at least twice min_length_s ({self.min_length_s}), "
                "else a long piece cannot be cut into pieces of allowed length"
            )
        return self


class LabelSection(Section):
    max_reject_share: Share


class CorpusSection(Section):
    val_share: Annotated[float, Field(gt=0.0, lt=0.5)]
    test_share: Annotated[float, Field(gt=0.0, lt=0.5)]
    on_unknown: Literal["error", "skip"]
    max_reject_share: Share


class ClassifierSection(Section):
    folds: Annotated[int, Field(ge=2)]
    repeats: PositiveInt
