"""The commands about tracked runs, as a user types them in a project."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from support.modules import run_module
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
    done = run_module("emotts.cli", *arguments, folder=root, environment=environment, apart=True)
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


def test_compare_groups_for_other_programs(project: Path) -> None:
    for name, right in (("before-1", 5), ("before-2", 7), ("after-1", 25), ("after-2", 24)):
        evaluated(project, name, right)
    groups = ("before-1", "before-2", "vs", "after-1", "after-2")
    code, said, _ = emotts(project, "compare", *groups, "--json")
    (found,) = [row for row in json.loads(said)["metrics"] if row["name"] == "emotion_accuracy.sad"]
    assert code == 0
    assert [(each["mean"], each["count"]) for each in found["spreads"]] == [(pytest.approx(0.2), 2), (49 / 60, 2)]
    (difference,) = found["differences"]
    assert (difference["value"], difference["outcome"]) == (pytest.approx(37 / 60), "better")
    assert 0.3 < difference["low"] < 37 / 60 < difference["high"] < 0.8
    assert 0.3 < difference["seeds_low"] < 37 / 60 < difference["seeds_high"] < 0.9
    code, said, _ = emotts(project, "compare", *groups, "--md")
    assert "| `emotion_accuracy.sad` | 0.200 ± 0.047 (2 seeds) | 0.817 ± 0.024 (2 seeds) | +0.617 [" in said
    code, _, problem = emotts(project, "compare", *groups, "--md", "--csv")
    assert (code, "found: --csv --md" in problem) == (1, True)


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
    assert "emotion_accuracy.balanced is 0.167, the present champion has 0.833: -0.667 [" in problem
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
