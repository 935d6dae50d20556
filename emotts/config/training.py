"""The sections about training a voice, and about what is done with it."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic
from pydantic import Field

from emotts.config.types import Momentum, NaturalFloat, NaturalInt, PositiveFloat, PositiveInt, Section, Share

__all__ = ["EvaluateSection", "ExportSection", "LossWeightsSection", "SpeakingSection", "TrainSection"]


class SpeakingSection(Section):
    noise_scale: NaturalFloat
    duration_noise_scale: NaturalFloat
    sdp_ratio: Share
    length_scale: PositiveFloat
    pitch_range: NaturalFloat
    pause_s: NaturalFloat


class LossWeightsSection(Section):
    mel: NaturalFloat
    kl: NaturalFloat
    duration: NaturalFloat
    stochastic_duration: NaturalFloat
    adversarial: NaturalFloat
    feature_matching: NaturalFloat
    duration_adversarial: NaturalFloat
    pitch: NaturalFloat


class TrainSection(Section):
    phase: Literal["joint", "autoencoder", "decoder", "prior"]
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
    alignment_slack_frames: NaturalInt | None
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
    intensity_sentences: NaturalInt
    recogniser: Literal["none", "whisper-base"]
    speaker_judge: Literal["none", "resemblyzer"]


class ExportSection(Section):
    registered_name: Annotated[str, Field(min_length=1)]
    styles: dict[str, str]
