"""Optuna's samplers and pruners as a study names them."""

from __future__ import annotations

from typing import Any

import numpy as np
import optuna

from emotts.config import PrunerSection, SamplerSection, Study
from emotts.tuning.figures import is_spoken
from emotts.tuning.storage import quiet_optuna

__all__ = ["make_pruner", "make_sampler"]


def make_sampler(settings: SamplerSection, *, seed: int, number: int) -> Any:
    """Return the sampler of one trial.

    Every trial has its own random numbers, so that what is suggested depends on the study's seed, the trial's number
    and the trials before it, and not on which process asks, or how often the study was stopped.

    Args:
        settings: of the sampler.
        seed: of the study.
        number: of the trial.
    """
    own = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
    startup = _given(n_startup_trials=settings.startup_trials)
    with quiet_optuna():
        if settings.kind == "tpe":
            return optuna.samplers.TPESampler(seed=own, multivariate=True, group=True, **startup)
        if settings.kind == "cmaes":
            return optuna.samplers.CmaEsSampler(seed=own, **startup, **_given(popsize=settings.population))
        if settings.kind == "nsga2":
            return optuna.samplers.NSGAIISampler(seed=own, **_given(population_size=settings.population))
    # the points of a grid are handed out one by one, see emotts.tuning.space
    return optuna.samplers.RandomSampler(seed=own)


def make_pruner(settings: PrunerSection, study: Study) -> Any:
    """Return the pruner of a study."""
    common = {"n_startup_trials": settings.startup_trials, "n_warmup_steps": settings.warmup_steps}
    if settings.kind == "median":
        return optuna.pruners.MedianPruner(**common)
    if settings.kind == "percentile":
        return optuna.pruners.PercentilePruner(settings.percentile, **common)
    if settings.kind == "hyperband":
        steps = study.search["train.steps"].high if "train.steps" in study.search else study.settings.train.steps
        train = study.settings.train
        apart = train.sample_every if is_spoken(settings.metric) else train.validate_every
        return optuna.pruners.HyperbandPruner(
            min_resource=settings.min_steps or apart,
            max_resource=steps,
            reduction_factor=settings.reduction_factor,
        )
    return optuna.pruners.NopPruner()


def _given(**values: Any) -> dict[str, Any]:
    """Return what is not None; the rest is Optuna's choice."""
    return {name: value for name, value in values.items() if value is not None}
