"""Who and what a run comes from, its name, and runs whose process has died."""

from __future__ import annotations

import getpass
import subprocess
from pathlib import Path
from typing import Any

import mlflow
import pytest

from emotts.processes import worker_id
from emotts.tracking import Tracker, store_uri
from emotts.tracking.origin import origin_tags


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    done = subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def run(root: Path, run_id: str) -> Any:
    return mlflow.MlflowClient(store_uri(root)).get_run(run_id)


def test_user_commit_and_experiment(tracked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DVC_EXP_NAME", raising=False)
    assert origin_tags(tracked) == {"mlflow.user": getpass.getuser()}
    (tracked / "code.py").touch()
    git(tracked, "init", "-q", "-b", "quick")
    git(tracked, "add", "code.py")
    git(tracked, "commit", "-q", "-m", "start")
    git(tracked, "remote", "add", "origin", "https://me:s3cret@example.org/emotts.git")
    monkeypatch.setenv("DVC_EXP_NAME", "dizzy-mice")
    wanted = {
        "mlflow.user": getpass.getuser(),
        "mlflow.source.git.commit": git(tracked, "rev-parse", "HEAD"),
        "mlflow.source.git.branch": "quick",
        "mlflow.source.git.repoURL": "https://me:***@example.org/emotts.git",
        "dvc.exp.name": "dizzy-mice",
    }
    assert origin_tags(tracked) == wanted
    made = run(tracked, Tracker(tracked, experiment="voices").run_id)
    assert wanted.items() <= made.data.tags.items()
    assert made.info.run_name == "dizzy-mice"


def test_the_users_name_wins_and_comes_later_too(tracked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_EXP_NAME", "dizzy-mice")
    first = Tracker(tracked, experiment="voices")
    monkeypatch.setenv("EMOTTS_RUN_NAME", "warmer")
    second = Tracker(tracked, experiment="voices")
    assert (second.run_id, second.is_new, run(tracked, first.run_id).info.run_name) == (first.run_id, False, "warmer")


def test_a_run_whose_process_has_died_is_killed(tracked: Path) -> None:
    machine = worker_id().partition(" ")[0]
    processes = {"dead": f"{machine} 1@1.00", "elsewhere": "another-machine 7@1.00", "own": worker_id()}
    ids = {name: Tracker(tracked, experiment="voices", name=name).run_id for name in (*processes, "old")}
    client = mlflow.MlflowClient(store_uri(tracked))
    for name, process in processes.items():
        client.set_tag(ids[name], "emotts.process", process)
    client.delete_tag(ids["old"], "emotts.process")
    Tracker(tracked, experiment="voices", name="next").end()
    states = {name: run(tracked, run_id).info.status for name, run_id in ids.items()}
    assert states == {"dead": "KILLED", "elsewhere": "RUNNING", "own": "RUNNING", "old": "RUNNING"}
    tracker = Tracker(tracked, experiment="voices", run_id=ids["dead"], name="dead")
    assert run(tracked, tracker.run_id).info.status == "RUNNING", "it may be gone on with"
    assert run(tracked, tracker.run_id).data.tags["emotts.process"] == worker_id()


def test_a_run_goes_on_as_long_as_a_process_works_below_it(tracked: Path) -> None:
    machine = worker_id().partition(" ")[0]
    client = mlflow.MlflowClient(store_uri(tracked))
    study = Tracker(tracked, experiment="voices", name="study").run_id
    client.set_tag(study, "emotts.process", f"{machine} 1@1.00")
    trial = Tracker(tracked, experiment="voices", name="trial", parent=study)
    assert run(tracked, study).info.status == "RUNNING", "this process took it over"
    assert run(tracked, study).data.tags["emotts.process"] == worker_id()
    client.set_tag(study, "emotts.process", f"{machine} 1@1.00")
    Tracker(tracked, experiment="voices", name="next").end()
    assert run(tracked, study).info.status == "RUNNING", "the trial is still at work"
    trial.end()
    Tracker(tracked, experiment="voices", name="last").end()
    assert run(tracked, study).info.status == "KILLED"
    client.set_terminated(study, status="FINISHED")
    Tracker(tracked, experiment="voices", name="late", parent=study)
    assert run(tracked, study).info.status == "FINISHED"
