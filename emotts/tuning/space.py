"""The search space of a study in Optuna's terms: suggestions, the project's own values, the points of a grid."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from emotts.config import ParameterSection, Scalar, Study, flatten

__all__ = ["grid_points", "own_values", "suggest"]


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
            if not _contains(parameter, settings[name]):
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


def _contains(parameter: ParameterSection, value: object) -> bool:
    if parameter.choices is not None:
        return any(value == each and type(value) is type(each) for each in parameter.choices)
    if parameter.low is None or parameter.high is None or not isinstance(value, (int, float)):
        return False
    whole = parameter.step is None or abs((value - parameter.low) / parameter.step % 1) < 1e-9
    return parameter.low <= value <= parameter.high and whole


def _grid(parameter: ParameterSection) -> list[Scalar]:
    if parameter.choices is not None:
        return list(parameter.choices)
    low, high, step = (number for number in (parameter.low, parameter.high, parameter.step or 1) if number is not None)
    count = int(np.floor((high - low) / step + 1e-9)) + 1
    return [min(low + number * step, high) for number in range(count)]
