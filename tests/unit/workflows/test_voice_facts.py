"""What is known of a voice: from its folder, its project, or the run that registered it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import mlflow
import pytest
from support.places import REPOSITORY

from emotts.serving.web.facts import VoiceFacts
from emotts.tracking import Tracker, store_uri
from emotts.workflows.voice_facts import read_facts

METRICS = {"emotion_accuracy.balanced": 0.9, "reference.cer": 0.1}


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project whose voice was evaluated beside reference speech that says what it is."""
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    text = (tmp_path / "params.yaml").read_text(encoding="utf-8")
    source = text.split("\n  source: ")[1].split()[0]
    put(tmp_path / source / "reference.json", json.dumps({"about": "Read by  a synthetic voice."}))
    put(tmp_path / "reports/evaluation.json", json.dumps({**METRICS, "note": "no number"}))
    (tmp_path / "models/export").mkdir(parents=True)
    return tmp_path


def test_the_voice_of_a_project(project: Path) -> None:
    expected = VoiceFacts(METRICS, "Read by a synthetic voice.", None)
    assert read_facts(str(project / "models/export")) == expected
    (project / "models/voice/step-8").mkdir(parents=True)
    assert read_facts(str(project / "models/voice/step-8")) == expected
    (project / "models/base/other").mkdir(parents=True)
    assert read_facts(str(project / "models/base/other")) == VoiceFacts()
    (project / "reports/evaluation.json").unlink()
    assert read_facts(str(project / "models/export")) == VoiceFacts()


def test_what_lies_in_the_folder_comes_first(project: Path) -> None:
    put(project / "models/export/evaluation.json", '{"cer": 0.2}')
    put(project / "models/export/README.md", "# Yuna\n\n## Licence\n\nCC BY 4.0, by Yuna.\n\n## Limits\n\nFew.\n")
    assert read_facts(str(project / "models/export")) == VoiceFacts({"cer": 0.2}, None, "CC BY 4.0, by Yuna.")
    put(project / "models/export/LICENSE.txt", "MIT\n")
    assert read_facts(str(project / "models/export")).licence == "MIT"


def test_a_report_that_cannot_be_read_is_a_warning(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(project / "reports/evaluation.json", "{")
    assert read_facts(str(project / "models/export")) == VoiceFacts()
    assert "evaluation.json:1: not an evaluation" in caplog.text


def test_the_base_voice_says_its_licence() -> None:
    facts = read_facts(str(REPOSITORY / "models/base/compact-ko"))
    assert facts.metrics == {}
    assert (facts.licence or "").startswith("Apache-2.0, like the project.")


def test_a_voice_of_the_registry_has_the_metrics_of_its_run(tracked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tracked)
    with Tracker(tracked, experiment="voices", name="good") as tracker:
        tracker.metrics(METRICS)
    client = mlflow.MlflowClient(store_uri(tracked))
    client.create_registered_model("emotts")
    client.create_model_version("emotts", f"{tracked.as_uri()}/mlartifacts", tracker.run_id)
    client.set_registered_model_alias("emotts", "champion", "1")
    for uri in ("models:/emotts@champion", "models:/emotts/1"):
        assert read_facts(uri) == VoiceFacts(METRICS)
    for uri in ("models:/emotts@nobody", "models:/emotts/7", "models:/none/1"):
        assert read_facts(uri) == VoiceFacts()
