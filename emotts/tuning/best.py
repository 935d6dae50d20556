"""The best trials of a study."""

from __future__ import annotations

from typing import Any

from optuna.trial import TrialState

__all__ = ["best_trials"]


def best_trials(opened: Any) -> list[Any]:
    """Return the best trial (the first of equals), or the Pareto front of several objectives; none without any."""
    if not opened.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
        return []
    best = sorted(opened.best_trials, key=lambda trial: trial.number)
    return best if len(opened.directions) > 1 else best[:1]
