"""What every seed of every trial is worth, beside the trial's mean."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from emotts.settings import Study
from emotts.workflows.tuning.attempts import latest_attempts, trial_number

__all__ = ["seeds_figure"]


def seeds_figure(optuna_study: Any, study: Study) -> go.Figure:
    """Draw a dot for every seed and a bar for the mean of every complete trial, by the first objective.

    Raises:
        ValueError: if no trial has seeds.
    """
    trials = [each for each in latest_attempts(optuna_study).values() if each.user_attrs.get("by_seed")]
    if not trials:
        raise ValueError("no trial has seeds")
    figure = go.Figure()
    for seed in map(str, study.section.seeds or ()):
        had = [each for each in trials if seed in each.user_attrs["by_seed"]]
        figure.add_scatter(
            x=[trial_number(each) for each in had],
            y=[each.user_attrs["by_seed"][seed][0] for each in had],
            mode="markers",
            name=f"seed {seed}",
        )
    numbers, means = [trial_number(each) for each in trials], [each.values[0] for each in trials]
    bar = {"symbol": "line-ew-open", "size": 24, "color": "#333333"}
    figure.add_scatter(x=numbers, y=means, mode="markers", marker=bar, name="mean")
    figure.update_layout(title="Every seed of every trial")
    figure.update_xaxes(title="trial")
    figure.update_yaxes(title=study.section.objectives[0].metric)
    return figure
