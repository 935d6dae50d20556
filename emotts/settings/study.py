"""The sections of a study of Optuna: search space, objectives, constraints, sampler, pruner, seeds and budget."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field

from emotts.ranges import Count, Seed, Steps, StepsFromZero
from emotts.schema import Name, Settings

__all__ = [
    "BudgetSection",
    "ConstraintSection",
    "ObjectiveSection",
    "ParameterSection",
    "PrunerSection",
    "SamplerSection",
    "Scalar",
    "Seeds",
    "StudySection",
]

Scalar = bool | int | float | str | None


def _number(value: object) -> int | float:
    """Return a number as it is: whole ones stay whole."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("a number is wanted")
    return value


Number = Annotated[int | float, pydantic.PlainValidator(_number)]


def _different(seeds: list[int]) -> list[int]:
    if len(set(seeds)) < len(seeds):
        raise ValueError("a seed is listed twice")
    return seeds


Seeds = Annotated[list[Seed], Field(min_length=1), pydantic.AfterValidator(_different)]
"""What takes the place of ``project.seed``: every setting is trained once with each."""
_ONLY: Mapping[str, frozenset[str]] = {
    "startup_trials": frozenset({"auto", "cmaes", "gp", "tpe"}),
    "population": frozenset({"cmaes", "nsga2"}),
}
"""Settings of samplers that some samplers alone have."""


class ParameterSection(Settings):
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

    def holds(self, value: object) -> bool:
        """Say whether a value is one of the choices, or lies in the range and on its steps."""
        if self.choices is not None:
            return any(value == each and type(value) is type(each) for each in self.choices)
        if self.low is None or self.high is None or isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        whole = self.step is None or abs((value - self.low) / self.step % 1) < 1e-9
        return self.low <= value <= self.high and whole and (self.type == "float" or isinstance(value, int))

    @property
    def extremes(self) -> list[Scalar]:
        """All choices, or both ends of the range, as params.yaml would have them."""
        if self.choices is not None:
            return list(self.choices)
        return [float(end) if self.type == "float" else end for end in (self.low, self.high) if end is not None]


class ObjectiveSection(Settings):
    """A metric that a trial ends with, and whether more or less of it is wanted."""

    metric: Annotated[str, Field(min_length=1)]
    direction: Literal["maximize", "minimize"]


class ConstraintSection(Settings):
    """A bound on a metric that a trial ends with; a trial beyond it is never the best."""

    metric: Annotated[str, Field(min_length=1)]
    at_most: Number | None = None
    at_least: Number | None = None

    @pydantic.model_validator(mode="after")
    def _one(self) -> ConstraintSection:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("a constraint has either at_most or at_least")
        return self

    def excess(self, value: float) -> float:
        """Return how far a value lies beyond the bound; up to 0, it is kept."""
        return value - self.at_most if self.at_most is not None else (self.at_least or 0) - value

    def __str__(self) -> str:
        """Return it in words."""
        bound = f"at most {self.at_most:g}" if self.at_most is not None else f"at least {self.at_least:g}"
        return f"{self.metric} {bound}"


class SamplerSection(Settings):
    """How the next values are chosen; None leaves a setting to Optuna.

    ``auto`` is ``gp`` where every parameter takes part in every trial, else ``tpe``.
    """

    kind: Literal["tpe", "gp", "auto", "cmaes", "qmc", "random", "grid", "nsga2"] = "tpe"
    startup_trials: Count | None = None
    population: Annotated[int, Field(ge=2, le=100_000)] | None = None

    @pydantic.model_validator(mode="after")
    def _fitting(self) -> SamplerSection:
        for name, kinds in _ONLY.items():
            if getattr(self, name) is not None and self.kind not in kinds:
                *some, last = sorted(kinds)
                raise ValueError(f"{name} is a setting of {', '.join(some)} and {last}, not of {self.kind}")
        return self


class PrunerSection(Settings):
    """How a trial that promises nothing is stopped early: by a metric of its validations (lower ones are better), or by
    what a classifier hears in the voice as it trains (``val/spoken/...``, higher ones are better).

    ``startup_trials``: so many trials are finished before any is stopped. ``warmup_steps``: no trial is stopped in
    its first steps. ``percentile``: a trial goes on while it is among the best so many percent. ``min_steps``,
    ``reduction_factor``: of Hyperband; min_steps None is the distance of two looks at the metric. ``p_threshold``: of
    Wilcoxon, which compares with the best trial look by look. ``patience``: of ``patient``, which asks no other trial;
    of the others, no trial is stopped while it gets better by more than ``min_delta`` within so many looks.
    """

    kind: Literal["none", "median", "percentile", "hyperband", "wilcoxon", "patient"] = "none"
    metric: str = "val/loss/mel"
    startup_trials: Annotated[int, Field(ge=0, le=100_000)] = 5
    warmup_steps: StepsFromZero = 0
    percentile: Annotated[float, Field(gt=0.0, lt=100.0)] = 25.0
    min_steps: Steps | None = None
    reduction_factor: Annotated[int, Field(ge=2, le=1000)] = 3
    p_threshold: Annotated[float, Field(gt=0.0, le=1.0)] = 0.1
    patience: Count | None = None
    min_delta: Annotated[float, Field(ge=0.0, le=1e6)] = 0.0

    @pydantic.model_validator(mode="after")
    def _patient(self) -> PrunerSection:
        if self.kind == "patient" and self.patience is None:
            raise ValueError("a patient pruner has patience: after so many looks without progress a trial is stopped")
        if self.kind == "none" and self.patience is not None:
            raise ValueError("patience is a setting of a pruner, and kind is none")
        return self


class BudgetSection(Settings):
    """When no further trial begins: so many trials, hours or training steps, all trials and workers together."""

    trials: Count | None = None
    hours: Annotated[float, Field(gt=0.0, le=100_000.0)] | None = None
    steps: Annotated[int, Field(gt=0, le=10**12)] | None = None

    @pydantic.model_validator(mode="after")
    def _some(self) -> BudgetSection:
        if self.trials is None and self.hours is None and self.steps is None:
            raise ValueError("a budget has at least one of trials, hours and steps")
        return self


class StudySection(Settings):
    """A whole study file."""

    name: Annotated[Name, Field(pattern=r"^[\w.-]+$")]
    objectives: Annotated[list[ObjectiveSection], Field(min_length=1)]
    constraints: list[ConstraintSection] = Field(default_factory=list)
    search: Annotated[dict[str, ParameterSection], Field(min_length=1)]
    enqueue: list[dict[str, Scalar]] = Field(default_factory=list)
    take_over: Annotated[Name, Field(pattern=r"^[\w.-]+$")] | None = None
    sampler: SamplerSection = SamplerSection()
    pruner: PrunerSection = PrunerSection()
    budget: BudgetSection
    seed: Seed
    seeds: Seeds | None = None
    heartbeat_s: Annotated[int, Field(gt=0, le=86_400)] = 15
    keep: Literal["best", "all"] = "best"
    params: dict[str, Any] = Field(default_factory=dict)

    @pydantic.model_validator(mode="after")
    def _together(self) -> StudySection:
        names = [objective.metric for objective in self.objectives]
        if len(set(names)) < len(names):
            raise ValueError("two objectives have the same metric")
        if len({str(each) for each in self.constraints}) < len(self.constraints):
            raise ValueError("two constraints are the same")
        if len(names) > 1 and self.pruner.kind != "none":
            raise ValueError("a study with several objectives cannot stop trials early: pruner.kind must be none")
        if self.sampler.kind == "cmaes" and len(names) > 1:
            raise ValueError("cmaes has one objective; take tpe, gp or nsga2 for several")
        if self.sampler.kind == "cmaes" and self.constraints:
            raise ValueError("cmaes knows no constraints; take tpe or gp")
        if self.sampler.kind == "grid" and self.enqueue:
            raise ValueError("a grid goes through all points once: nothing is enqueued")
        if self.take_over == self.name:
            raise ValueError("a study cannot take over its own trials: take_over names an older study")
        return self

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics of objectives and constraints, each once."""
        names = [*(each.metric for each in self.objectives), *(each.metric for each in self.constraints)]
        return tuple(dict.fromkeys(names))
