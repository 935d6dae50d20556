"""Reading ``params.yaml``: every mistake is named with its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml

from emotts.config.params import Params
from emotts.errors import ConfigError

__all__ = ["Location", "flatten", "load_params", "read_mapping", "validated"]

_POINTLESS = re.compile(r"([-+]?\d+)(e[-+]?\d+)", re.IGNORECASE)
Location = tuple[str | int, ...]
Checked = TypeVar("Checked", bound=pydantic.BaseModel)


def load_params(path: Path) -> Params:
    """Read and validate ``params.yaml``.

    Raises:
        ConfigError: if the file is missing, is not YAML, or a key is unknown, missing or of the wrong type or
            range; every problem is listed with its line.
    """
    values, places = read_mapping(path, remedy="run in the project's folder, where params.yaml lies")
    params = validated(Params, values, places=places, where=path)
    _ = params.emotions, params.styles
    return params


def read_mapping(path: Path, *, remedy: str) -> tuple[dict[str, Any], dict[Location, str]]:
    """Read a YAML file of nested mappings; return it with the place (``file:line``) of every key.

    Args:
        path: the file.
        remedy: what to do where it is missing.

    Raises:
        ConfigError: if the file is missing, is not YAML or holds no mapping.
    """
    if not path.is_file():
        raise ConfigError("file is missing", where=path, remedy=remedy)
    text = path.read_text(encoding="utf-8")
    try:
        values = yaml.safe_load(text)
        lines = _key_lines(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = path if mark is None else f"{path}:{mark.line + 1}"
        raise ConfigError("not valid YAML", where=where, found=getattr(error, "problem", error)) from error
    if not isinstance(values, dict):
        raise ConfigError("holds no sections", where=path, found=type(values).__name__, wanted="a mapping of sections")
    return values, {location: f"{path}:{line}" for location, line in lines.items()}


def validated(
    kind: type[Checked], values: Mapping[str, Any], *, places: Mapping[Location, str], where: Path
) -> Checked:
    """Return values as a checked section.

    Args:
        kind: the section.
        values: what was read.
        places: the place of every key.
        where: the file, for what has no place.

    Raises:
        ConfigError: if a key is unknown, missing or of the wrong type or range; every problem is listed.
    """
    try:
        return kind.model_validate(values)
    except pydantic.ValidationError as error:
        problems = [_explain(problem, kind, places=places, where=where) for problem in error.errors()]
        raise ConfigError("\n".join(problems), remedy="correct the keys named above") from error


def flatten(values: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """Return nested mappings as one mapping with dotted keys; lists stay values."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, prefix=f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _key_lines(node: yaml.Node | None, path: Location = ()) -> dict[Location, int]:
    """Map every key path of a composed YAML document to its line, counted from 1."""
    lines: dict[Location, int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, key.value)] = key.start_mark.line + 1
            lines.update(_key_lines(value, (*path, key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 1
            lines.update(_key_lines(value, (*path, index)))
    return lines


def _explain(problem: Any, kind: type[pydantic.BaseModel], *, places: Mapping[Location, str], where: Path) -> str:
    location = tuple(problem["loc"])
    known = location
    while known and known not in places:
        known = known[:-1]
    place = places.get(known, str(where))
    name = ".".join(str(part) for part in location) or "the file"
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(location[-1]), _siblings(kind, location), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{place}: unknown key {name!r}{hint}"
    if problem["type"] == "missing":
        return f"{place}: key {name!r} is missing"
    if known != location or not location:
        return f"{place}: {name}: {problem['msg']}"
    return f"{place}: {name} = {problem['input']!r}: {problem['msg']}{_number_hint(problem['input'])}"


def _number_hint(value: object) -> str:
    """Explain YAML's surprise that a number with an exponent needs a point: ``1e-4`` is a word."""
    match = _POINTLESS.fullmatch(value) if isinstance(value, str) else None
    return f"; YAML reads that as a word: write {match.group(1)}.0{match.group(2)}" if match else ""


def _siblings(kind: type[pydantic.BaseModel], location: Sequence[str | int]) -> list[str]:
    section: Any = kind
    for part in location[:-1]:
        field = getattr(section, "model_fields", {}).get(part)
        section = None if field is None else field.annotation
    return list(getattr(section, "model_fields", {}))
