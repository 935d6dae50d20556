"""The section ``train`` of the settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import pydantic
from pydantic import Field

from emotts.ranges import Count, FilePath, Rate, Steps, StepsFromZero, Weight
from emotts.schema import BelowOne, Fraction, RuleError, Settings

__all__ = ["LossWeights", "TrainSettings", "fingerprint"]

_OPERATIONAL = frozenset(
    {"steps", "log_every", "validate_every", "sample_every", "checkpoint_every", "keep_checkpoints", "devices"}
)
"""Settings that change how long is trained and what is written, not what a step learns; not in the fingerprint."""


MelWindow = Annotated[int, Field(ge=32, le=8192, multiple_of=8)]
MelWindows = Annotated[tuple[MelWindow, ...], Field(strict=False, max_length=16)]


class LossWeights(Settings):
    """The weight of each loss of the generator; 45 for mel and 1 for KL are those of VITS (Kim et al. 2021)."""

    mel: Weight
    kl: Weight
    duration: Weight
    duration_frames: Weight
    stochastic_duration: Weight
    adversarial: Weight
    feature_matching: Weight
    duration_adversarial: Weight
    pitch: Weight


class TrainSettings(Settings):
    """How a run is trained. Frequencies are in steps; ``batch_size`` counts clips per process.

    ``phase``: which parts learn, see :data:`emotts.training.phases.registry.PHASES`.

    ``discriminator_start``: the first step at which the discriminators take part.
    ``discriminator_every``: from then on they take part (their own update and the generator's
    adversarial losses) at every N-th step.
    ``freeze_steps``, ``backbone_lr_scale``: parameters that came from a base checkpoint are frozen for the
    first ``freeze_steps`` steps and learn at ``backbone_lr_scale`` times the rate afterwards.
    ``lr_min_factor``: what is left of the learning rate at the last step.
    ``alignment_noise``: standard deviation, in units of the scores' own spread, of the noise on the
    alignment search; it falls by ``alignment_noise_decay`` a step.
    ``alignment_slack_frames``: how far the alignment may be from phone times where the corpus knows them; None: free.
    ``mel_windows``: of further mel spectrograms in the mel loss, in samples.
    ``decoder_noise_scale``: scale of the latents' random part in the phase ``decoder``.
    ``precision``: of the products; ``auto`` is ``bf16`` where GPU or processor (AMX, AVX-512 BF16) has units for it.
    ``sampler``: ``balanced`` has every emotion equally often, ``balanced_voices`` every emotion of every speaker in
    every language, ``natural`` every clip once.
    ``replay_fraction``: fraction of the clips that come from ``replay_corpus``.
    The best checkpoint has the lowest score on the validation clips: ``best_mel_weight * weights.mel * mel
    + best_kl_weight * weights.kl * kl``, with the averaged weights and the same random numbers every time.
    """

    renamed: ClassVar = {
        "lr_final_share": "lr_min_factor",
        "clip_norm": "max_grad_norm",
        "replay_share": "replay_fraction",
        "score_mel": "best_mel_weight",
        "score_kl": "best_kl_weight",
    }
    phase: Literal["joint", "autoencoder", "decoder", "prior"]
    steps: Steps
    batch_size: Annotated[int, Field(gt=0, le=65_536)]
    learning_rate: Rate
    discriminator_learning_rate: Rate
    beta_1: BelowOne
    beta_2: BelowOne
    eps: Annotated[float, Field(gt=0.0, le=1.0)]
    weight_decay: Annotated[float, Field(ge=0.0, le=100.0)]
    warmup_steps: StepsFromZero
    lr_decay: Literal["constant", "exponential", "cosine"]
    lr_min_factor: Annotated[float, Field(gt=0.0, le=1.0)]
    freeze_steps: StepsFromZero
    backbone_lr_scale: Annotated[float, Field(ge=0.0, le=100.0)]
    base_decoder: bool
    base_duration_discriminator: bool
    max_grad_norm: Annotated[float, Field(gt=0.0, le=1e9)]
    ema_decay: BelowOne
    segment_frames: Annotated[int, Field(gt=0, le=16_384)]
    discriminator_start: StepsFromZero
    discriminator_every: Steps
    alignment_noise: Annotated[float, Field(ge=0.0, le=100.0)]
    alignment_noise_decay: Annotated[float, Field(ge=0.0, le=100.0)]
    alignment_slack_frames: Annotated[int, Field(ge=0, le=1_000_000)] | None
    sampler: Literal["balanced", "balanced_voices", "natural"]
    length_jitter: BelowOne
    mel_windows: MelWindows
    decoder_noise_scale: Fraction
    replay_corpus: FilePath | None
    replay_fraction: BelowOne
    precision: Literal["auto", "32", "bf16", "16"]
    devices: Annotated[int, Field(gt=0, le=1024)]
    log_every: Steps
    validate_every: Steps
    sample_every: Steps
    checkpoint_every: Steps
    keep_checkpoints: Count
    best_mel_weight: Weight
    best_kl_weight: Weight
    weights: LossWeights

    @pydantic.model_validator(mode="after")
    def _score(self) -> TrainSettings:
        if self.best_mel_weight * self.weights.mel == 0.0 and self.best_kl_weight * self.weights.kl == 0.0:
            raise RuleError(
                "best_mel_weight * weights.mel and best_kl_weight * weights.kl are both 0: no checkpoint would be the "
                "best",
                key=["best_mel_weight"],
            )
        return self

    @pydantic.model_validator(mode="after")
    def _replay(self) -> TrainSettings:
        if (self.replay_corpus is None) != (self.replay_fraction == 0.0):
            raise RuleError(
                f"replay_corpus ({self.replay_corpus}) and replay_fraction ({self.replay_fraction}) belong together: "
                "a folder and a fraction above 0, or null and 0.0",
                key=["replay_fraction"],
            )
        return self


def fingerprint(settings: TrainSettings, identity: Mapping[str, object]) -> str:
    """Return the SHA-256 of everything that a step of a training run depends on.

    The number of steps does not count, nor do settings that only say how often something is written or validated, so
    that changing them lets a run go on.

    Args:
        settings: the training settings.
        identity: JSON values: the seed, the networks' settings, the corpus digest, the base checkpoint.
    """
    learnt = settings.model_dump(mode="json", exclude=set(_OPERATIONAL))
    text = json.dumps({"settings": learnt, "identity": identity}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
