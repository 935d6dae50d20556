"""A picture of how much a training's seed matters beside its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from emotts.evaluation.comparison.seeds import Spread, spread
from emotts.plotting import new_figure

__all__ = ["seeds_figure"]

_COLUMNS = 2
_DOT, _MEAN = "#9aa5b1", "#c0562b"


def seeds_figure(values: Mapping[str, Mapping[str, Sequence[float]]], *, title: str) -> Figure:
    """Draw every seed as a dot, with the mean of each setting and its 95 % interval, in one panel a metric.

    Args:
        values: from metric to setting to one value a seed; a setting without any has no dots.
        title: of the picture.
    """
    rows = -(-len(values) // _COLUMNS)
    settings = list(dict.fromkeys(name for group in values.values() for name in group))
    height = rows * (0.35 * len(settings) + 1.2) + 0.6
    figure, axes = new_figure(title, rows=rows, columns=_COLUMNS, height=height)
    for axis, (metric, groups) in zip(axes, values.items(), strict=False):
        for place, setting in enumerate(settings):
            seeds = groups.get(setting, ())
            axis.plot(seeds, [place] * len(seeds), "o", color=_DOT, markersize=5)
            if seeds:
                found = spread(seeds)
                axis.plot([found.mean], [place], "|", color=_MEAN, markersize=16, markeredgewidth=2)
                axis.plot(_ends(found), [place, place], color=_MEAN)
        axis.set_yticks(range(len(settings)), settings)
        axis.set_ylim(len(settings) - 0.5, -0.5)
        axis.set_xlabel(metric, fontsize=9)
    for axis in axes[len(values) :]:
        axis.set_visible(False)
    return figure


def _ends(found: Spread) -> tuple[float, float]:
    return (found.mean, found.mean) if found.low is None or found.high is None else (found.low, found.high)
