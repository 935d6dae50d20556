"""The settings of ``params.yaml`` as a whole, and the rules between components."""

from __future__ import annotations

import difflib
from typing import Annotated, Literal

import pydantic
from pydantic import Field

from emotts.audio.settings import AudioSettings
from emotts.checkpoint.speaking_style import SpeakingStyle
from emotts.corpus.settings import CorpusSettings, LabelSettings, SegmentSettings
from emotts.corpus.sources.layout import Layout
from emotts.emotions.emotion_set import EmotionSet
from emotts.emotions.styles import read_styles
from emotts.errors import ConfigError
from emotts.evaluation.settings import EvaluateSettings
from emotts.model.settings import ModelSettings
from emotts.parallel import ParallelSettings
from emotts.ranges import FilePath, Seed
from emotts.recognition.settings import ClassifierSettings, RecogniserSettings
from emotts.schema import Name, RuleError, Settings
from emotts.text.settings import TextSettings
from emotts.training.settings import TrainSettings

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


def _stated(value: str) -> str:
    """Return a name that MLflow takes and its pages show as it is."""
    if not value.isprintable() or value != value.strip():
        raise ValueError("a name of printable characters is wanted, without blanks at its ends")
    return value


def _one_name(value: str) -> str:
    """Return a name that MLflow's registry takes."""
    if value in (".", "..") or any(mark in value for mark in "/:\\"):
        raise ValueError("MLflow's registry takes no name with / \\ or : in it; write another one")
    return value


RunName = Annotated[str, Field(min_length=1, max_length=200), pydantic.AfterValidator(_stated)]


class ProjectSettings(Settings):
    """What the whole project has in common."""

    language: Literal["KR", "JP", "EN"]
    seed: Seed
    extra_emotions: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=200)]
    experiment: RunName


class RecordingSettings(Settings):
    """Where the recordings are, how they are laid out, and who speaks."""

    source: FilePath
    layout: Annotated[str, Field(min_length=1)] | Layout
    speaker: Name


class ExportSettings(Settings):
    """How the exported voice is named, and its styles."""

    registered_name: Annotated[RunName, pydantic.AfterValidator(_one_name)]
    styles: Annotated[dict[str, str], Field(max_length=200)]


class Params(Settings):
    """The whole of ``params.yaml``."""

    base: Annotated[str, pydantic.AfterValidator(_known_base)]
    project: ProjectSettings
    recording: RecordingSettings
    text: TextSettings
    audio: AudioSettings
    segment: SegmentSettings
    recogniser: RecogniserSettings
    label: LabelSettings
    corpus: CorpusSettings
    parallel: ParallelSettings
    classifier: ClassifierSettings
    model: ModelSettings
    speaking: SpeakingStyle
    train: TrainSettings
    evaluate: EvaluateSettings
    export: ExportSettings

    @pydantic.model_validator(mode="after")
    def _bert(self) -> Params:
        if self.text.bert and not self.model.synthesizer.ja_bert_channels:
            raise RuleError(
                "text.bert: true needs model.synthesizer.ja_bert_channels above 0, the width of the model's vectors "
                "(768 for MeloTTS's models)",
                key=["text", "bert"],
            )
        return self

    @pydantic.model_validator(mode="after")
    def _pitch(self) -> Params:
        if self.speaking.pitch_range != 1.0 and self.model.synthesizer.decoder != "istft":
            raise RuleError(
                "speaking.pitch_range must be 1.0 unless model.synthesizer.decoder is istft: no other decoder has a "
                "pitch that can be moved",
                key=["speaking", "pitch_range"],
            )
        return self

    @pydantic.model_validator(mode="after")
    def _names(self) -> Params:
        for key, read in (("project.extra_emotions", lambda: self.emotions), ("export.styles", lambda: self.styles)):
            try:
                read()
            except ConfigError as error:
                wanted = "" if error.wanted is None else f"; wanted: {error.wanted}"
                raise RuleError(f"{error.what}{wanted}", key=key.split(".")) from error
        return self

    @pydantic.model_validator(mode="after")
    def _frames(self) -> Params:
        try:
            self.model.synthesizer.check_hop(self.audio.hop_length)
        except RuleError as error:
            raise RuleError(str(error), key=["model", "synthesizer", *error.key]) from error
        samples = self.train.segment_frames * self.audio.hop_length
        resolutions = self.model.multi_resolution.resolutions if self.model.multi_resolution else ()
        frames = [(self.audio.n_fft, self.audio.hop_length), *((n_fft, hop) for n_fft, hop, _ in resolutions)]
        frames += [(window, window // 4) for window in self.train.mel_windows]
        needed = max(*((n_fft - hop) // 2 + hop for n_fft, hop in frames), *self.model.multi_period.periods)
        if samples <= needed:
            raise RuleError(
                f"train.segment_frames * audio.hop_length ({samples} samples) must be more than {needed}: the "
                "spectrograms and discriminators look at so many samples at once",
                key=["train", "segment_frames"],
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
