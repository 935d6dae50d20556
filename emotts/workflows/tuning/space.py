"""The search space of a study in Optuna's terms: distributions, suggestions, own values, the points of a grid."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from emotts.schema import flatten
from emotts.settings import ParameterSection, Scalar, Study

__all__ = ["distribution", "grid_points", "own_values", "suggest"]


def distribution(parameter: ParameterSection) -> Any:
    """Return what Optuna keeps of a parameter."""
    if parameter.choices is not None:
        return CategoricalDistribution(parameter.choices)
    kind: Any = IntDistribution if parameter.type == "int" else FloatDistribution
    step = parameter.step or (1 if parameter.type == "int" else None)
    return kind(parameter.low, parameter.high, log=parameter.log, step=step)


def suggest(trial: Any, study: Study) -> dict[str, Scalar]:
    """Return a trial's value for every parameter that takes part in it, by its dotted key."""
    chosen: dict[str, Scalar] = {}
    for name, parameter in study.search.items():
        if study.active(name, chosen):
            chosen[name] = _suggested(trial, name, parameter)
    return chosen


def own_values(study: Study) -> dict[str, Scalar] | None:
    """Return the values that the project has now; None where one of them lies outside of the search space."""
    settings = flatten(study.settings.model_dump())
    chosen: dict[str, Scalar] = {}
    for name, parameter in study.search.items():
        if study.active(name, chosen):
            if not parameter.holds(settings[name]):
                return None
            chosen[name] = settings[name]
    return chosen


def grid_points(study: Study) -> list[dict[str, Scalar]]:
    """Return every combination of values once; the last parameter varies fastest."""
    points: list[dict[str, Scalar]] = []
    for values in itertools.product(*(_grid(parameter) for parameter in study.search.values())):
        point: dict[str, Scalar] = {}
        for name, value in zip(study.search, values, strict=True):
            if study.active(name, point):
                point[name] = value
        if point not in points:
            points.append(point)
    return points


def _suggested(trial: Any, name: str, parameter: ParameterSection) -> Scalar:
    value: Scalar
    if parameter.type == "categorical":
        value = trial.suggest_categorical(name, parameter.choices)
    elif parameter.type == "int":
        value = trial.suggest_int(name, parameter.low, parameter.high, log=parameter.log, step=parameter.step or 1)
    else:
        value = trial.suggest_float(name, parameter.low, parameter.high, log=parameter.log, step=parameter.step)
    return value


def _grid(parameter: ParameterSection) -> list[Scalar]:
    if parameter.choices is not None:
        return list(parameter.choices)
    low, high, step = (number for number in (parameter.low, parameter.high, parameter.step or 1) if number is not None)
    count = int(np.floor((high - low) / step + 1e-9)) + 1
    return [min(low + number * step, high) for number in range(count)]
