"""A study that several processes work on, some of which are killed."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import mlflow
import optuna
import pytest
import sqlalchemy.exc
from optuna.trial import TrialState
from support.postgresql import PostgreSQL
from support.project import Project
from support.tuned import small_networks, trials_of, tune

from emotts.addresses import shown_address
from emotts.workflows.tuning.attempts import trial_number

EMOTTS = (sys.executable, "-m", "emotts.cli")
WORKERS, TRIALS, KILLS = 3, 4, 2
SHARED = """name: shared
objectives: [{metric: val/loss/mel, direction: minimize}]
search:
  train.learning_rate: {type: float, low: 1.0e-4, high: 1.0e-2, log: true}
  model.synthesizer.emotion_channels: {type: int, low: 2, high: 8}
budget: {trials: 4}
seed: 2
heartbeat_s: 5
params:
  train: {steps: 20, validate_every: 20, checkpoint_every: 5, sample_every: 20, log_every: 20}
"""


@pytest.mark.slow
def test_workers_on_postgresql_lose_no_trial_to_random_kills(
    whole: Project, postgresql: PostgreSQL, tmp_path: Path
) -> None:
    project = small_networks(whole, tmp_path / "project")
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
    assert [trial_number(trial) for trial in trials] == list(range(TRIALS)), "the budget, and not one more"
    assert {trial.state for trial in trials} == {TrialState.COMPLETE}
    everything = "".join(said)
    for number, trial in enumerate(trials):
        ended = re.findall(rf"^emotts.workflows.tuning.study: trial {number}: val/loss/mel", everything, re.MULTILINE)
        assert len(ended) == 1, "one process finished it"
        assert trial.user_attrs["steps"] == 20
        assert trial.user_attrs.get("deaths", 0) <= killed.count(number)
    assert killed
    for number in killed:
        assert f"the process of trial {number} ended" in everything
        assert f"trial-{number:04d}/voice/step_" in everything, "it went on from a checkpoint"
    assert len({tuple(trial.params.values()) for trial in trials}) == TRIALS

    check_result(project, url)
    assert (project.folder / "data/tune/shared/best.yaml").is_file()
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    runs = client.search_runs([each.experiment_id for each in client.search_experiments()])
    numbers = [
        run.data.tags["tune.trial"]
        for run in runs
        if run.data.tags.get("tune.study") == "shared" and "tune.trial" in run.data.tags
    ]
    assert sorted(numbers) == [str(number) for number in range(TRIALS)]


def check_result(project: Project, url: str) -> None:
    """The finished study is shown with the command that applies it, which needs no password in the environment."""
    ended_study = tune(project, "shared.yaml", "--storage", url)
    assert ended_study.returncode == 0, ended_study.stdout
    assert "study shared: 4 trials (4 complete, 0 pruned, 0 failed)" in ended_study.stdout
    again = f"emotts tune shared.yaml --storage '{shown_address(url)}' --apply"
    assert f"take them over: {again}" in ended_study.stdout
    assert ":***@127.0.0.1:" in again
    project.environment["EMOTTS_STORAGE"] = url
    applied = tune(project, "shared.yaml", "--apply")
    assert applied.returncode == 0, applied.stdout
    assert "train.learning_rate: 2.58e-4 -> " in applied.stdout
    assert "values of params.yaml changed; `dvc repro` runs train, evaluate, export again" in applied.stdout


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
        (trial_number(trial), int(worker_id.split(" ")[1].split("@")[0]))
        for trial in trials
        if trial.state == TrialState.RUNNING
        and (worker_id := trial.user_attrs.get("worker_id"))
        and (folder / f"trial-{trial_number(trial):04d}/voice/last.json").exists()
    ]
