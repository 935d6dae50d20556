"""Studies as a user runs them: real trainings of a very small voice, stopped, gone on with, and applied."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import chdir
from pathlib import Path
from typing import Any

import mlflow
import optuna
import pytest
import sqlalchemy.exc
import yaml
from optuna.trial import TrialState
from support.interruption import interrupt
from support.postgresql import PostgreSQL
from support.prepared import copy_project
from support.project import Project

from emotts.config import load_params, load_study
from emotts.errors import ConfigError, CorpusError
from emotts.tuning.figures import evaluation_figures, validation_figures
from emotts.tuning.stages import Pipeline
from emotts.tuning.study import Tuning

EMOTTS = (sys.executable, "-m", "emotts.cli")
STUDY = """name: small
objectives: [{metric: emotion_probability, direction: maximize}]
search:
  train.learning_rate: {type: categorical, choices: [0.005, 1.0e+30, 1.0e-9]}   # good, diverges, learns nothing
  model.synthesizer.emotion_channels:   # the last one does not fit into any memory
    {type: categorical, choices: [2, 8, 1000000000000], when: {train.learning_rate: 0.005}}
sampler: {kind: grid}
pruner: {kind: median, metric: val/loss/mel, startup_trials: 2}
budget: {trials: 9}
seed: 1
params:
  train: {steps: 6, validate_every: 2, checkpoint_every: 2, sample_every: 6}
"""
HEARD = "val/spoken/emotion_probability"
COMPLETE, PRUNED, FAIL = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL


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


def trials_of(where: Project | str, name: str = "small") -> list[Any]:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    url = where if isinstance(where, str) else f"sqlite:///{where.folder / 'optuna.db'}"
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
    assert [trial.number for trial in trials] == [0, 1, 2, 3, 4]
    wanted = [(0.005, 2), (0.005, 8), (0.005, 10**12), (1e30,), (1e-9,)]
    assert [tuple(trial.params.values()) for trial in trials] == wanted
    assert [trial.state for trial in trials] == [COMPLETE, COMPLETE, FAIL, FAIL, PRUNED]


@pytest.mark.slow
def test_a_trial_without_a_result_has_a_reason(tuned: tuple[Project, str]) -> None:
    project, said = tuned
    reasons = [trial.user_attrs.get("reason", "") for trial in trials_of(project)]
    assert reasons[:2] == ["", ""]
    assert reasons[2].startswith("out of memory: ")
    assert reasons[3].startswith("diverged: ")
    assert re.fullmatch(r"val/loss/mel [\d.]+ after 2 steps: others were better by then", reasons[4])
    assert "trial 2 failed: out of memory: " in said
    assert "trial 3 failed: diverged: " in said
    assert f"trial 4: pruned: {reasons[4]}" in said
    assert "study small: 5 trials (2 complete, 1 pruned, 2 failed)" in said


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
    assert sorted(children) == ["0", "1", "2", "3", "4"]
    assert sum("tune.study" in run.data.tags for run in runs) == 1 + 5, "a trial that goes on goes on in its run"
    statuses = ["FINISHED", "FINISHED", "FAILED", "FAILED", "KILLED"]
    assert [children[name].info.status for name in "01234"] == statuses
    states = ["complete", "complete", "failed", "failed", "pruned"]
    assert [children[name].data.tags["tune.state"] for name in "01234"] == states
    assert children["2"].data.tags["tune.reason"].startswith("out of memory: ")
    assert children["3"].data.params["train.learning_rate"] == "1e+30"
    for trial in trials_of(project)[:2]:
        run = children[str(trial.number)]
        assert run.data.params["model.synthesizer.emotion_channels"] == str((2, 8)[trial.number])
        assert run.data.metrics["objective.emotion_probability"] == trial.value
        assert run.data.metrics["emotion_probability"] == trial.value
        assert [point.step for point in client.get_metric_history(run.info.run_id, "val/loss/mel")] == [2, 4, 6]
    assert parent.info.status == "FINISHED"
    plots = {Path(each.path).name for each in client.list_artifacts(parent.info.run_id, "plots")}
    assert {
        f"{name}.html" for name in ("history", "parallel_coordinates", "slices", "timeline", "validations")
    } <= plots
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
    assert after["train"]["learning_rate"] == 0.005
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


@pytest.mark.slow
def test_a_study_needs_the_pipelines_results_up_to_date(ready: Project, tmp_path: Path) -> None:
    shutil.copytree(ready.folder, tmp_path / "project", ignore=shutil.ignore_patterns("voice", "mlruns.db", "tune"))
    project = Project(tmp_path / "project")
    for command in (
        ["git", "init", "-q"],
        ["dvc", "init", "-q"],
        ["dvc", "commit", "-q", "-f", "-d", "bert", "classifier"],
    ):
        ended = project.run(*command)
        assert ended.returncode == 0, ended.stdout
    pipeline = Pipeline(project.folder)
    pipeline.check_results()
    project.set({"train.learning_rate": 0.1})
    pipeline.check_results()
    project.set({"corpus.val_share": 0.2})
    with pytest.raises(CorpusError, match="it is out of date") as caught:
        pipeline.check_results()
    assert caught.value.found == "changes for corpus (`dvc status` shows them)"
    assert caught.value.remedy == "dvc repro corpus bert classifier"


@pytest.mark.slow
@pytest.mark.parametrize("pruner", ["percentile, percentile: 40.0, startup_trials: 1", "hyperband"])
def test_a_pruner_hears_the_voice_while_it_trains(ready: Project, tmp_path: Path, pruner: str) -> None:
    project = copy_project(ready, tmp_path / "project")
    text = STUDY.replace("small", "heard").replace("[0.005, 1.0e+30, 1.0e-9]", "[0.005, 1.0e-9]")
    text = text.replace("[2, 8, 1000000000000]", "[2, 8]").replace("sample_every: 6", "sample_every: 2")
    text = text.replace("median, metric: val/loss/mel, startup_trials: 2", f"{pruner}, metric: {HEARD}")
    (project.folder / "heard.yaml").write_text(text, encoding="utf-8")
    done = tune(project, "heard.yaml")
    assert done.returncode == 0, done.stdout
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    runs = client.search_runs(
        [each.experiment_id for each in client.search_experiments()], "tags.`tune.study` = 'heard'"
    )
    by_trial = {run.data.tags["tune.trial"]: run.info.run_id for run in runs if "tune.trial" in run.data.tags}
    trials = trials_of(project, "heard")
    assert len(trials) == len(by_trial) == 3
    for trial in trials:
        logged = {point.step: point.value for point in client.get_metric_history(by_trial[str(trial.number)], HEARD)}
        assert trial.intermediate_values == logged, "higher is better, as of the objective"
        assert all(0.0 < value < 1.0 for value in logged.values())
        ended = max(logged)
        assert list(logged) == list(range(2, ended + 2, 2))
        if trial.state is PRUNED:
            said = f"{HEARD} {logged[ended]:.4g} after {ended} steps: others were better by then"
            assert trial.user_attrs["reason"] == said
        else:
            assert (trial.state, ended) == (COMPLETE, 6)
    assert trials[0].state is COMPLETE


def test_several_objectives_end_with_a_pareto_front(
    ready: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")  # MLflow notes its store there; it is forgotten at the end
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    project = copy_project(ready, tmp_path / "project")
    text = STUDY.replace("[{metric:", "[{metric: mcd_db, direction: minimize}, {metric:").replace("small", "two")
    path = project.folder / "two.yaml"
    path.write_text(text[: text.index("pruner:")] + text[text.index("budget:") :], encoding="utf-8")
    with chdir(project.folder):
        tuning = Tuning(load_study(path, root=project.folder), project.folder)
        opened = optuna.create_study(
            study_name="two", storage=f"sqlite:///{project.folder / 'optuna.db'}", directions=["minimize", "maximize"]
        )
        choices = {"train.learning_rate": optuna.distributions.CategoricalDistribution([0.005, 1e30, 1e-9])}
        for rate, values in ((0.005, (5.0, 0.5)), (1e-9, (4.0, 0.25)), (1e30, (6.0, 0.125))):
            params = {"train.learning_rate": rate}
            opened.add_trial(optuna.create_trial(params=params, distributions=choices, values=values))
        conclusion = tuning.conclude()
    folder = project.folder / "data/tune/two/pareto"
    assert conclusion.files == {0: folder / "trial-0000.yaml", 1: folder / "trial-0001.yaml"}
    assert yaml.safe_load(conclusion.file(1).read_text(encoding="utf-8")) == {"train": {"learning_rate": 1e-9}}
    for number in (None, 2):
        with pytest.raises(ConfigError) as caught:
            conclusion.file(number)
        assert caught.value.wanted == "one of 0, 1"
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    (run,) = client.search_runs([each.experiment_id for each in client.search_experiments()], "run_name = 'tune two'")
    plots = {Path(each.path).name for each in client.list_artifacts(run.info.run_id, "plots")}
    assert {"pareto_front.html", "history_mcd_db.html", "slices_emotion_probability.html"} <= plots


WORKERS, TRIALS, KILLS = 4, 5, 3
SHARED = """name: shared
objectives: [{metric: val/loss/mel, direction: minimize}]
search:
  train.learning_rate: {type: float, low: 1.0e-4, high: 1.0e-2, log: true}
  model.synthesizer.emotion_channels: {type: int, low: 2, high: 8}
budget: {trials: 5}
seed: 2
heartbeat_s: 5
params:
  train: {steps: 30, validate_every: 30, checkpoint_every: 5, sample_every: 30, log_every: 20}
"""


@pytest.mark.slow
def test_four_workers_on_postgresql_lose_no_trial_to_random_kills(
    ready: Project, postgresql: PostgreSQL, tmp_path: Path
) -> None:
    project = copy_project(ready, tmp_path / "project")
    (project.folder / "shared.yaml").write_text(SHARED, encoding="utf-8")
    url = postgresql.create_database()
    command = (*EMOTTS, "tune", "shared.yaml", "--storage", url)
    workers = [project.start(*command, "--worker") for _ in range(WORKERS)]
    said: list[str] = []
    killed = kill_at_random(project, workers, url, command=(*command, "--worker"))
    for worker in workers:
        output, _ = worker.communicate(timeout=200)
        said.append(output)
        assert worker.returncode in (0, -signal.SIGKILL), output
        assert "Traceback" not in output, output

    trials = trials_of(url, "shared")
    assert [trial.number for trial in trials] == list(range(TRIALS)), "the budget, and not one more"
    assert {trial.state for trial in trials} == {COMPLETE}
    everything = "".join(said)
    for trial in trials:
        ended = re.findall(rf"^emotts.tuning.study: trial {trial.number}: val/loss/mel", everything, re.MULTILINE)
        assert len(ended) == 1, "one process finished it"
        assert trial.user_attrs["steps"] == 30
        assert trial.user_attrs.get("deaths", 0) <= killed.count(trial.number)
    assert killed
    for number in killed:
        assert f"the process of trial {number} ended" in everything
        assert f"trial-{number:04d}/voice/step_" in everything, "it went on from a checkpoint"
    assert len({tuple(trial.params.values()) for trial in trials}) == TRIALS

    concluded = project.run(*command)
    assert concluded.returncode == 0, concluded.stdout
    assert "study shared: 5 trials (5 complete, 0 pruned, 0 failed)" in concluded.stdout
    assert (project.folder / "data/tune/shared/best.yaml").is_file()
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    runs = client.search_runs([each.experiment_id for each in client.search_experiments()])
    numbers = [
        run.data.tags["tune.trial"]
        for run in runs
        if run.data.tags.get("tune.study") == "shared" and "tune.trial" in run.data.tags
    ]
    assert sorted(numbers) == [str(number) for number in range(TRIALS)]


def kill_at_random(
    project: Project, workers: list[subprocess.Popen[str]], url: str, *, command: tuple[str, ...]
) -> list[int]:
    """Kill workers in the middle of trials, start another one for each, and return the numbers of the trials hit."""
    chance = random.Random(7)
    killed: list[int] = []
    end_s = time.monotonic() + 240
    while len(killed) < KILLS and time.monotonic() < end_s and any(worker.poll() is None for worker in workers):
        time.sleep(chance.uniform(0.5, 2.0))
        alive = {worker.pid: worker for worker in workers if worker.poll() is None}
        victims = [(number, alive[process]) for number, process in at_work(project, url) if process in alive]
        if not victims:
            continue
        number, victim = chance.choice(victims)
        victim.send_signal(signal.SIGSTOP)
        if (number, victim.pid) not in at_work(project, url):
            victim.send_signal(signal.SIGCONT)  # it has just finished that trial and may be at the next one
            continue
        victim.kill()
        victim.wait()
        killed.append(number)
        workers.append(project.start(*command))
    return killed


def at_work(project: Project, url: str) -> list[tuple[int, int]]:
    """Return number and process of every running trial that has a checkpoint, killed ones not yet noticed included."""
    try:
        trials = trials_of(url, "shared")
    except (KeyError, sqlalchemy.exc.SQLAlchemyError, optuna.exceptions.StorageInternalError):
        return []  # no worker has made it yet
    folder = project.folder / "data/tune/shared"
    return [
        (trial.number, int(owner.split(" ")[1].split("@")[0]))
        for trial in trials
        if trial.state == TrialState.RUNNING
        and (owner := trial.user_attrs.get("owner"))
        and (folder / f"trial-{trial.number:04d}/voice/last.json").exists()
    ]
