"""``params.yaml`` as frozen, validated sections.

Every default stands in ``params.yaml`` and nowhere else: a section has no default values, so a missing key is
an error as much as an unknown one. Errors name the file and the line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
import yaml
from pydantic import Field

from emotts.emotions import EmotionSet
from emotts.errors import ConfigError

__all__ = ["BASES", "Params", "flatten", "load_params"]

_POINTLESS = re.compile(r"([-+]?\d+)(e[-+]?\d+)", re.IGNORECASE)
Share = Annotated[float, Field(ge=0.0, le=1.0)]
PositiveFloat = Annotated[float, Field(gt=0.0)]
PositiveInt = Annotated[int, Field(gt=0)]
NaturalInt = Annotated[int, Field(ge=0)]
NaturalFloat = Annotated[float, Field(ge=0.0)]
Momentum = Annotated[float, Field(ge=0.0, lt=1.0)]
BASES = ("none", "melotts-kr", "melotts-jp", "melotts-en")
"""What ``base`` may say besides the path of a folder."""
Name = Annotated[str, Field(min_length=1, pattern=r"^[^|\s]+$")]


def _known_base(value: str) -> str:
    """Return a base that has a name or is a path; a path is told from a misspelt name by its slash."""
    if value in BASES or "/" in value:
        return value
    near = difflib.get_close_matches(value, BASES, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}? " if near else ""
    raise ValueError(
        f"{hint}It is one of {', '.join(BASES)}, or the path of a folder with a slash in it, such as ./base"
    )


class Section(pydantic.BaseModel):
    """One section of ``params.yaml``: frozen, no unknown keys, no silent conversion of types."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)


class Project(Section):
    language: Literal["KR", "JP", "EN"]
    seed: NaturalInt
    extra_emotions: list[str]
    experiment: Annotated[str, Field(min_length=1)]


class RecordingSection(Section):
    source: Annotated[str, Field(min_length=1)]
    speaker: Name


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


class HifiGanSection(Section):
    resblock: Literal["1", "2"]
    resblock_kernel_sizes: list[PositiveInt]
    resblock_dilation_sizes: list[list[PositiveInt]]
    upsample_rates: list[PositiveInt]
    upsample_initial_channels: PositiveInt
    upsample_kernel_sizes: list[PositiveInt]


class IstftSection(Section):
    channels: PositiveInt
    hidden_channels: PositiveInt
    n_layers: PositiveInt
    n_fft: PositiveInt
    modulate_blocks: bool


class SynthesizerSection(Section):
    speaker_channels: PositiveInt
    emotion_channels: PositiveInt
    latent_channels: PositiveInt
    hidden_channels: PositiveInt
    bert_channels: NaturalInt
    ja_bert_channels: NaturalInt
    text_filter_channels: PositiveInt
    text_n_heads: PositiveInt
    text_n_layers: PositiveInt
    text_kernel_size: PositiveInt
    text_dropout: Momentum
    text_voice: bool
    text_ignores_voice: bool
    posterior_channels: PositiveInt
    posterior_kernel_size: PositiveInt
    posterior_n_layers: PositiveInt
    flow: Literal["transformer", "residual"]
    flow_n_steps: PositiveInt
    flow_channels: PositiveInt
    flow_n_layers: PositiveInt
    flow_kernel_size: PositiveInt
    flow_filter_channels: PositiveInt
    flow_n_heads: PositiveInt
    flow_dropout: Momentum
    flow_shared: bool
    duration_filter_channels: PositiveInt
    duration_kernel_size: PositiveInt
    duration_dropout: Momentum
    stochastic_duration_n_steps: PositiveInt
    reference_norm: bool
    decoder: Literal["hifigan", "istft"]
    hifigan: HifiGanSection | None
    istft: IstftSection | None


class MultiPeriodSection(Section):
    periods: list[PositiveInt]
    period_channels: list[PositiveInt]
    scale_channels: list[PositiveInt]
    use_spectral_norm: bool


class MultiResolutionSection(Section):
    resolutions: list[list[PositiveInt]]
    channels: PositiveInt
    n_strided: PositiveInt
    use_spectral_norm: bool


class DurationDiscriminatorSection(Section):
    filter_channels: PositiveInt
    kernel_size: PositiveInt
    dropout: Momentum


class ModelSection(Section):
    synthesizer: SynthesizerSection
    multi_period: MultiPeriodSection
    multi_resolution: MultiResolutionSection | None
    duration_discriminator: DurationDiscriminatorSection


class SpeakingSection(Section):
    noise_scale: NaturalFloat
    duration_noise_scale: NaturalFloat
    sdp_ratio: Share
    length_scale: PositiveFloat
    pause_s: NaturalFloat


class LossWeightsSection(Section):
    mel: NaturalFloat
    kl: NaturalFloat
    duration: NaturalFloat
    stochastic_duration: NaturalFloat
    adversarial: NaturalFloat
    feature_matching: NaturalFloat
    duration_adversarial: NaturalFloat


class TrainSection(Section):
    steps: PositiveInt
    batch_size: PositiveInt
    learning_rate: PositiveFloat
    discriminator_learning_rate: PositiveFloat
    beta_1: Momentum
    beta_2: Momentum
    eps: PositiveFloat
    weight_decay: NaturalFloat
    warmup_steps: NaturalInt
    lr_decay: Literal["constant", "exponential", "cosine"]
    lr_final_share: Annotated[float, Field(gt=0.0, le=1.0)]
    freeze_steps: NaturalInt
    backbone_lr_scale: NaturalFloat
    base_duration_discriminator: bool
    clip_norm: PositiveFloat
    ema_decay: Momentum
    segment_frames: PositiveInt
    discriminator_start: NaturalInt
    discriminator_every: PositiveInt
    alignment_noise: NaturalFloat
    alignment_noise_decay: NaturalFloat
    sampler: Literal["balanced", "natural"]
    length_jitter: Momentum
    replay_corpus: Annotated[str, Field(min_length=1)] | None
    replay_share: Momentum
    precision: Literal["auto", "32", "bf16", "16"]
    devices: PositiveInt
    log_every: PositiveInt
    validate_every: PositiveInt
    sample_every: PositiveInt
    checkpoint_every: PositiveInt
    keep_checkpoints: PositiveInt
    score_mel: NaturalFloat
    score_kl: NaturalFloat
    weights: LossWeightsSection

    @pydantic.model_validator(mode="after")
    def _replay(self) -> TrainSection:
        if (self.replay_corpus is None) != (self.replay_share == 0.0):
            raise ValueError(
                f"replay_corpus ({self.replay_corpus}) and replay_share ({self.replay_share}) belong together: "
                "a folder and a share above 0, or null and 0.0"
            )
        return self


class EvaluateSection(Section):
    checkpoint: Literal["best", "last"]
    sentences: str | None
    max_sentences: PositiveInt
    shared_sentences: PositiveInt


class ExportSection(Section):
    registered_name: Annotated[str, Field(min_length=1)]


class Params(Section):
    """The whole of ``params.yaml``."""

    base: Annotated[str, pydantic.AfterValidator(_known_base)]
    project: Project
    recording: RecordingSection
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

    @property
    def emotions(self) -> EmotionSet:
        """The base emotions followed by ``project.extra_emotions``."""
        return EmotionSet.with_extra(self.project.extra_emotions)


def load_params(path: Path) -> Params:
    """Read and validate ``params.yaml``.

    Raises:
        ConfigError: if the file is missing, is not YAML, or a key is unknown, missing or of the wrong type or
            range; every problem is listed with its line.
    """
    if not path.is_file():
        raise ConfigError("file is missing", where=path, remedy="run in the project's folder, where params.yaml lies")
    text = path.read_text(encoding="utf-8")
    try:
        values = yaml.safe_load(text)
        lines = _key_lines(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = path if mark is None else f"{path}:{mark.line + 1}"
        raise ConfigError("not valid YAML", where=where, found=getattr(error, "problem", error)) from error
    if not isinstance(values, dict):
        raise ConfigError("holds no sections", where=path, found=type(values).__name__, wanted="a mapping of sections")
    try:
        params = Params.model_validate(values)
        _ = params.emotions
    except pydantic.ValidationError as error:
        problems = [_explain(problem, path, lines) for problem in error.errors()]
        raise ConfigError("\n".join(problems), remedy="correct the keys named above") from error
    return params


def flatten(values: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """Return nested mappings as one mapping with dotted keys; lists stay values."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, prefix=f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _key_lines(node: yaml.Node | None, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], int]:
    """Map every key path of a composed YAML document to its line, counted from 1."""
    lines: dict[tuple[str | int, ...], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, key.value)] = key.start_mark.line + 1
            lines.update(_key_lines(value, (*path, key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 1
            lines.update(_key_lines(value, (*path, index)))
    return lines


def _explain(problem: Any, path: Path, lines: Mapping[tuple[str | int, ...], int]) -> str:
    location = tuple(problem["loc"])
    known = location
    while known and known not in lines:
        known = known[:-1]
    where = f"{path}:{lines[known]}" if known in lines else str(path)
    name = ".".join(str(part) for part in location) or "the file"
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(location[-1]), _siblings(location), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{where}: unknown key {name!r}{hint}"
    if problem["type"] == "missing":
        return f"{where}: key {name!r} is missing"
    if known != location or not location:
        return f"{where}: {name}: {problem['msg']}"
    return f"{where}: {name} = {problem['input']!r}: {problem['msg']}{_number_hint(problem['input'])}"


def _number_hint(value: object) -> str:
    """Explain YAML's surprise that a number with an exponent needs a point: ``1e-4`` is a word."""
    match = _POINTLESS.fullmatch(value) if isinstance(value, str) else None
    return f"; YAML reads that as a word: write {match.group(1)}.0{match.group(2)}" if match else ""


def _siblings(location: Sequence[str | int]) -> list[str]:
    section: Any = Params
    for part in location[:-1]:
        field = getattr(section, "model_fields", {}).get(part)
        section = None if field is None else field.annotation
    return list(getattr(section, "model_fields", {}))
