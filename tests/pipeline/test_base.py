"""A second training that starts from the voice of the first, through DVC."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import mlflow
import pytest
from support.prepared import copy_project, give_dvc
from support.project import Project

pytestmark = pytest.mark.slow
BEFORE = ("recording", "segment", "label", "corpus", "bert", "classifier")
"""The stages before the training, which the further emotion concerns too."""


def ran(output: str) -> set[str]:
    return set(re.findall(r"^Running stage '(\w+)':", output, flags=re.MULTILINE))


def run_stages(project: Project, *names: str) -> None:
    for name in names:
        done = project.stage(name)
        assert done.returncode == 0, done.stdout


@pytest.fixture
def further(whole: Project, tmp_path: Path) -> Project:
    """Return a project whose next training starts from its first voice, with one emotion more; the rest is done."""
    made = copy_project(whole, tmp_path / "project")
    run_stages(made, "export")
    assert not (made.folder / "models/voice/warm_start.json").exists()
    shutil.copytree(made.folder / "models/export", made.folder / "base-voice")
    made.set({"base": "./base-voice", "train.backbone_lr_scale": 0.5, "project.extra_emotions": ["bored"]})
    made.set({"train.freeze_steps": 2, "train.log_every": 1, "evaluate.max_sentences": 1})
    run_stages(made, *BEFORE)
    give_dvc(made, "--with-deps", *BEFORE)
    return made


def test_a_voice_trained_further(further: Project) -> None:
    folder = further.folder
    second = further.repro()
    assert second.returncode == 0, second.stdout
    assert ran(second.stdout) == {"train", "evaluate", "export"}
    report = json.loads((folder / "models/voice/warm_start.json").read_text(encoding="utf-8"))
    assert report["widened"] == ["voice.emotions.table"]
    assert report["notes"]["voice.emotions.table"] == "7 of 8 rows by name; from the mean of 7: bored"
    assert {name.split(".")[0] for name in report["fresh"]} == {"multi_period", "multi_resolution", "duration"}
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

    again = further.repro()
    assert ran(again.stdout) == set()
    further.set({"base": "./nowhere"})
    missing = further.repro()
    assert missing.returncode != 0
    assert "no base voice is there" in missing.stdout
    further.set({"base": "none", "train.freeze_steps": 0})
    run_stages(further, "train")
    assert not (folder / "models/voice/warm_start.json").exists(), "it told of another training"
