"""Optuna's samplers and pruners as a study names them."""

from __future__ import annotations

from typing import Any

import numpy as np
from optuna import pruners, samplers

from emotts.settings import PrunerSection, Study
from emotts.workflows.tuning.metrics import is_spoken
from emotts.workflows.tuning.space import distribution
from emotts.workflows.tuning.storage import quiet_optuna
from emotts.workflows.tuning.whole_space import WholeSpace

__all__ = ["longest_training", "make_pruner", "make_sampler", "sampler_kind"]


def sampler_kind(study: Study) -> str:
    """Return the kind of a study's sampler, with what ``auto`` stands for.

    A Gaussian process needs the fewest trials, but knows no parameters that take part in some trials only.
    """
    kind = study.section.sampler.kind
    if kind != "auto":
        return kind
    return "tpe" if any(parameter.when for parameter in study.search.values()) else "gp"


def make_sampler(study: Study, *, number: int, widened: bool = False) -> Any:
    """Return the sampler of one trial.

    Every trial has its own random numbers, so that what is suggested depends on the study's seed, the trial's number
    and the trials before it, and not on which process asks, or how often the study was stopped.

    Args:
        study: what its file says.
        number: of the trial.
        widened: whether a range became wider since the study began.
    """
    settings, kind = study.section.sampler, sampler_kind(study)
    own = int(np.random.SeedSequence([study.section.seed, number]).generate_state(1)[0])
    startup = _given(n_startup_trials=settings.startup_trials)
    with quiet_optuna():
        if kind == "tpe" and not widened:
            return samplers.TPESampler(seed=own, multivariate=True, group=True, **startup)
        if kind == "cmaes":
            return samplers.CmaEsSampler(seed=own, **startup, **_given(popsize=settings.population))
        if kind == "nsga2":
            return samplers.NSGAIISampler(seed=own, **_given(population_size=settings.population))
        if kind in ("random", "grid"):  # the points of a grid are handed out one by one
            return samplers.RandomSampler(seed=own)
        space = {name: distribution(parameter) for name, parameter in study.search.items() if not parameter.when}
        return WholeSpace(_chooser(kind, study, own=own, startup=startup), space)


def _chooser(kind: str, study: Study, *, own: int, startup: dict[str, Any]) -> Any:
    """Return a sampler of values in a space that is given to it."""
    if kind == "gp":
        return samplers.GPSampler(seed=own, warn_independent_sampling=False, **startup)
    if kind == "qmc":
        # one sequence for the whole study, of which every trial takes the next point
        return samplers.QMCSampler(seed=study.section.seed, scramble=True, warn_independent_sampling=False)
    return samplers.TPESampler(seed=own, multivariate=True, **startup)


def make_pruner(settings: PrunerSection, study: Study) -> Any:
    """Return the pruner of a study."""
    with quiet_optuna():
        made = _pruner(settings, study)
        if settings.patience is None:
            return made
        return pruners.PatientPruner(made, patience=settings.patience, min_delta=settings.min_delta)


def _pruner(settings: PrunerSection, study: Study) -> Any:
    common = {"n_startup_trials": settings.startup_trials, "n_warmup_steps": settings.warmup_steps}
    if settings.kind == "median":
        return pruners.MedianPruner(**common)
    if settings.kind == "percentile":
        return pruners.PercentilePruner(settings.percentile, **common)
    if settings.kind == "wilcoxon":
        return pruners.WilcoxonPruner(p_threshold=settings.p_threshold)
    if settings.kind == "hyperband":
        train = study.settings.train
        apart = train.sample_every if is_spoken(settings.metric) else train.validate_every
        return pruners.HyperbandPruner(
            min_resource=settings.min_steps or apart,
            max_resource=_last_step(study),
            reduction_factor=settings.reduction_factor,
        )
    return None if settings.kind == "patient" else pruners.NopPruner()


def _last_step(study: Study) -> int:
    """Return the last step of the longest trial, over all its seeds."""
    return longest_training(study) * len(study.section.seeds or [0])


def longest_training(study: Study) -> int:
    """Return the steps of the longest training that a trial may have."""
    if "train.steps" not in study.search:
        return study.settings.train.steps
    return max(value for value in study.search["train.steps"].extremes if isinstance(value, int))


def _given(**values: Any) -> dict[str, Any]:
    """Return what is not None; the rest is Optuna's choice."""
    return {name: value for name, value in values.items() if value is not None}
