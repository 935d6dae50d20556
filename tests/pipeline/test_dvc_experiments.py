"""Experiments that DVC runs outside of the workspace, in a small project with real DVC and MLflow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import mlflow
import pytest
import yaml
from support.places import REPOSITORY

from emotts.tracking.runs import find_run

pytestmark = pytest.mark.slow
STAGE = """
import pathlib, sys, yaml
from emotts.tracking import Tracker, register_voice
settings = yaml.safe_load(pathlib.Path("params.yaml").read_text(encoding="utf-8"))
root = pathlib.Path()
(root / "sample.txt").write_text("spoken", encoding="utf-8")
with Tracker(root, experiment="voices") as tracker:
    tracker.metrics({"rtf": settings["rtf"]})
    tracker.file(root / "sample.txt", "samples")
client = tracker._client
if not client.search_registered_models("name = 'emotts'"):
    client.create_registered_model("emotts")
client.create_model_version("emotts", f"{client.get_run(tracker.run_id).info.artifact_uri}/voice", tracker.run_id)
(root / "out.txt").write_text(tracker.run_id, encoding="utf-8")
"""
PIPELINE = {"stages": {"voice": {"cmd": "python track.py", "params": ["rtf"], "outs": ["out.txt"]}}}


def command(folder: Path, *words: str) -> str:
    """Run a command in a folder; return what it says."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "DVC_NO_ANALYTICS": "1",
    }
    environment.pop("MLFLOW_TRACKING_URI", None)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"] if words[0] == "git" else []
    program = [sys.executable, "-m", "dvc"] if words[0] == "dvc" else [words[0], *identity]
    done = subprocess.run(
        [*program, *words[1:]], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def project(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project in a folder of a repository, with DVC of its own."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    root = tmp_path / "repository/voices"
    root.mkdir(parents=True)
    shutil.copy(empty_store, root / "mlruns.db")
    texts = {"track.py": STAGE, "dvc.yaml": yaml.safe_dump(PIPELINE), "params.yaml": "rtf: 0.25\n"}
    texts[".gitignore"] = "/mlruns.db*\n/mlartifacts\n/.emotts\n/sample.txt\n"
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    command(tmp_path / "repository", "git", "init", "-q")
    command(tmp_path / "repository", "dvc", "init", "-q")
    command(root, "git", "add", "--all", ".")
    command(root, "git", "commit", "-q", "-m", "start")
    return root


def test_runs_and_versions_of_a_queued_experiment_stay(project: Path) -> None:
    command(project, "dvc", "exp", "run", "-q", "--queue", "--name", "quick", "--set-param", "rtf=0.5")
    command(project, "dvc", "exp", "run", "-q", "--run-all")
    client = mlflow.MlflowClient(f"sqlite:///{project / 'mlruns.db'}")
    run = find_run(project, "quick", model="emotts")
    assert (run.metrics, run.status, run.tags["dvc.exp.name"]) == ({"rtf": 0.5}, "FINISHED", "quick")
    artifacts = project / f"mlartifacts/{run.run_id}/artifacts"
    assert (artifacts / "samples/sample.txt").read_text(encoding="utf-8") == "spoken"
    kept = client.get_model_version("emotts", "1")
    assert (kept.run_id, kept.source) == (run.run_id, f"{artifacts.as_uri()}/voice")
    assert not list((project.parent / ".dvc/tmp/exps").glob("*/mlruns.db"))
