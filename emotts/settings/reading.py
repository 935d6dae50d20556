"""Reading ``params.yaml``; every mistake is named with its line."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml

from emotts.errors import ConfigError
from emotts.paths import PARAMS
from emotts.schema import explain
from emotts.settings.params import Params
from emotts.settings.yaml_reading import parse, read_text

__all__ = ["Location", "default_params", "default_root", "load_params", "read_mapping", "validated"]

Location = tuple[str | int, ...]
Checked = TypeVar("Checked", bound=pydantic.BaseModel)


def load_params(path: Path) -> Params:
    """Read and validate ``params.yaml``.

    Raises:
        ConfigError: if the file is missing, is not YAML, or a key is unknown, missing or of the wrong type or
            range; every problem is listed with its line.
    """
    values, places = read_mapping(path, remedy="run in the project's folder, where params.yaml lies")
    return validated(Params, values, places=places, where=path)


def default_params() -> Params:
    """Return the settings that emotts comes with."""
    return load_params(default_root() / PARAMS)


def default_root() -> Path:
    """Return the folder with the ``params.yaml`` that emotts comes with: the package, or the clone that it is in.

    Raises:
        ConfigError: if there is none.
    """
    package = Path(str(files("emotts")))
    for folder in (package, package.parent):
        if (folder / PARAMS).is_file():
            return folder
    raise ConfigError(f"emotts is installed without its {PARAMS}", where=package, remedy="install it again")


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
    node, values = parse(read_text(path), where=path)
    if not isinstance(values, dict):
        raise ConfigError("holds no sections", where=path, found=type(values).__name__, wanted="a mapping of sections")
    return values, {location: f"{path}:{line}" for location, line in _key_lines(node).items()}


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
        lines = [f"{_place(location, places, where)}: {text}" for location, text in explain(error, kind)]
        raise ConfigError("\n".join(lines), remedy="correct the keys named above") from error


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


def _place(location: Location, places: Mapping[Location, str], where: Path) -> str:
    """Return the place of a key, or of the nearest one above it that was written."""
    while location and location not in places:
        location = location[:-1]
    return places.get(location, str(where))
