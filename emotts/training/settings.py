"""The settings of a training run: numbers and names only, each checked when it is made."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from emotts.errors import ConfigError

__all__ = ["LossWeights", "TrainSettings", "fingerprint"]

_OPERATIONAL = frozenset({"log_every", "sample_every", "checkpoint_every", "keep_checkpoints", "devices"})
"""Settings that change what is written, not what is learnt; they are no part of the fingerprint."""


@dataclass(frozen=True)
class LossWeights:
    """The weight of each loss of the generator; 45 and 1 are those of VITS (Kim et al. 2021)."""

    mel: float = 45.0
    kl: float = 1.0
    duration: float = 1.0
    stochastic_duration: float = 1.0
    adversarial: float = 1.0
    feature_matching: float = 1.0
    duration_adversarial: float = 1.0
    pitch: float = 10.0

    def __post_init__(self) -> None:
        for name, value in dataclasses.asdict(self).items():
            if not math.isfinite(value) or value < 0:
                raise ConfigError(f"loss weight {name} cannot be used", found=value, wanted="a finite number >= 0")


@dataclass(frozen=True)
class TrainSettings:
    """How a run is trained. Frequencies are in steps; ``batch_size`` counts clips per process.

    ``phase``: which parts learn, see :data:`emotts.training.phases.PHASES`.

    ``discriminator_start``: the first step at which the discriminators take part.
    ``discriminator_every``: from then on they take part (their own update and the generator's
    adversarial losses) at every N-th step.
    ``freeze_steps``, ``backbone_lr_scale``: parameters that came from a base checkpoint rest for the
    first ``freeze_steps`` steps and learn at ``backbone_lr_scale`` times the rate afterwards.
    ``lr_final_share``: what is left of the learning rate at the last step.
    ``alignment_noise``: standard deviation, in units of the scores' own spread, of the noise on the
    alignment search; it falls by ``alignment_noise_decay`` a step.
    ``alignment_slack_frames``: how far the alignment may be from phone times where the corpus knows them; None: as
    far as it likes.
    ``precision``: of the products; ``auto`` is ``bf16`` where GPU or processor (AMX, AVX-512 BF16) has units for it.
    ``replay_share``: share of the clips that come from another corpus, if the run has one.
    The best checkpoint has the lowest score on the validation clips: ``score_mel * weights.mel * mel
    + score_kl * weights.kl * kl``, with the averaged weights and the same random numbers every time.
    """

    phase: Literal["joint", "autoencoder", "decoder", "prior"] = "joint"
    steps: int = 10_000
    batch_size: int = 8
    learning_rate: float = 2e-4
    discriminator_learning_rate: float = 2e-4
    beta_1: float = 0.8
    beta_2: float = 0.99
    eps: float = 1e-9
    weight_decay: float = 0.01
    warmup_steps: int = 0
    lr_decay: Literal["constant", "exponential", "cosine"] = "exponential"
    lr_final_share: float = 0.3
    freeze_steps: int = 0
    backbone_lr_scale: float = 1.0
    clip_norm: float = 100.0
    ema_decay: float = 0.999
    segment_frames: int = 32
    discriminator_start: int = 0
    discriminator_every: int = 1
    alignment_noise: float = 0.01
    alignment_noise_decay: float = 2e-6
    alignment_slack_frames: int | None = None
    sampler: Literal["balanced", "natural"] = "balanced"
    length_jitter: float = 0.15
    replay_share: float = 0.0
    seed: int = 0
    precision: Literal["auto", "32", "bf16", "16"] = "auto"
    devices: int = 1
    log_every: int = 10
    validate_every: int = 500
    sample_every: int = 1000
    checkpoint_every: int = 500
    keep_checkpoints: int = 2
    score_mel: float = 1.0
    score_kl: float = 1.0
    weights: LossWeights = field(default_factory=LossWeights)

    def __post_init__(self) -> None:
        for name in ("steps", "batch_size", "segment_frames", "discriminator_every", "devices", "keep_checkpoints"):
            _check(self, name, lower=1)
        for name in ("log_every", "validate_every", "sample_every", "checkpoint_every"):
            _check(self, name, lower=1)
        for name in ("warmup_steps", "freeze_steps", "discriminator_start", "seed"):
            _check(self, name, lower=0)
        for name in ("learning_rate", "discriminator_learning_rate", "eps", "clip_norm", "lr_final_share"):
            _check(self, name, lower=0, above=True)
        for name in ("weight_decay", "backbone_lr_scale", "alignment_noise", "alignment_noise_decay"):
            _check(self, name, lower=0)
        for name in ("score_mel", "score_kl"):
            _check(self, name, lower=0)
        for name in ("beta_1", "beta_2", "ema_decay", "length_jitter", "replay_share"):
            _check(self, name, lower=0, below=1)
        if self.alignment_slack_frames is not None:
            _check(self, "alignment_slack_frames", lower=0)
        _check_choice(self, "phase", ("joint", "autoencoder", "decoder", "prior"))
        _check_choice(self, "lr_decay", ("constant", "exponential", "cosine"))
        _check_choice(self, "sampler", ("balanced", "natural"))
        _check_choice(self, "precision", ("auto", "32", "bf16", "16"))

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, nested as the dataclass is."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainSettings:
        """Read what :meth:`to_dict` wrote.

        Raises:
            ConfigError: if a key is unknown or a value is out of range.
        """
        known = {item.name for item in dataclasses.fields(cls)}
        _refuse_unknown(set(values) - known, known)
        plain = {name: value for name, value in values.items() if name != "weights"}
        weights = values.get("weights", {})
        names = {item.name for item in dataclasses.fields(LossWeights)}
        _refuse_unknown(set(weights) - names, names)
        return cls(**plain, weights=LossWeights(**weights))


def fingerprint(settings: TrainSettings, identity: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything that a training run depends on.

    Settings that only say how often something is written do not count, so that changing them lets a
    killed run go on.

    Args:
        settings: the training settings.
        identity: JSON values: the networks' settings, the corpus digest, the base checkpoint.
    """
    learnt = {name: value for name, value in settings.to_dict().items() if name not in _OPERATIONAL}
    text = json.dumps({"settings": learnt, "identity": identity}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _check(settings: TrainSettings, name: str, *, lower: float, above: bool = False, below: float = math.inf) -> None:
    value = getattr(settings, name)
    fits = math.isfinite(value) and (value > lower if above else value >= lower) and value < below
    if not fits:
        sign = ">" if above else ">="
        top = "" if below == math.inf else f" and < {below}"
        raise ConfigError(f"training setting {name} is out of range", found=value, wanted=f"{sign} {lower}{top}")


def _check_choice(settings: TrainSettings, name: str, choices: tuple[str, ...]) -> None:
    value = getattr(settings, name)
    if value not in choices:
        raise ConfigError(f"training setting {name} is unknown", found=repr(value), wanted=", ".join(choices))


def _refuse_unknown(unknown: set[str], known: set[str]) -> None:
    if unknown:
        raise ConfigError(
            "unknown training setting", found=", ".join(sorted(unknown)), wanted=f"one of {', '.join(sorted(known))}"
        )
