"""Overrides of settings: params.yaml, a preset, and what a recipe or a study changes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotts.errors import ConfigError
from emotts.settings.params import Params
from emotts.settings.reading import Location, validated

__all__ = ["Overrides", "merge", "merged_params", "named_settings", "places_below"]

Places = Mapping[Location, str]
Overrides = tuple[Mapping[str, Any], Mapping[Location, str]]
"""Values of some keys of params.yaml, and the place (``file:line``) of every one of them."""


def merged_params(overrides: Sequence[Overrides], *, where: Path) -> Params:
    """Return the settings of one training of several, which overrides give together, a later one over an earlier one.

    Args:
        overrides: the first has every key.
        where: the file to name for what has no place.

    Raises:
        ConfigError: if a key is unknown, missing or out of range; every problem is listed with its place. Or if the
            training wants several devices: for those, the whole program would be started again for each.
    """
    values: dict[str, Any] = {}
    places: dict[Location, str] = {}
    for override, override_places in overrides:
        merge(values, override)
        places |= override_places
    params = validated(Params, values, places=places, where=where)
    if params.train.devices > 1:
        raise ConfigError(
            "a program that makes several trainings gives one device to each of them",
            where=places.get(("train", "devices"), where),
            found=f"train.devices: {params.train.devices}",
            wanted="1",
            remedy=f"write `params: {{train: {{devices: 1}}}}` in {where}; studies and comparisons use more "
            "devices by the same command, started once for each",
        )
    return params


def named_settings(
    section: str,
    own: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    common: Sequence[Overrides],
    places: Places,
    where: Path,
) -> list[Params]:
    """Return the settings of every part of a list whose parts have names and ``params`` of their own.

    Args:
        section: the list's key in its file, such as ``phases``.
        own: name and ``params`` of every part.
        common: the overrides below.
        places: those of the whole file.
        where: the file.

    Raises:
        ConfigError: as :func:`merged_params`, or if two parts have the same name.
    """
    known: set[str] = set()
    settings = []
    for number, (name, params) in enumerate(own):
        if name in known:
            raise ConfigError(f"two {section} are named {name!r}", where=places[section, number, "name"])
        known.add(name)
        override = (params, places_below(places, (section, number, "params")))
        settings.append(merged_params([*common, override], where=where))
    return settings


def merge(values: dict[str, Any], override: Mapping[str, Any]) -> None:
    """Put a override's values in place; a section that is one on both sides is gone into."""
    for name, value in override.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            merge(values[name], value)
        else:
            values[name] = copy.deepcopy(value)


def places_below(places: Mapping[Location, str], path: Location) -> dict[Location, str]:
    """Return the places of what lies below a path, by their location from there."""
    depth = len(path)
    return {
        location[depth:]: place
        for location, place in places.items()
        if len(location) > depth and location[:depth] == path
    }
