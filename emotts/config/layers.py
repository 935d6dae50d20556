"""Settings laid over each other: params.yaml, a preset, what a recipe or a study says."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotts.config.params import Params
from emotts.config.reading import Location, validated
from emotts.errors import ConfigError

__all__ = ["Layer", "lay_over", "layered", "named_settings", "places_below"]

Places = Mapping[Location, str]
Layer = tuple[Mapping[str, Any], Mapping[Location, str]]
"""Values of some keys of params.yaml, and the place (``file:line``) of every one of them."""


def layered(layers: Sequence[Layer], *, where: Path) -> Params:
    """Return the settings of one training of several, which layers give together, a later one over an earlier one.

    Args:
        layers: the first has every key.
        where: the file to name for what has no place.

    Raises:
        ConfigError: if a key is unknown, missing or out of range; every problem is listed with its place. Or if the
            training wants several devices: for those, the whole program would be started again for each.
    """
    values: dict[str, Any] = {}
    places: dict[Location, str] = {}
    for layer, layer_places in layers:
        lay_over(values, layer)
        places |= layer_places
    params = validated(Params, values, places=places, where=where)
    _ = params.emotions
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
    section: str, own: Sequence[tuple[str, Mapping[str, Any]]], *, common: Sequence[Layer], places: Places, where: Path
) -> list[Params]:
    """Return the settings of every part of a list whose parts have names and ``params`` of their own.

    Args:
        section: the list's key in its file, such as ``phases``.
        own: name and ``params`` of every part.
        common: the layers below.
        places: those of the whole file.
        where: the file.

    Raises:
        ConfigError: as :func:`layered`, or if two parts have the same name.
    """
    known: set[str] = set()
    settings = []
    for number, (name, params) in enumerate(own):
        if name in known:
            raise ConfigError(f"two {section} are named {name!r}", where=places[section, number, "name"])
        known.add(name)
        layer = (params, places_below(places, (section, number, "params")))
        settings.append(layered([*common, layer], where=where))
    return settings


def lay_over(values: dict[str, Any], layer: Mapping[str, Any]) -> None:
    """Put a layer's values in place; a section that is one on both sides is gone into."""
    for name, value in layer.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            lay_over(values[name], value)
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
