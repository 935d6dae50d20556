"""Reading a study's file; every mistake is named with its file and line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic

from emotts.errors import ConfigError
from emotts.schema import flatten
from emotts.settings.enqueued import check_enqueued
from emotts.settings.former_names import refuse_former_metrics, unknown_key
from emotts.settings.overrides import Overrides, merge, merged_params, places_below
from emotts.settings.params import Params
from emotts.settings.reading import Location, read_mapping, validated
from emotts.settings.study import ParameterSection, Scalar, StudySection

__all__ = ["Study", "load_study", "nested"]

_LOG = logging.getLogger(__name__)
_SCORE_PARTS = frozenset({"train.best_mel_weight", "train.best_kl_weight", "train.weights.mel", "train.weights.kl"})
"""What ``val/score`` is made with; a study that varies them cannot compare trials by it."""


@dataclass(frozen=True)
class Study:
    """A study as its file describes it; made by :func:`load_study`.

    ``search`` is without what can never take part. ``settings`` are those of the project under the study's own.
    """

    section: StudySection
    search: Mapping[str, ParameterSection]
    settings: Params
    path: Path
    overrides: tuple[Overrides, ...]
    places: Mapping[Location, str]

    @property
    def name(self) -> str:
        """The study's name."""
        return self.section.name

    def params(self, chosen: Mapping[str, Scalar], *, seed: int | None = None) -> Params:
        """Return the settings of a trial, given the values of its parameters by their dotted keys.

        ``seed`` takes the place of ``project.seed``.

        Raises:
            ConfigError: if the values do not go together.
        """
        where = Path(f"{self.path} with {json.dumps(dict(chosen), ensure_ascii=False)}")
        own = {**chosen} if seed is None else {**chosen, "project.seed": seed}
        return merged_params([*self.overrides, (nested(own), {})], where=where)

    def active(self, name: str, chosen: Mapping[str, Scalar]) -> bool:
        """Say whether a parameter takes part, given the values of those above it."""
        fixed = flatten(self.settings.model_dump())
        for key, wanted in self.search[name].when.items():
            if key in self.search:
                if key not in chosen or not _is_one_of(chosen[key], wanted):
                    return False
            elif not _is_one_of(fixed[key], wanted):
                return False
        return True

    def compared(self) -> Iterator[tuple[str, str]]:
        """Yield the metrics of objectives and constraints, each with its place (``file:line``)."""
        for number, objective in enumerate(self.section.objectives):
            yield objective.metric, self.place("objectives", number, "metric")
        for number, constraint in enumerate(self.section.constraints):
            yield constraint.metric, self.place("constraints", number, "metric")

    def place(self, *location: str | int) -> str:
        """Return ``file:line`` of a part of the study's file."""
        return self.places.get(location, str(self.path))


def nested(values: Mapping[str, Scalar]) -> dict[str, Any]:
    """Return values by dotted keys as nested mappings."""
    result: dict[str, Any] = {}
    for key, value in values.items():
        *sections, name = key.split(".")
        place = result
        for section in sections:
            place = place.setdefault(section, {})
        place[name] = value
    return result


def load_study(path: Path, *, root: Path) -> Study:
    """Read a study; a trial's settings are params.yaml, the study's ``params`` and the trial's values, in that order.

    Args:
        path: the study's file.
        root: the project, which ``params.yaml`` is looked for in.

    Raises:
        ConfigError: if a file is missing or not YAML, a key is unknown or missing, a value cannot be used, or parts
            of the study do not go together; problems are listed with file and line.
    """
    values, places = read_mapping(path, remedy="name a study, such as experiments/lr-and-embedding.yaml")
    section = validated(StudySection, values, places=places, where=path)
    own: Overrides = (section.params, places_below(places, ("params",)))
    overrides: tuple[Overrides, ...] = (read_mapping(root / "params.yaml", remedy="run in the project's folder"), own)
    settings = merged_params(overrides, where=path)
    study = Study(section, section.search, settings, path, overrides, places)
    refuse_former_metrics(study.compared())
    problems = [f"{study.place('search', name)}: {text}" for name in section.search for text in _problems(study, name)]
    if problems:
        raise ConfigError("\n".join(problems), remedy="correct the parameters named above")
    check_enqueued(section, lambda number, name: study.place("enqueue", number, name))
    _check_score(study)
    alive = _alive(study)
    if not alive:
        raise ConfigError("no parameter can take part: every `when` names a value that never comes up", where=path)
    return Study(section, alive, settings, path, overrides, places)


def _problems(study: Study, name: str) -> list[str]:
    """Return what is wrong with a searched parameter."""
    known = flatten(study.settings.model_dump())
    if name not in known:
        if any(key.startswith(f"{name}.") for key in known):
            return [f"{name!r} is a section of params.yaml; name one of its keys"]
        return [unknown_key(name, known)]
    if name in flatten(study.section.params):
        return [f"{name!r} is searched and fixed under params as well"]
    parameter = study.section.search[name]
    problems = [f"{name}: {text}" for value in parameter.extremes if (text := _refusal(study, name, value))]
    kind = study.section.sampler.kind
    if kind == "cmaes" and (parameter.type == "categorical" or parameter.when):
        problems.append(f"{name}: cmaes searches numbers without `when`; take tpe")
    if kind in ("gp", "qmc") and parameter.when:
        problems.append(f"{name}: {kind} searches parameters without `when`; take tpe")
    if kind == "grid" and parameter.type == "float" and parameter.step is None:
        problems.append(f"{name}: grid needs a step, or a categorical parameter with choices")
    return problems + [f"{name}: {text}" for key in parameter.when for text in _when(study, name, key)]


def _refusal(study: Study, name: str, value: Scalar) -> str | None:
    """Return why a key cannot have a value at all; a rule across keys may still refuse some combinations."""
    values: dict[str, Any] = {}
    for override, _ in study.overrides:
        merge(values, override)
    merge(values, nested({name: value}))
    try:
        Params.model_validate(values)
    except pydantic.ValidationError as error:
        path = tuple(name.split("."))
        reasons = [str(problem["msg"]) for problem in error.errors() if tuple(problem["loc"])[: len(path)] == path]
        return f"{value!r} cannot be used: {reasons[0]}" if reasons else None
    return None


def _when(study: Study, name: str, key: str) -> list[str]:
    """Return what is wrong with one condition of a parameter."""
    search = study.section.search
    wanted = search[name].when[key]
    if key in search:
        if list(search).index(key) >= list(search).index(name):
            return [f"when names {key!r}, which must stand above {name!r}"]
        parent = search[key]
        if parent.type == "float":
            return [f"when names {key!r}, a float; a condition needs choices or whole numbers"]
        possible = [each for each in _listed(wanted) if _possible(parent, each)]
        return [] if possible else [f"when wants {key} = {wanted!r}, which the search never gives"]
    known = flatten(study.settings.model_dump())
    if key not in known:
        return [f"when: {unknown_key(key, known)}"]
    return []


def _possible(parent: ParameterSection, value: Scalar) -> bool:
    if parent.choices is not None:
        return _is_one_of(value, parent.choices)
    return (
        isinstance(value, int)
        and parent.low is not None
        and parent.high is not None
        and parent.low <= value <= parent.high
    )


def _listed(wanted: Scalar | list[Scalar]) -> list[Scalar]:
    return wanted if isinstance(wanted, list) else [wanted]


def _is_one_of(value: object, wanted: Scalar | list[Scalar]) -> bool:
    """Say whether a value is among those wanted; true and 1 are two things."""
    return any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in _listed(wanted))


def _alive(study: Study) -> dict[str, ParameterSection]:
    """Return the parameters that some trial can have; a fixed key may rule one out, and what hangs on it."""
    fixed = flatten(study.settings.model_dump())
    alive: dict[str, ParameterSection] = {}
    for name, parameter in study.section.search.items():
        ruled_out = [
            key
            for key, wanted in parameter.when.items()
            if (key not in alive if key in study.section.search else not _is_one_of(fixed[key], wanted))
        ]
        if ruled_out:
            _LOG.info("%s is not searched: %s is %s", name, ruled_out[0], fixed[ruled_out[0]])
        else:
            alive[name] = parameter
    return alive


def _check_score(study: Study) -> None:
    """Refuse to compare trials by a score whose making the study varies."""
    varied = sorted(_SCORE_PARTS & set(study.section.search))
    compared = [place for metric, place in study.compared() if metric == "val/score"]
    pruner = study.section.pruner
    if pruner.kind != "none" and pruner.metric == "val/score":
        compared.append(study.place("pruner", "metric"))
    if varied and compared:
        raise ConfigError(
            f"val/score is made with {', '.join(varied)}, which this study varies, so it does not compare trials",
            where=compared[0],
            remedy="take val/loss/mel or a metric of the evaluation",
        )
