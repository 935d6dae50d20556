"""Settings laid over each other: params.yaml, a preset, what a recipe or a study says."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotts.config.params import Params
from emotts.config.reading import Location, validated

__all__ = ["Layer", "lay_over", "layered", "places_below"]

Layer = tuple[Mapping[str, Any], Mapping[Location, str]]
"""Values of some keys of params.yaml, and the place (``file:line``) of every one of them."""


def layered(layers: Sequence[Layer], *, where: Path) -> Params:
    """Return the settings that layers give together, a later one over an earlier one.

    Args:
        layers: the first has every key.
        where: the file to name for what has no place.

    Raises:
        ConfigError: if a key is unknown, missing or out of range; every problem is listed with its place.
    """
    values: dict[str, Any] = {}
    places: dict[Location, str] = {}
    for layer, layer_places in layers:
        lay_over(values, layer)
        places |= layer_places
    params = validated(Params, values, places=places, where=where)
    _ = params.emotions
    return params


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
