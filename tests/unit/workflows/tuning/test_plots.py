"""The page of a study's plots, and the lines of its parallel coordinates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.studies import STUDY, opened, run_trials

from emotts.settings import Scalar
from emotts.workflows.tuning.attempts import Outcome
from emotts.workflows.tuning.parallel import parallel_figure
from emotts.workflows.tuning.plots import write_plots
from emotts.workflows.tuning.storage import quiet_optuna

ROWS = ((1e-4, "natural"), (1e-3, "balanced"), (1e-2, "natural"))
ENQUEUED = "enqueue:\n" + "".join(f"  - {{train.learning_rate: {r}, train.sampler: {name}}}\n" for r, name in ROWS)


def by_rate(values: Mapping[str, Scalar]) -> dict[str, float]:
    rate = float(str(values["train.learning_rate"]))
    return {"cer": rate, "mcd_db": 3.0 - rate}


def test_every_plot_is_on_one_page(place: Path) -> None:
    made, _ = run_trials(place, STUDY + ENQUEUED, worth=by_rate)
    study = opened(place, STUDY + ENQUEUED)[0]
    with quiet_optuna():
        names = write_plots(made, study, place / "study.html")
    assert names == ["history", "importance", "parallel_coordinates", "slices", "contour", "rank", "timeline"]
    page = (place / "study.html").read_text(encoding="utf-8")
    assert re.findall(r'<a href="#(\w+)">', page) == names
    assert [page.count(f'id="{name}"') for name in names] == [1] * 7
    assert 3_000_000 < len(page) < 6_000_000, "it holds Plotly, and once"


def test_a_stopped_trial_and_one_beyond_a_constraint_have_lines_of_their_own(place: Path) -> None:
    text = STUDY + ENQUEUED + "constraints: [{metric: mcd_db, at_least: 2.995}]\n"
    study, made, queue = opened(place, text)
    for _ in range(4):
        lease = queue.lease()
        assert lease is not None
        metrics = by_rate(lease.values)
        pruned = Outcome("pruned", reason="others were better by then")
        complete = Outcome("complete", (metrics["cer"],), metrics=metrics)
        queue.finish(lease, pruned if lease.number == 2 else complete)
    figure = parallel_figure(made, study, objective=0)
    lines = {line.name: line for line in figure.data}
    assert list(lines) == ["trial 0", "trial 1", "trial 2", "trial 3"]
    assert [line.line.dash for line in figure.data] == ["solid", "solid", "dash", "dot"]
    assert lines["trial 1"].y == (0.0, 1.0, 0.0)
    assert lines["trial 2"].y == (pytest.approx(0.5), 0.0, None)
    assert lines["trial 3"].y == (1.0, 1.0, 1.0)
    assert lines["trial 3"].hovertext == "trial 3<br>train.learning_rate: 0.01<br>train.sampler: natural<br>cer: 0.01"
    assert list(figure.layout.xaxis.ticktext) == [
        "train.learning_rate<br>0.0001 to 0.01",
        "train.sampler<br>balanced to natural",
        "cer<br>0.0001 to 0.01",
    ]


def test_without_a_complete_trial_there_are_no_coordinates(place: Path) -> None:
    study, made, _ = opened(place)
    with pytest.raises(ValueError, match="no trial is complete"):
        parallel_figure(made, study, objective=0)
