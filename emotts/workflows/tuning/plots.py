"""The plots of a study, on one interactive page that needs no network."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import optuna.visualization as draw
from optuna.importance import get_param_importances

from emotts.files import write_text
from emotts.settings import Study
from emotts.workflows.tuning.parallel import parallel_figure
from emotts.workflows.tuning.seed_plot import seeds_figure

__all__ = ["write_plots"]

_LOG = logging.getLogger(__name__)
_MOST_AXES = 3
"""A Pareto front is drawn in two or three dimensions."""
_MOST_PAIRED = 4
"""Contours and ranks are drawn of every pair of so many parameters."""
Plot = tuple[str, Callable[[], Any]]


def write_plots(optuna_study: Any, study: Study, path: Path) -> list[str]:
    """Draw every plot that the study has enough trials for; return their names.

    The page holds Plotly once. A plot's name is the id of its element; with several objectives it ends with the metric.

    Args:
        optuna_study: Optuna's study.
        study: what its file says.
        path: the page to write.
    """
    drawn = [(name, figure) for name, plot in _plots(optuna_study, study) if (figure := _drawn(name, plot)) is not None]
    parts = [
        figure.to_html(full_html=False, include_plotlyjs=place == 0, div_id=name, default_height="600px")
        for place, (name, figure) in enumerate(drawn)
    ]
    links = " ".join(f'<a href="#{name}">{html.escape(name.replace("_", " "))}</a>' for name, _ in drawn)
    title = html.escape(f"Study {study.name}")
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    body = f"<body><h1>{title}</h1><p>{links}</p>{''.join(parts)}</body></html>"
    write_text(path, f"{head}{body}\n")
    return [name for name, _ in drawn]


def _plots(optuna_study: Any, study: Study) -> Iterator[Plot]:
    """Yield name and drawing of every plot, the most telling first."""
    objectives = study.section.objectives
    if 1 < len(objectives) <= _MOST_AXES:
        names = [objective.metric for objective in objectives]
        yield "pareto_front", partial(draw.plot_pareto_front, optuna_study, target_names=names)
    for number in range(len(objectives)):
        yield from _of_objective(optuna_study, study, number)
    if study.section.seeds is not None:
        yield "seeds", partial(seeds_figure, optuna_study, study)
    yield "timeline", partial(draw.plot_timeline, optuna_study)
    if study.section.pruner.kind != "none":
        yield "validations", partial(draw.plot_intermediate_values, optuna_study)


def _of_objective(optuna_study: Any, study: Study, number: int) -> Iterator[Plot]:
    objective, alone = study.section.objectives[number], len(study.section.objectives) == 1
    ending = "" if alone else f"_{objective.metric.replace('/', '.')}"
    target = None if alone else _value(number)
    common: dict[str, Any] = {"target": target, "target_name": objective.metric}
    # without a target Optuna asks what low values depend on; the same is asked of several objectives
    low = target if objective.direction == "minimize" else _value(number, sign=-1.0)
    paired = _most_important(optuna_study, list(study.search), target=target and low)
    yield f"history{ending}", partial(draw.plot_optimization_history, optuna_study, **common)
    yield (
        f"importance{ending}",
        partial(draw.plot_param_importances, optuna_study, target=target and low, target_name=objective.metric),
    )
    yield f"parallel_coordinates{ending}", partial(parallel_figure, optuna_study, study, objective=number)
    yield f"slices{ending}", partial(draw.plot_slice, optuna_study, **common)
    if len(paired) > 1:
        yield f"contour{ending}", partial(draw.plot_contour, optuna_study, paired, **common)
        yield f"rank{ending}", partial(draw.plot_rank, optuna_study, paired, **common)


def _most_important(optuna_study: Any, names: Sequence[str], *, target: Callable[[Any], float] | None) -> list[str]:
    """Return the parameters to draw in pairs: those that occur in trials, the most important ones of many."""
    found = {name for trial in optuna_study.get_trials(deepcopy=False) for name in trial.params}
    present = [name for name in names if name in found]
    if len(present) <= _MOST_PAIRED:
        return present
    try:
        important = list(get_param_importances(optuna_study, target=target))
    except (ValueError, RuntimeError):  # too few trials, or no differences
        important = []
    return [*important, *(name for name in present if name not in important)][:_MOST_PAIRED]


def _drawn(name: str, plot: Callable[[], Any]) -> Any:
    try:
        return plot()
    except (ValueError, RuntimeError) as error:  # as Optuna says that there are too few trials, or no differences
        _LOG.info("no plot %s: %s", name, error)
        return None


def _value(number: int, *, sign: float = 1.0) -> Callable[[Any], float]:
    return lambda trial: sign * float(trial.values[number])
