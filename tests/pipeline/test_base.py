"""A second training that starts from the voice of the first, through DVC."""

from __future__ import annotations

import json
import re
import shutil

import mlflow
import pytest
from support.project import Project

pytestmark = pytest.mark.slow


def test_a_voice_trained_further(project: Project) -> None:
    first = project.repro()
    assert first.returncode == 0, first.stdout
    folder = project.folder
    assert not (folder / "models/voice/warm_start.json").exists()
    shutil.copytree(folder / "models/export", folder / "base-voice")
    project.set({"base": "./base-voice", "train.backbone_lr_scale": 0.5, "project.extra_emotions": ["bored"]})
    project.set({"train.freeze_steps": 2})
    second = project.repro()
    assert second.returncode == 0, second.stdout
    report = json.loads((folder / "models/voice/warm_start.json").read_text(encoding="utf-8"))
    assert report["widened"] == ["voice.emotions.table"]
    assert report["notes"]["voice.emotions.table"] == "7 of 8 rows by name; from the mean of 7: bored"
    assert all(name.startswith(("multi_", "duration.")) for name in report["fresh"])
    client = mlflow.MlflowClient(f"sqlite:///{folder / 'mlruns.db'}")
    experiment = client.get_experiment_by_name("emotts")
    runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time"])
    artifacts = [[item.path for item in client.list_artifacts(run.info.run_id)] for run in runs]
    assert "warm_start.json" not in artifacts[0]
    assert "warm_start.json" in artifacts[-1]
    rates = {
        group: [
            round(point.value, 9)
            for point in client.get_metric_history(runs[-1].info.run_id, f"train/learning_rate/{group}")
        ]
        for group in ("backbone", "fresh")
    }
    assert rates["backbone"][:2] == [0.0, 0.0]
    assert rates["backbone"][2] == pytest.approx(0.5 * rates["fresh"][2])

    again = project.repro()
    assert re.findall(r"^Running stage '(\w+)':", again.stdout, flags=re.MULTILINE) == []
    project.set({"base": "./nowhere"})
    missing = project.repro()
    assert missing.returncode != 0
    assert "no base voice is there" in missing.stdout
    project.set({"base": "none", "train.freeze_steps": 0})
    assert project.stage("train").returncode == 0
    assert not (folder / "models/voice/warm_start.json").exists(), "it told of another training"
