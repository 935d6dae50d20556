"""The runs of stages that follow a training in a later pass: which run they go on in, and how runs name each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mlflow
import pytest
from support.prepared import copy_project
from support.project import Project

from emotts.checkpoint.store import resolve_checkpoint

pytestmark = pytest.mark.slow


def runs(project: Project) -> dict[str, Any]:
    """Return the runs of a project by id, the oldest first."""
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    experiment = client.get_experiment_by_name("emotts")
    assert experiment is not None
    return {
        run.info.run_id: run
        for run in client.search_runs([experiment.experiment_id], order_by=["attributes.start_time"])
    }


def trained_by(project: Project) -> str:
    return str(json.loads((project.folder / "models/voice/tracking.json").read_text(encoding="utf-8"))["run_id"])


def passed(project: Project, stage: str) -> list[str]:
    """Run a stage as a pass of its own; return the ids of the runs that are new."""
    before = runs(project)
    done = project.stage(stage)
    assert done.returncode == 0, done.stdout
    return [run_id for run_id in runs(project) if run_id not in before]


def test_which_run_an_evaluation_belongs_to(whole: Project, tmp_path: Path) -> None:
    project = copy_project(whole, tmp_path / "project")
    training = trained_by(project)
    assert passed(project, "evaluate") == [], "the training's run has no evaluation yet, as after an interruption"
    first = runs(project)[training]
    meta = json.loads((resolve_checkpoint(project.folder / "models/voice") / "meta.json").read_text(encoding="utf-8"))
    assert first.data.tags["voice.sha256"] == meta["files"]["ema.safetensors"]["sha256"]
    assert {"val/score", "emotion_accuracy.balanced"} <= first.data.metrics.keys()
    assert "train.run_id" not in first.data.tags

    project.set({"speaking.length_scale": 2.0})
    (again,) = passed(project, "evaluate")
    heard = runs(project)[again]
    assert heard.info.run_name == "length_scale 2"
    assert heard.data.params["speaking.length_scale"] == "2.0"
    assert heard.data.tags["train.run_id"] == training
    assert heard.data.tags["voice.sha256"] == first.data.tags["voice.sha256"]
    assert runs(project)[training].data.tags["later.run_ids"] == again
    assert runs(project)[training].data.metrics["rtf"] == first.data.metrics["rtf"]

    assert passed(project, "export") == [], "the evaluation's run has no version yet"
    assert runs(project)[again].data.tags["registered_model"] == "emotts/1"
    version = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}").get_model_version("emotts", "1")
    said = {"language": "KR", "emotions": "neutral, happy, sad, angry", "speaker": "tester", "steps": "8"}
    assert said.items() <= version.tags.items()
    assert float(version.tags["rtf"]) == pytest.approx(runs(project)[again].data.metrics["rtf"], rel=1e-3)
    assert version.description is not None
    assert version.description.startswith("KR voice of tester after 8 steps: neutral, happy, sad, angry. Run: length")
    assert "- The meant emotion is heard in" in version.description
    (third,) = passed(project, "export")
    assert runs(project)[third].data.tags["train.run_id"] == training
    assert runs(project)[training].data.tags["later.run_ids"] == f"{again},{third}"
