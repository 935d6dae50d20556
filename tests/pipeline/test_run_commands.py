"""The commands about tracked runs, as a user types them in a project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.postgresql import free_port
from support.project import REPOSITORY

from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips
from emotts.tracking import Tracker, store_uri

TEXTS = [f"문장 {number}" for number in range(30)]


@pytest.fixture
def project(tracked: Path) -> Path:
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tracked / name)
    return tracked


def evaluated(root: Path, name: str, right: int) -> str:
    """Make a run whose voice is heard rightly in so many clips of 30; return its id."""
    sound = np.full(400, 0.25, np.float32)
    heard = ["sad" if place < right else "happy" for place in range(len(TEXTS))]
    tasks = [Task(number, text, "sad", own=True, shared=False) for number, text in enumerate(TEXTS)]
    clips = [Clip(task, sound, 8000, None, said, 0.5, None) for task, said in zip(tasks, heard, strict=True)]
    save_clips(clips, root / "reports/samples")
    with Tracker(root, experiment="voices", name=name) as tracker:
        tracker.metrics({"emotion_accuracy.balanced": right / 30, "emotion_accuracy.sad": right / 30})
        tracker.params({"train.steps": right})
        tracker.folder(root / "reports", "evaluation")
    return tracker.run_id


def emotts(root: Path, *arguments: str, **variables: str) -> tuple[int, str, str]:
    """Run a command in the project; return its status and both streams."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", **variables}
    done = subprocess.run(
        [sys.executable, "-m", "emotts.cli", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def cells(text: str, name: str) -> list[str]:
    """Return the cells of a row of a table, as words."""
    (line,) = (line for line in text.splitlines() if f"│ {name} " in line)
    return line.replace("│", " ").split()


def test_compare(project: Path) -> None:
    first = evaluated(project, "before", 5)
    evaluated(project, "later", 25)
    code, said, problem = emotts(project, "compare", first[:12], "later", "-o", "comparison.html")
    assert (code, problem) == (0, "")
    assert cells(said, "emotion_accuracy.sad")[1:4] == ["0.167", "0.833", "+0.667"]
    assert cells(said, "emotion_accuracy.sad")[-1] == "better"
    assert cells(said, "train.steps") == ["train.steps", "5", "25"]
    assert "comparison.html: to listen, open it in a browser" in said
    page = (project / "comparison.html").read_text(encoding="utf-8")
    assert page.count("data:audio/flac;base64,") == 60
    code, _, problem = emotts(project, "compare", "before")
    assert (code, "one run cannot be compared" in problem) == (1, True)


def test_promote(project: Path) -> None:
    import mlflow

    client = mlflow.MlflowClient(store_uri(project))
    client.create_registered_model("emotts")
    for name, right in (("good", 25), ("bad", 5)):
        client.create_model_version("emotts", f"{project.as_uri()}/mlartifacts", evaluated(project, name, right))
    code, said, _ = emotts(project, "promote", "good")
    assert (code, "models:/emotts@champion is version 1, of good" in said) == (0, True)
    code, said, problem = emotts(project, "promote", "bad")
    assert code == 1
    assert cells(said, "emotion_accuracy.balanced")[1:4] == ["0.833", "0.167", "-0.667"]
    assert "found: emotion_accuracy.balanced is 0.167; the present champion has 0.833" in problem
    assert str(client.get_model_version_by_alias("emotts", "champion").version) == "1"
    code, said, _ = emotts(project, "promote", "bad", "--anyway")
    assert (code, "is version 2, of bad" in said, "(before: version 1)" in said) == (0, True, True)
    assert str(client.get_model_version_by_alias("emotts", "champion").version) == "2"


def test_reproduce_names_what_is_missing(project: Path) -> None:
    evaluated(project, "bare", 5)
    code, _, problem = emotts(project, "reproduce", "bare")
    assert code == 1
    assert "bare (" in problem
    assert "the run does not hold the settings it was made with" in problem


@pytest.mark.parametrize("command", [("compare", "one", "two"), ("ui",), ("say", "네", "--voice", "models:/emotts/1")])
def test_a_server_that_does_not_answer(project: Path, command: tuple[str, ...]) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    code, _, problem = emotts(project, *command, MLFLOW_TRACKING_URI=address)
    assert code == 1
    assert f"MLFLOW_TRACKING_URI={address}: the tracking server does not answer" in problem
    assert "refused" in problem
    assert "docs/tracking-server.md" in problem
