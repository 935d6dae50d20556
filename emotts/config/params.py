"""All sections together, and the rules across them."""

from __future__ import annotations

import difflib
from typing import Annotated

import pydantic

from emotts.config.data import (
    Audio,
    ClassifierSection,
    CorpusSection,
    LabelSection,
    Project,
    RecordingSection,
    SegmentSection,
    TextSection,
)
from emotts.config.networks import ModelSection
from emotts.config.training import EvaluateSection, ExportSection, SpeakingSection, TrainSection
from emotts.config.types import Section
from emotts.emotions import EmotionSet
from emotts.styles import read_styles

__all__ = ["BASES", "Params"]

BASES = ("none", "compact-ko", "melotts-kr", "melotts-jp", "melotts-en")
"""What ``base`` may say besides the path of a folder."""


def _known_base(value: str) -> str:
    """Return a base that has a name or is a path; a path is told from a misspelt name by its slash."""
    if value in BASES or "/" in value:
        return value
    near = difflib.get_close_matches(value, BASES, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}? " if near else ""
    raise ValueError(
        f"{hint}It is one of {', '.join(BASES)}, or the path of a folder with a slash in it, such as ./base"
    )


class Params(Section):
    """The whole of ``params.yaml``."""

    base: Annotated[str, pydantic.AfterValidator(_known_base)]
    project: Project
    recording: RecordingSection
    text: TextSection
    audio: Audio
    segment: SegmentSection
    label: LabelSection
    corpus: CorpusSection
    classifier: ClassifierSection
    model: ModelSection
    speaking: SpeakingSection
    train: TrainSection
    evaluate: EvaluateSection
    export: ExportSection

    @pydantic.model_validator(mode="after")
    def _shares(self) -> Params:
        if self.corpus.val_share + self.corpus.test_share >= 0.8:
            raise ValueError("corpus.val_share + corpus.test_share must leave at least 0.2 for training")
        return self

    @pydantic.model_validator(mode="after")
    def _bert(self) -> Params:
        if self.text.bert and not self.model.synthesizer.ja_bert_channels:
            raise ValueError(
                "text.bert: true needs model.synthesizer.ja_bert_channels above 0, the width of the model's vectors "
                "(768 for MeloTTS's models)"
            )
        return self

    @pydantic.model_validator(mode="after")
    def _pitch(self) -> Params:
        if self.speaking.pitch_range != 1.0 and self.model.synthesizer.decoder != "istft":
            raise ValueError(
                "speaking.pitch_range must be 1.0 unless model.synthesizer.decoder is istft: no other decoder has a "
                "pitch that can be moved"
            )
        return self

    @property
    def emotions(self) -> EmotionSet:
        """The base emotions followed by ``project.extra_emotions``."""
        return EmotionSet.with_extra(self.project.extra_emotions)

    @property
    def styles(self) -> tuple[str, ...]:
        """The names in ``export.styles``, as they are compared; a ConfigError where one cannot be used."""
        return tuple(read_styles(self.export.styles, self.emotions))
