"""Variants of a training as a user compares them: real trainings of a very small voice."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mlflow
import pytest
from support.prepared import copy_project
from support.project import Project

from emotts.corpus.lists import read_list
from emotts.files import locked

EMOTTS = (sys.executable, "-m", "emotts.cli")
COMPARISON = """name: small
figures: [emotion_accuracy.balanced, rtf]
params:
  train: {steps: 2, validate_every: 2, checkpoint_every: 2, sample_every: 2}
  evaluate: {intensity_sentences: 0}
variants:
  - name: as-it-is
  - name: emotions-as-speakers
    emotions_as_speakers: true
  - name: narrow
    params:
      model: {synthesizer: {emotion_channels: 2}}
"""


@pytest.fixture(scope="module")
def compared(whole: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """Return a project whose comparison is finished, and what it printed."""
    made = copy_project(whole, tmp_path_factory.mktemp("ablation") / "project")
    made.set({"model.synthesizer.istft.channels": 8, "model.synthesizer.istft.hidden_channels": 8})
    (made.folder / "small.yaml").write_text(COMPARISON, encoding="utf-8")
    done = made.run(*EMOTTS, "ablate", "small.yaml")
    assert done.returncode == 0, done.stdout
    return made, done.stdout


def test_the_table_has_the_figures_of_every_evaluation(compared: tuple[Project, str]) -> None:
    project, printed = compared
    place = project.folder / "data/ablation/small"
    lines = (place / "table.md").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["| variant | `emotion_accuracy.balanced` | `rtf` |", "|---|---|---|"]
    assert all(line in printed for line in lines)
    for line, name in zip(lines[2:], ("as-it-is", "emotions-as-speakers", "narrow"), strict=True):
        figures = json.loads((place / name / "reports/evaluation.json").read_text(encoding="utf-8"))
        assert line.startswith(f"| {name} | {figures['emotion_accuracy.balanced']:.3f}")
        assert line.endswith(f"| {figures['rtf']:.3f} |")


def test_emotions_as_speakers_train_and_speak_as_such(compared: tuple[Project, str]) -> None:
    place = compared[0].folder / "data/ablation/small/emotions-as-speakers"
    corpus = compared[0].folder / "data/corpus"
    for name in ("train.list", "val.list", "test.list"):
        wanted = {(item.wav, f"{item.speaker}-{item.emotion}") for item in read_list(corpus / name)}
        assert {(item.wav, item.speaker) for item in read_list(place / "corpus" / name)} == wanted
        assert {item.emotion for item in read_list(place / "corpus" / name)} == {"neutral"}
    samples = json.loads((place / "reports/samples/samples.json").read_text(encoding="utf-8"))
    emotions = {item.emotion for item in read_list(corpus / "train.list")}
    assert re.findall(r'"emotion": "(\w+)"', json.dumps(samples)), samples
    assert set(re.findall(r'"emotion": "(\w+)"', json.dumps(samples))) == emotions


def test_every_variant_is_a_run_below_the_comparisons(compared: tuple[Project, str]) -> None:
    project = compared[0]
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    experiment = client.get_experiment_by_name("emotts")
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    parent = runs["ablation small"].info.run_id
    assert runs["ablation small"].info.status == "FINISHED"
    for name, channels in (("as-it-is", "4"), ("narrow", "2"), ("emotions-as-speakers", "4")):
        run = runs[f"small {name}"]
        assert run.data.tags["mlflow.parentRunId"] == parent
        assert run.data.tags["variant"] == name
        assert run.data.params["model.synthesizer.emotion_channels"] == channels
        assert {"val/loss/mel", "emotion_accuracy.balanced"} <= set(run.data.metrics)


def test_what_is_finished_is_not_done_again(compared: tuple[Project, str]) -> None:
    project, printed = compared
    place = project.folder / "data/ablation/small"
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*.safetensors")}
    reports = {path: path.stat().st_mtime_ns for path in place.rglob("evaluation.json")}
    again = project.run(*EMOTTS, "ablate", "small.yaml")
    assert again.returncode == 0, again.stdout
    assert again.stdout.splitlines()[-5:] == printed.splitlines()[-5:]
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*.safetensors")} == before
    assert {path: path.stat().st_mtime_ns for path in place.rglob("evaluation.json")} == reports


def test_processes_share_the_variants(compared: tuple[Project, str], tmp_path: Path) -> None:
    """A variant that another process works on is left for the end; every one is trained once."""
    project = copy_project(compared[0], tmp_path / "project")
    shutil.rmtree(project.folder / "data/ablation")
    place = project.folder / "data/ablation/small"
    with ThreadPoolExecutor(1) as pool, locked(place / "as-it-is/lock"):
        running = pool.submit(project.run, *EMOTTS, "ablate", "small.yaml")
        while not (place / "narrow/evaluated.json").is_file():
            assert not running.done(), running.result().stdout
            time.sleep(0.1)
        assert (place / "emotions-as-speakers/evaluated.json").is_file()
        assert not (place / "as-it-is/voice").exists()
        assert not (place / "table.md").exists()
    assert running.result().returncode == 0, running.result().stdout
    assert (place / "as-it-is/evaluated.json").is_file()
    assert len((place / "table.md").read_text(encoding="utf-8").splitlines()) == 5


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("rtf]", "speed]", r"the evaluation has no figure named speed[\s\S]*emotion_accuracy\.balanced"),
        ("name: narrow", "name: as-it-is", r"small\.yaml:10: two variants are named 'as-it-is'"),
        ("emotion_channels: 2", "emotion_chanels: 2", r"small\.yaml:12: [\s\S]*emotion_chanels"),
        ("  - name: narrow", "  - nam: narrow", r"small\.yaml:10: [\s\S]*nam"),
    ],
)
def test_what_a_comparison_refuses(
    compared: tuple[Project, str], tmp_path: Path, before: str, after: str, message: str
) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(COMPARISON.replace(before, after), encoding="utf-8")
    done = compared[0].run(*EMOTTS, "ablate", str(path))
    assert done.returncode == 1
    assert re.search(message, done.stdout), done.stdout
