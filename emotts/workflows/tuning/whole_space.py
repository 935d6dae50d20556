"""A sampler that searches the space of the study's file, whatever space the trials so far had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from optuna.samplers import BaseSampler
from optuna.trial import TrialState

__all__ = ["WholeSpace"]


class WholeSpace(BaseSampler):
    """Lets a sampler choose all parameters of a space together.

    Optuna's samplers take their space from the trials so far. So they would go on in the old ranges after one of them
    became wider.

    Args:
        sampler: chooses the values.
        space: Optuna's distributions by parameter; those of a single value are left out.
    """

    def __init__(self, sampler: BaseSampler, space: Mapping[str, Any]) -> None:
        self._sampler = sampler
        self._space = {name: each for name, each in sorted(space.items()) if not each.single()}

    def infer_relative_search_space(self, study: Any, trial: Any) -> dict[str, Any]:
        """Return the space."""
        del study, trial
        return dict(self._space)

    def sample_relative(self, study: Any, trial: Any, search_space: dict[str, Any]) -> dict[str, Any]:
        """Return what the sampler chooses; nothing as long as it has too few trials."""
        return self._sampler.sample_relative(study, trial, search_space)

    def sample_independent(self, study: Any, trial: Any, param_name: str, param_distribution: Any) -> Any:
        """Return what the sampler chooses for one parameter alone."""
        return self._sampler.sample_independent(study, trial, param_name, param_distribution)

    def reseed_rng(self) -> None:
        """Give the sampler other random numbers."""
        self._sampler.reseed_rng()

    def before_trial(self, study: Any, trial: Any) -> None:
        """Pass it on."""
        self._sampler.before_trial(study, trial)

    def after_trial(self, study: Any, trial: Any, state: TrialState, values: Sequence[float] | None) -> None:
        """Pass it on."""
        self._sampler.after_trial(study, trial, state, values)
