"""Studies as a user runs them: real trainings of a very small voice, stopped, gone on with, and applied."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import mlflow
import optuna
import pytest
import yaml
from optuna.trial import TrialState
from support.interruption import interrupt
from support.prepared import copy_project
from support.project import Project
from support.tuned import study_of, trials_of, tune, with_study

from emotts.settings import load_params
from emotts.workflows.tuning.attempts import trial_number
from emotts.workflows.tuning.metrics import evaluation_metrics, validation_metrics

EMOTTS = (sys.executable, "-m", "emotts.cli")
COMPLETE, PRUNED, FAIL = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL


@pytest.fixture(scope="module")
def tuned(whole: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """Return a project whose study was stopped in its first trial and then finished, and what was said then."""
    ready = with_study(whole, tmp_path_factory.mktemp("tune") / "project")
    last = ready.folder / "data/tune/small/trial-0000/voice/last.json"
    done = interrupt(ready, *EMOTTS, "tune", "experiments/small.yaml", moment=lambda pid: last.exists())
    assert done.returncode == 130, done.stdout
    assert "Traceback" not in done.stdout
    assert "the study waits; go on with: emotts tune experiments/small.yaml\n" in done.stdout
    assert [trial.state for trial in study_of(ready).trials] == [FAIL, TrialState.WAITING]
    finished = tune(ready, "experiments/small.yaml")
    assert finished.returncode == 0, finished.stdout
    return ready, finished.stdout


@pytest.mark.slow
def test_a_stopped_study_goes_on_with_its_trial_from_its_checkpoint(tuned: tuple[Project, str]) -> None:
    project, said = tuned
    assert "going on from data/tune/small/trial-0000/voice/step_0000000" in said.replace(f"{project.folder}/", "")
    trials = trials_of(project)
    assert [trial_number(trial) for trial in trials] == [0, 1, 2, 3]
    assert [trial.number for trial in trials] == [1, 2, 3, 4], "Optuna's numbers: the first trial went on as 1"
    wanted = [(0.005, 2), (0.005, 8), (10.0,), (1e-9,)]
    assert [tuple(trial.params.values()) for trial in trials] == wanted
    assert [trial.state for trial in trials] == [COMPLETE, COMPLETE, FAIL, PRUNED]


@pytest.mark.slow
def test_a_trial_without_a_result_has_a_reason(tuned: tuple[Project, str]) -> None:
    project, said = tuned
    reasons = [trial.user_attrs.get("reason", "") for trial in trials_of(project)]
    assert reasons[:2] == ["", ""]
    assert reasons[2].startswith("diverged: ")
    assert re.fullmatch(r"val/loss/mel [\d.]+ after 2 steps: others were better by then", reasons[3])
    assert "trial 2 failed: diverged: " in said
    assert f"trial 3: pruned: {reasons[3]}" in said
    assert "study small: 4 trials (2 complete, 1 pruned, 1 failed)" in said


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
    statuses = ["FINISHED", "FINISHED", "FAILED", "KILLED"]
    assert [children[name].info.status for name in "0123"] == statuses
    states = ["complete", "complete", "failed", "pruned"]
    assert [children[name].data.tags["tune.state"] for name in "0123"] == states
    assert children["2"].data.tags["tune.reason"].startswith("diverged: ")
    assert children["2"].data.params["train.learning_rate"] == "10.0"
    for number, trial in enumerate(trials_of(project)[:2]):
        run = children[str(number)]
        assert run.data.params["model.synthesizer.emotion_channels"] == str((2, 8)[number])
        assert run.data.metrics["objective.emotion_probability"] == trial.value
        assert run.data.metrics["emotion_probability"] == trial.value
        assert [point.step for point in client.get_metric_history(run.info.run_id, "val/loss/mel")] == [2, 4, 6]
    assert parent.info.status == "FINISHED"
    page = Path(client.download_artifacts(parent.info.run_id, "plots/study.html")).read_text(encoding="utf-8")
    wanted = ["history", "parallel_coordinates", "slices", "contour", "rank", "timeline", "validations"]
    assert [name for name in re.findall(r'<a href="#(\w+)">', page) if name != "importance"] == wanted
    assert not re.search(r'<script[^>]+src="http', page), "it needs no network"
    assert len(page) < 6_000_000, "it holds Plotly once"
    assert [each.path for each in client.list_artifacts(parent.info.run_id, "best")] == ["best/best.yaml"]


@pytest.mark.slow
def test_every_metric_that_a_study_may_name_is_one_that_trials_have(tuned: tuple[Project, str]) -> None:
    project, _ = tuned
    params = load_params(project.folder / "params.yaml")
    folder = project.folder / "data/tune/small/trial-0000"
    evaluated = json.loads((folder / "reports/evaluation.json").read_text(encoding="utf-8"))
    emotions = json.loads((folder / "reports/samples/samples.json").read_text(encoding="utf-8"))
    wanted = evaluation_metrics(params, sorted({row["emotion"] for row in emotions}))
    assert [name for name in wanted if name not in evaluated and not name.startswith("mcd_db")] == []
    validations = json.loads((folder / "validations.json").read_text(encoding="utf-8"))
    assert list(validations) == ["2", "4", "6"]
    assert set(validations["6"]) == set(validation_metrics(params))


@pytest.mark.slow
def test_only_the_best_trials_checkpoints_are_kept(tuned: tuple[Project, str]) -> None:
    project, _ = tuned
    best = trial_number(max(trials_of(project)[:2], key=lambda trial: trial.value))  # the first of equals
    folders = sorted((project.folder / "data/tune/small").glob("trial-*/voice"))
    assert [folder.parent.name for folder in folders] == [f"trial-{best:04d}"]


@pytest.mark.slow
def test_a_finished_study_only_prints_its_result_again(tuned: tuple[Project, str]) -> None:
    project, said = tuned
    again = tune(project, "experiments/small.yaml")
    assert again.returncode == 0
    assert "trial 0: train.learning_rate" not in again.stdout
    first, shown = (text[text.index("study small") :].splitlines() for text in (said, again.stdout))
    assert [line for line in first if not line.endswith("model 'emotts'.")] == shown  # MLflow's own lines
    assert re.fullmatch(r"models:/emotts@challenger is version 1, the voice of trial [01]", shown[-1])


@pytest.mark.slow
def test_a_trial_that_kills_its_processes_fails_with_its_reason(tuned: tuple[Project, str], tmp_path: Path) -> None:
    project = copy_project(tuned[0], tmp_path / "project")
    path = project.folder / "experiments/small.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name: small", "name: deadly").replace("trials: 9", "trials: 1"), encoding="utf-8")
    url = f"sqlite:///{project.folder / 'optuna.db'}"
    made = optuna.create_study(study_name="deadly", storage=url, direction="maximize")
    made.enqueue_trial({"train.learning_rate": 1e-9}, user_attrs={"trial": 0, "deaths": 5})
    done = tune(project, "experiments/small.yaml")
    assert done.returncode == 1
    reason = "its process died 5 times without getting further (out of memory?)"
    assert f"trial 0: failed: {reason}" in done.stdout
    assert "no trial of deadly was completed" in done.stdout
    assert f"found: trial 0: {reason}" in done.stdout
    (trial,) = made.trials
    assert (trial.state, trial.user_attrs["reason"]) == (FAIL, reason)
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    run = client.get_run(trial.user_attrs["run_id"])
    assert (run.info.status, run.data.tags["tune.reason"]) == ("FAILED", reason)


@pytest.mark.slow
def test_the_best_values_are_applied(tuned: tuple[Project, str], tmp_path: Path) -> None:
    project = copy_project(tuned[0], tmp_path / "project")
    best = trial_number(max(trials_of(project)[:2], key=lambda trial: trial.value))
    before = (project.folder / "params.yaml").read_text(encoding="utf-8")
    done = tune(project, "experiments/small.yaml", "--apply")
    assert done.returncode == 0, done.stdout
    assert f"model.synthesizer.emotion_channels: 4 -> {(2, 8)[best]}" in done.stdout
    assert "2 values of params.yaml changed; `dvc repro` runs train, evaluate, export again" in done.stdout
    text = (project.folder / "params.yaml").read_text(encoding="utf-8")
    after = yaml.safe_load(text)
    assert after["train"]["learning_rate"] == 0.005
    assert after["model"]["synthesizer"]["emotion_channels"] == (2, 8)[best]
    assert after["train"]["steps"] == 8, "what the study fixed for its trials is not taken over"
    assert text.count("#") == before.count("#")


@pytest.mark.slow
def test_a_study_does_not_go_on_with_other_settings(tuned: tuple[Project, str], tmp_path: Path) -> None:
    project = copy_project(tuned[0], tmp_path / "project")
    project.set({"train.max_grad_norm": 5.0})
    done = tune(project, "experiments/small.yaml")
    assert done.returncode == 1
    assert "study small was begun with other settings" in done.stdout
    assert "found: train.max_grad_norm: 5.0" in done.stdout
    assert "wanted: train.max_grad_norm: 10.0" in done.stdout
