"""Mixtures of four emotions by a place in a square."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["CENTRE", "corner_of", "first_corners", "mixed"]

CENTRE = (0.5, 0.5)
_PLACES = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
"""Of the corners: x to the right, y downwards."""


def first_corners(names: Sequence[str]) -> list[str]:
    """Return the emotions of the corners where nobody chose any; with fewer than four, some are there twice."""
    return [names[place % len(names)] for place in range(len(_PLACES))]


def corner_of(name: str, corners: Sequence[str]) -> tuple[float, float] | None:
    """Return the place of an emotion, None where it is in no corner."""
    return _PLACES[corners.index(name)] if name in corners else None


def mixed(corners: Sequence[str], x: float, y: float) -> str:
    """Return the mixing expression of a place, such as ``happy:0.7+surprised:0.3``.

    Args:
        corners: names above left, above right, below left, below right.
        x, y: from 0 to 1; the weights are bilinear, with two digits. What has a weight of 0 is left out.
    """
    weights: dict[str, float] = {}
    for name, (right, below) in zip(corners, _PLACES, strict=True):
        weight = (x if right else 1.0 - x) * (y if below else 1.0 - y)
        weights[name] = weights.get(name, 0.0) + weight
    parts = {name: round(weight, 2) for name, weight in weights.items() if round(weight, 2) > 0}
    if len(parts) == 1:
        return next(iter(parts))
    return "+".join(f"{name}:{weight:g}" for name, weight in parts.items())
