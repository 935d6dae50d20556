"""The sections of a study of Optuna: what is searched for, by what measure, how, and for how long."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field

from emotts.config.types import Name, NaturalInt, PositiveFloat, PositiveInt, Section

__all__ = [
    "BudgetSection",
    "ObjectiveSection",
    "ParameterSection",
    "PrunerSection",
    "SamplerSection",
    "Scalar",
    "StudySection",
]

Scalar = bool | int | float | str | None


def _number(value: object) -> int | float:
    """Return a number as it is: whole ones stay whole."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("a number is wanted")
    return value


Number = Annotated[int | float, pydantic.PlainValidator(_number)]
_ONLY: Mapping[str, frozenset[str]] = {
    "startup_trials": frozenset({"tpe", "cmaes"}),
    "population": frozenset({"cmaes", "nsga2"}),
}
"""Settings of samplers that some samplers alone have."""


class ParameterSection(Section):
    """One searched key of params.yaml: a range, or choices; and what must hold for it to be searched at all.

    ``when`` maps keys, searched ones that stand above or fixed ones, to the value, or the list of values, that lets
    this parameter take part. Where it does not, the key keeps its value of params.yaml.
    """

    type: Literal["float", "int", "categorical"]
    low: Number | None = None
    high: Number | None = None
    step: Number | None = None
    log: bool = False
    choices: list[Scalar] | None = None
    when: dict[str, Scalar | list[Scalar]] = Field(default_factory=dict)

    @pydantic.model_validator(mode="after")
    def _whole(self) -> ParameterSection:
        numbers = [self.low, self.high, self.step]
        if self.type == "categorical":
            if not self.choices or self.log or any(number is not None for number in numbers):
                raise ValueError("a categorical parameter has choices, at least one, and no low, high, step or log")
            if len({(type(choice), choice) for choice in self.choices}) < len(self.choices):
                raise ValueError("a choice stands here twice")
            return self
        if self.choices is not None or self.low is None or self.high is None:
            raise ValueError(f"a parameter of type {self.type} has low and high, and no choices")
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) lies above high ({self.high})")
        if self.type == "int" and any(isinstance(number, float) for number in numbers):
            raise ValueError("low, high and step of an int are whole numbers")
        if self.step is not None and self.step <= 0:
            raise ValueError(f"step ({self.step}) must be above 0")
        if self.log and (self.low <= 0 or self.step is not None):
            raise ValueError("log needs low above 0, and no step")
        return self

    @property
    def extremes(self) -> list[Scalar]:
        """All choices, or both ends of the range, as params.yaml would have them."""
        if self.choices is not None:
            return list(self.choices)
        return [float(end) if self.type == "float" else end for end in (self.low, self.high) if end is not None]


class ObjectiveSection(Section):
    """A figure that a trial ends with, and whether more or less of it is wanted."""

    metric: Annotated[str, Field(min_length=1)]
    direction: Literal["maximize", "minimize"]


class SamplerSection(Section):
    """How the next values are chosen; None leaves a setting to Optuna."""

    kind: Literal["tpe", "cmaes", "random", "grid", "nsga2"] = "tpe"
    startup_trials: PositiveInt | None = None
    population: Annotated[int, Field(ge=2)] | None = None

    @pydantic.model_validator(mode="after")
    def _fitting(self) -> SamplerSection:
        for name, kinds in _ONLY.items():
            if getattr(self, name) is not None and self.kind not in kinds:
                raise ValueError(f"{name} is a setting of {' and '.join(sorted(kinds))}, not of {self.kind}")
        return self


class PrunerSection(Section):
    """How a trial that promises nothing is stopped early: by a figure of its validations (lower ones are better), or by
    what a judge hears in the voice as it trains (``val/spoken/...``, higher ones are better).

    ``startup_trials``: so many trials are finished before any is stopped. ``warmup_steps``: no trial is stopped in
    its first steps. ``percentile``: a trial goes on while it is among the best so many percent. ``min_steps``,
    ``reduction_factor``: of Hyperband; min_steps None is the distance of two looks at the metric.
    """

    kind: Literal["none", "median", "percentile", "hyperband"] = "none"
    metric: str = "val/loss/mel"
    startup_trials: NaturalInt = 5
    warmup_steps: NaturalInt = 0
    percentile: Annotated[float, Field(gt=0.0, lt=100.0)] = 25.0
    min_steps: PositiveInt | None = None
    reduction_factor: Annotated[int, Field(ge=2)] = 3


class BudgetSection(Section):
    """When no further trial begins: so many trials, hours or training steps, all trials and workers together."""

    trials: PositiveInt | None = None
    hours: PositiveFloat | None = None
    steps: PositiveInt | None = None

    @pydantic.model_validator(mode="after")
    def _some(self) -> BudgetSection:
        if self.trials is None and self.hours is None and self.steps is None:
            raise ValueError("a budget has at least one of trials, hours and steps")
        return self


class StudySection(Section):
    """A whole study file."""

    name: Annotated[Name, Field(pattern=r"^[\w.-]+$")]
    objectives: Annotated[list[ObjectiveSection], Field(min_length=1)]
    search: Annotated[dict[str, ParameterSection], Field(min_length=1)]
    sampler: SamplerSection = SamplerSection()
    pruner: PrunerSection = PrunerSection()
    budget: BudgetSection
    seed: NaturalInt
    heartbeat_s: PositiveInt = 15
    keep: Literal["best", "all"] = "best"
    params: dict[str, Any] = Field(default_factory=dict)

    @pydantic.model_validator(mode="after")
    def _together(self) -> StudySection:
        names = [objective.metric for objective in self.objectives]
        if len(set(names)) < len(names):
            raise ValueError("two objectives have the same metric")
        if len(names) > 1 and self.pruner.kind != "none":
            raise ValueError("a study with several objectives cannot stop trials early: pruner.kind must be none")
        if len(names) > 1 and self.sampler.kind == "cmaes":
            raise ValueError("cmaes has one objective; take tpe or nsga2 for several")
        return self
