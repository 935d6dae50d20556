"""The plots of a study, each an interactive page that needs no network."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import optuna.visualization as draw

from emotts.config import Study

__all__ = ["write_plots"]

_LOG = logging.getLogger(__name__)
_OF_ONE_FIGURE: Mapping[str, Callable[..., Any]] = {
    "history": draw.plot_optimization_history,
    "parallel_coordinates": draw.plot_parallel_coordinate,
    "slices": draw.plot_slice,
}
_MOST_AXES = 3
"""A Pareto front is drawn in two or three dimensions."""


def write_plots(opened: Any, study: Study, folder: Path) -> list[Path]:
    """Draw every plot that the study has enough trials for, as ``NAME.html`` (``NAME_FIGURE.html`` with several).

    Args:
        opened: Optuna's study.
        study: what its file says.
        folder: where to write.
    """
    written: list[Path] = []
    objectives = study.section.objectives
    for number, objective in enumerate(objectives):
        ending = "" if len(objectives) == 1 else f"_{objective.metric.replace('/', '.')}"
        target = None if len(objectives) == 1 else _value(number)
        for name, plot in _OF_ONE_FIGURE.items():
            drawn = partial(plot, opened, target=target, target_name=objective.metric)
            written += _write(folder / f"{name}{ending}.html", drawn)
        # what matters for low values is what Optuna asks of a figure on its own
        low = target if objective.direction == "minimize" else _value(number, sign=-1.0)
        drawn = partial(draw.plot_param_importances, opened, target=target and low, target_name=objective.metric)
        written += _write(folder / f"importance{ending}.html", drawn)
    written += _write(folder / "timeline.html", partial(draw.plot_timeline, opened))
    if study.section.pruner.kind != "none":
        written += _write(folder / "validations.html", partial(draw.plot_intermediate_values, opened))
    if 1 < len(objectives) <= _MOST_AXES:
        names = [objective.metric for objective in objectives]
        written += _write(folder / "pareto_front.html", partial(draw.plot_pareto_front, opened, target_names=names))
    return written


def _write(path: Path, plot: Callable[[], Any]) -> list[Path]:
    try:
        figure = plot()
    except (ValueError, RuntimeError) as error:  # as Optuna says that there are too few trials, or no differences
        _LOG.info("no plot %s: %s", path.stem, error)
        return []
    figure.write_html(path, include_plotlyjs=True)
    return [path]


def _value(number: int, *, sign: float = 1.0) -> Callable[[Any], float]:
    return lambda trial: sign * float(trial.values[number])
