"""Parallel coordinates of a study: every trial is a line over its values, stopped and refused ones included."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from optuna.trial import TrialState
from plotly.colors import sample_colorscale

from emotts.settings import ParameterSection, Study
from emotts.workflows.tuning.attempts import latest_attempts, trial_number

__all__ = ["parallel_figure"]

_SCALE, _STOPPED = "Blues", "#c0562b"


@dataclass(frozen=True)
class _Axis:
    """A vertical line: what stands below it, and where a value lies on it, 0 at the foot and 1 at the top."""

    name: str
    places: Mapping[Any, float]

    def label(self, value: Any) -> str:
        return f"{value:.4g}" if isinstance(value, float) else str(value)

    @property
    def title(self) -> str:
        """Its name, and what lies at its foot and at its top."""
        ordered = sorted(self.places, key=self.places.__getitem__)
        return f"{self.name}<br>{self.label(ordered[0])} to {self.label(ordered[-1])}" if ordered else self.name


def parallel_figure(optuna_study: Any, study: Study, *, objective: int) -> go.Figure:
    """Draw every finished trial as a line over the parameters, up to its value of an objective.

    The better, the darker. A trial that was stopped early has no value: its line is dashed and ends at the last
    parameter. One that does not keep the constraints is dotted.

    Args:
        optuna_study: Optuna's study.
        study: what its file says.
        objective: its number.

    Raises:
        ValueError: if no trial is complete.
    """
    trials = [
        each
        for each in latest_attempts(optuna_study).values()
        if each.state in (TrialState.COMPLETE, TrialState.PRUNED)
    ]
    values = [trial.values[objective] for trial in trials if trial.values]
    if not values:
        raise ValueError("no trial is complete")
    wanted = study.section.objectives[objective]
    axes = [_axis(name, study.search[name], trials) for name in study.search]
    axes.append(_Axis(wanted.metric, _placed(values)))
    best = _best(values, wanted.direction)
    figure = go.Figure([_line(trial, axes, objective=objective, best=best) for trial in trials])
    figure.update_xaxes(tickvals=list(range(len(axes))), ticktext=[axis.title for axis in axes], zeroline=False)
    figure.update_yaxes(visible=False, range=[-0.05, 1.05])
    figure.update_layout(title="Parallel coordinates: darker is better, dashed was stopped", showlegend=False)
    return figure


def _axis(name: str, parameter: ParameterSection, trials: Sequence[Any]) -> _Axis:
    found = [trial.params[name] for trial in trials if name in trial.params]
    if parameter.choices is not None:
        return _Axis(name, _placed(range(len(parameter.choices)), names=parameter.choices))
    return _Axis(name, _placed(found, log=parameter.log))


def _placed(values: Sequence[float], *, names: Sequence[Any] | None = None, log: bool = False) -> dict[Any, float]:
    scaled = [math.log(value) if log else float(value) for value in values]
    low, high = min(scaled, default=0.0), max(scaled, default=1.0)
    width = (high - low) or 1.0
    return {name: (each - low) / width for name, each in zip(names or values, scaled, strict=True)}


def _best(values: Sequence[float], direction: str) -> Mapping[float, float]:
    """Return how good every value is, from 0 for the worst to 1 for the best, by its rank."""
    ordered = sorted(set(values), reverse=direction == "minimize")
    return {value: rank / max(len(ordered) - 1, 1) for rank, value in enumerate(ordered)}


def _line(trial: Any, axes: Sequence[_Axis], *, objective: int, best: Mapping[float, float]) -> go.Scatter:
    value = trial.values[objective] if trial.values else None
    had = [*(trial.params.get(axis.name) for axis in axes[:-1]), value]
    heights = [None if each is None else axis.places[each] for axis, each in zip(axes, had, strict=True)]
    shown = [f"{axis.name}: {axis.label(each)}" for axis, each in zip(axes, had, strict=True) if each is not None]
    kept = all(excess <= 0 for excess in trial.constraints.values())
    colour = _STOPPED if value is None else sample_colorscale(_SCALE, [0.25 + 0.75 * best[value]])[0]
    return go.Scatter(
        x=list(range(len(axes))),
        y=heights,
        mode="lines+markers",
        connectgaps=True,
        line={"color": colour, "dash": "dash" if value is None else "solid" if kept else "dot"},
        name=f"trial {trial_number(trial)}",
        hovertext="<br>".join([f"trial {trial_number(trial)}", *shown]),
        hoverinfo="text",
    )
