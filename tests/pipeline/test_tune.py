"""Studies as a user runs them: real trainings of a very small voice, stopped, gone on with, and applied."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import mlflow
import optuna
import pytest
import yaml
from optuna.trial import TrialState
from support.interruption import interrupt
from support.prepared import copy_project
from support.project import Project

from emotts.config import load_params
from emotts.tuning.figures import evaluation_figures, validation_figures

EMOTTS = (sys.executable, "-m", "emotts.cli")
STUDY = """name: small
objectives: [{metric: emotion_probability, direction: maximize}]
search:
  train.learning_rate: {type: categorical, choices: [0.001, 1.0e+30]}   # the second one diverges at once
  model.synthesizer.emotion_channels: {type: categorical, choices: [2, 8]}
sampler: {kind: grid}
budget: {trials: 9}
seed: 1
params:
  train: {steps: 6, validate_every: 2, checkpoint_every: 2, sample_every: 6}
"""


@pytest.fixture(scope="module")
def ready(whole: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project that has what trials share, and small networks."""
    made = copy_project(whole, tmp_path_factory.mktemp("tune") / "project")
    made.set({"model.synthesizer.istft.channels": 8, "model.synthesizer.istft.hidden_channels": 8})
    (made.folder / "experiments").mkdir()
    (made.folder / "experiments/small.yaml").write_text(STUDY, encoding="utf-8")
    return made


def tune(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = project.run(*EMOTTS, "tune", *arguments)
    assert "Traceback" not in done.stdout, done.stdout
    return done


def trials_of(project: Project, name: str = "small") -> list[Any]:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    url = f"sqlite:///{project.folder / 'optuna.db'}"
    return list(optuna.load_study(study_name=name, storage=url).get_trials(deepcopy=False))


@pytest.fixture(scope="module")
def tuned(ready: Project) -> tuple[Project, str]:
    """Return a project whose study was stopped in its first trial and then finished, and what was said then."""
    last = ready.folder / "data/tune/small/trial-0000/voice/last.json"
    done = interrupt(ready, *EMOTTS, "tune", "experiments/small.yaml", moment=lambda pid: last.exists())
    assert done.returncode == 130, done.stdout
    assert "Traceback" not in done.stdout
    assert [trial.state for trial in trials_of(ready)] == [TrialState.WAITING]
    finished = tune(ready, "experiments/small.yaml")
    assert finished.returncode == 0, finished.stdout
    return ready, finished.stdout


@pytest.mark.slow
def test_a_stopped_study_goes_on_with_its_trial_from_its_checkpoint(tuned: tuple[Project, str]) -> None:
    project, said = tuned
    assert "going on from data/tune/small/trial-0000/voice/step_0000000" in said.replace(f"{project.folder}/", "")
    trials = trials_of(project)
    assert [trial.number for trial in trials] == [0, 1, 2, 3]
    assert [tuple(trial.params.values()) for trial in trials] == [(0.001, 2), (0.001, 8), (1e30, 2), (1e30, 8)]
    assert [trial.state for trial in trials] == [TrialState.COMPLETE] * 2 + [TrialState.FAIL] * 2


@pytest.mark.slow
def test_a_diverged_trial_failed_with_its_reason(tuned: tuple[Project, str]) -> None:
    project, said = tuned
    for trial in trials_of(project)[2:]:
        assert trial.user_attrs["reason"].startswith("diverged: ")
        assert f"trial {trial.number} failed: diverged: " in said
    assert "study small: 4 trials (2 complete, 0 pruned, 2 failed)" in said


@pytest.mark.slow
def test_every_trial_is_a_run_below_the_studys(tuned: tuple[Project, str]) -> None:
    project, _ = tuned
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    runs = client.search_runs([each.experiment_id for each in client.search_experiments()])
    (parent,) = [run for run in runs if run.info.run_name == "tune small"]
    children = {
        run.data.tags["tune.trial"]: run
        for run in runs
        if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id
    }
    assert sorted(children) == ["0", "1", "2", "3"]
    assert sum("tune.study" in run.data.tags for run in runs) == 1 + 4, "a trial that goes on goes on in its run"
    assert [children[name].info.status for name in "0123"] == ["FINISHED", "FINISHED", "FAILED", "FAILED"]
    assert children["2"].data.tags["tune.reason"].startswith("diverged: ")
    for trial in trials_of(project)[:2]:
        run = children[str(trial.number)]
        assert run.data.params["model.synthesizer.emotion_channels"] == str((2, 8)[trial.number])
        assert run.data.metrics["objective.emotion_probability"] == trial.value
        assert run.data.metrics["emotion_probability"] == trial.value
        assert [point.step for point in client.get_metric_history(run.info.run_id, "val/loss/mel")] == [2, 4, 6]
    assert parent.info.status == "FINISHED"
    plots = {Path(each.path).name for each in client.list_artifacts(parent.info.run_id, "plots")}
    assert {"history.html", "parallel_coordinates.html", "slices.html", "timeline.html"} <= plots
    page = Path(client.download_artifacts(parent.info.run_id, "plots/history.html")).read_text(encoding="utf-8")
    assert "Plotly.newPlot" in page
    assert not re.search(r'<script[^>]+src="http', page), "it needs no network"
    assert [each.path for each in client.list_artifacts(parent.info.run_id, "best")] == ["best/best.yaml"]


@pytest.mark.slow
def test_every_figure_that_a_study_may_name_is_one_that_trials_have(tuned: tuple[Project, str]) -> None:
    project, _ = tuned
    params = load_params(project.folder / "params.yaml")
    folder = project.folder / "data/tune/small/trial-0000"
    evaluated = json.loads((folder / "reports/evaluation.json").read_text(encoding="utf-8"))
    emotions = json.loads((folder / "reports/samples/samples.json").read_text(encoding="utf-8"))
    wanted = evaluation_figures(params, sorted({row["emotion"] for row in emotions}))
    assert [name for name in wanted if name not in evaluated and not name.startswith("mcd_db")] == []
    validations = json.loads((folder / "validations.json").read_text(encoding="utf-8"))
    assert list(validations) == ["2", "4", "6"]
    assert set(validations["6"]) == set(validation_figures(params))


@pytest.mark.slow
def test_only_the_best_trials_checkpoints_are_kept(tuned: tuple[Project, str]) -> None:
    project, _ = tuned
    best = max(trials_of(project)[:2], key=lambda trial: trial.value).number  # the first of equals
    folders = sorted((project.folder / "data/tune/small").glob("trial-*/voice"))
    assert [folder.parent.name for folder in folders] == [f"trial-{best:04d}"]


@pytest.mark.slow
def test_a_finished_study_only_says_its_result_again(tuned: tuple[Project, str]) -> None:
    project, said = tuned
    again = tune(project, "experiments/small.yaml")
    assert again.returncode == 0
    assert "trial 0: train.learning_rate" not in again.stdout
    assert again.stdout[again.stdout.index("study small") :] == said[said.index("study small") :]


@pytest.mark.slow
def test_the_best_values_are_applied(tuned: tuple[Project, str], tmp_path: Path) -> None:
    project = copy_project(tuned[0], tmp_path / "project")
    best = max(trials_of(project)[:2], key=lambda trial: trial.value)
    before = (project.folder / "params.yaml").read_text(encoding="utf-8")
    done = tune(project, "experiments/small.yaml", "--apply")
    assert done.returncode == 0, done.stdout
    assert f"model.synthesizer.emotion_channels: 4 -> {(2, 8)[best.number]}" in done.stdout
    assert "2 values of params.yaml changed; `dvc repro` runs train, evaluate, export again" in done.stdout
    text = (project.folder / "params.yaml").read_text(encoding="utf-8")
    after = yaml.safe_load(text)
    assert after["train"]["learning_rate"] == 0.001
    assert after["model"]["synthesizer"]["emotion_channels"] == (2, 8)[best.number]
    assert after["train"]["steps"] == 8, "what the study fixed for its trials is not taken over"
    assert text.count("#") == before.count("#")


def test_a_study_needs_what_the_pipeline_made(labelled: Project, tmp_path: Path) -> None:
    project = copy_project(labelled, tmp_path / "project")
    (project.folder / "small.yaml").write_text(STUDY, encoding="utf-8")
    done = tune(project, "small.yaml")
    assert done.returncode == 1
    assert "found: no data/corpus, data/bert, models/emotion_classifier" in done.stdout
    assert "to do: dvc repro corpus bert classifier" in done.stdout
    wrong = STUDY.replace("emotion_probability", "emotion_probabillity")
    (project.folder / "small.yaml").write_text(wrong, encoding="utf-8")
    done = tune(project, "small.yaml")
    assert done.returncode == 1
    assert "no trial has a figure 'emotion_probabillity'; did you mean 'emotion_probability'?" in done.stdout


@pytest.mark.slow
def test_a_study_is_not_gone_on_with_under_other_settings(tuned: tuple[Project, str], tmp_path: Path) -> None:
    project = copy_project(tuned[0], tmp_path / "project")
    project.set({"train.clip_norm": 5.0})
    done = tune(project, "experiments/small.yaml")
    assert done.returncode == 1
    assert "study small was begun otherwise" in done.stdout
    assert "found: train.clip_norm: 5.0" in done.stdout
    assert "wanted: train.clip_norm: 10.0" in done.stdout
