"""The whole pipeline through DVC: what it writes, what reruns, what MLflow holds, and a killed training."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
import soundfile
from support.project import Project

from emotts import Voice
from emotts.config import load_params
from emotts.corpus.identity import corpus_digest
from emotts.judges.panel import PARTS
from emotts.reproduction.availability import HERE, check_ingredients
from emotts.reproduction.data_store import DataStore
from emotts.reproduction.ingredients import read_ingredients
from emotts.tracking.runs import find_run

pytestmark = pytest.mark.slow
STAGES = ["recording", "segment", "label", "corpus", "bert", "classifier", "train", "evaluate", "export"]


def ran(output: str) -> list[str]:
    """Return the stages that ``dvc repro`` ran."""
    return re.findall(r"^Running stage '(\w+)':", output, flags=re.MULTILINE)


def runs(project: Project) -> list[Any]:
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    experiment = client.get_experiment_by_name("emotts")
    return client.search_runs([experiment.experiment_id], order_by=["attributes.start_time"])


def artifacts(project: Project, run_id: str, folder: str) -> set[str]:
    """Return the paths of all files of a run below ``folder``."""
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    found = client.list_artifacts(run_id, folder)
    files = {item.path for item in found if not item.is_dir}
    return files.union(*(artifacts(project, run_id, item.path) for item in found if item.is_dir))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(path)]


def test_from_recording_to_tracked_voice(project: Project) -> None:
    done = project.repro()
    assert done.returncode == 0, done.stdout
    assert sorted(ran(done.stdout)) == sorted(STAGES)
    assert [path.name for path in (project.folder / "data/bert").iterdir()] == ["bert.json"], "it is off"
    check_sums(project.folder)
    check_tracking(project)
    check_voice(project.folder)

    again = project.repro()
    assert again.returncode == 0
    assert ran(again.stdout) == []
    assert len(runs(project)) == 1

    rate = load_params(project.folder / "params.yaml").train.learning_rate
    project.set({"train.learning_rate": 1.0e-3})
    changed = project.repro()
    assert changed.returncode == 0, changed.stdout
    assert sorted(ran(changed.stdout)) == ["evaluate", "export", "train"]
    first, second = runs(project)
    assert first.data.params["train.learning_rate"] == str(rate)
    assert second.data.params["train.learning_rate"] == "0.001"
    assert first.data.tags["data.corpus"] == second.data.tags["data.corpus"]
    project.set({"speaking.pitch_range": 1.5})
    spoken = project.repro()
    assert spoken.returncode == 0, spoken.stdout
    assert sorted(ran(spoken.stdout)) == ["evaluate", "export"], "how it speaks is nothing that it learns"
    assert Voice.load(project.folder / "models/export").description.speaking.pitch_range == 1.5
    for run in (first, second):
        (given,) = run.inputs.dataset_inputs
        assert given.dataset.digest == corpus_digest(project.folder / "data/corpus")[:36]
        assert run.data.metrics["data.train.clips"] == len(lines(project.folder / "data/corpus/train.list"))


def check_sums(folder: Path) -> None:
    """Every row that came in went out or stands in a ``rejects.jsonl``."""
    segments = rows(folder / "data/segments/segments.jsonl")
    utterances = rows(folder / "data/labels/utterances.jsonl")
    assert len(segments) == len(utterances) + len(rows(folder / "data/labels/rejects.jsonl"))
    lists = {name: lines(folder / f"data/corpus/{name}.list") for name in SIDES}
    rejected = rows(folder / "data/corpus/rejects.jsonl")
    assert len(utterances) == sum(map(len, lists.values())) + len(rejected)
    for side in SIDES:
        assert {line.split("|")[-1] for line in lists[side]} == {"neutral", "happy", "sad", "angry"}
    texts = {side: {line.split("|")[3] for line in lists[side]} for side in SIDES}
    assert not texts["train"] & texts["val"]
    assert not (texts["train"] | texts["val"]) & texts["test"]
    assert all((folder / "data/corpus" / line.split("|")[0]).is_file() for side in SIDES for line in lists[side])


SIDES = ("train", "val", "test")


def check_tracking(project: Project) -> None:
    """One run holds settings, losses by step, samples, pictures, accuracies, and the data's identity."""
    (run,) = runs(project)
    assert run.info.status == "FINISHED"
    assert run.data.params["segment.threshold_db"] == "-40.0"
    assert run.data.params["train.weights.mel"] == "45.0"
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    steps = [point.step for point in client.get_metric_history(run.info.run_id, "train/loss/mel")]
    assert steps == [1, 2, 3, 4, 5, 6]
    assert [point.step for point in client.get_metric_history(run.info.run_id, "val/loss/kl")] == [3, 6]
    losses = {"mel", "kl", "duration", "stochastic_duration", "adversarial", "feature_matching"}
    assert losses <= {name.removeprefix("train/loss/") for name in run.data.metrics if name.startswith("train/loss/")}
    figures = json.loads((project.folder / "reports/evaluation.json").read_text(encoding="utf-8"))
    assert run.data.metrics["emotion_accuracy.balanced"] == figures["emotion_accuracy.balanced"]
    assert {"emotion_accuracy.sad", "real.emotion_accuracy.balanced", "mcd_db", "rtf"} <= figures.keys()
    points = client.get_metric_history(run.info.run_id, "intensity/rate/sad")
    assert [point.step for point in points] == [0, 25, 50, 75, 100, 125, 150]
    for name in PARTS:
        assert {f"judge.{name}.emotion_accuracy.balanced", f"real.judge.{name}.emotion_accuracy.balanced"} <= set(
            figures
        )
    assert {f"classifier.judge.{name}.cross_validation.balanced_accuracy" for name in PARTS} <= run.data.metrics.keys()
    for out in ("data.raw", "data.segments", "data.labels", "data.corpus"):
        assert re.fullmatch(r"[0-9a-f]{32}\.dir", run.data.tags[out]), out
    assert re.fullmatch(r"[0-9a-f]{40}", run.data.tags["git.commit"])
    assert "The meant emotion is heard in" in run.data.tags["mlflow.note.content"]
    assert [item.dataset.name for item in run.inputs.dataset_inputs] == ["tester"]
    spoken = {f"samples/step_{step:06d}/{emotion}.wav" for step in (3, 6) for emotion in EMOTIONS}
    assert artifacts(project, run.info.run_id, "samples") == spoken
    assert artifacts(project, run.info.run_id, "pictures/alignment")
    assert any(name.endswith("confusion.png") for name in artifacts(project, run.info.run_id, "evaluation"))
    check_source(project, run.info.run_id)


def check_source(project: Project, run_id: str) -> None:
    """The run names what it was made from; what it holds of a sentence and emotion has the path of every other run."""
    found = read_ingredients(project.folder, find_run(project.folder, run_id, model="emotts"))
    assert {"data/raw", "data/corpus", "models/emotion_classifier", "models/voice"} <= found.outs.keys()
    store = DataStore(project.folder)
    states = {item.name: item.state for item in check_ingredients(project.folder, found, store=store)}
    assert set(states.values()) == {HERE}
    (project.folder / "named.yaml").write_text(found.settings, encoding="utf-8")
    assert load_params(project.folder / "named.yaml") == load_params(project.folder / "params.yaml")
    (project.folder / "named.yaml").unlink()
    rows = json.loads((project.folder / "reports/samples/samples.json").read_text(encoding="utf-8"))
    held = artifacts(project, run_id, "evaluation/samples") - {"evaluation/samples/samples.json"}
    assert held == {f"evaluation/samples/{row['file']}" for row in rows}


EMOTIONS = ("neutral", "happy", "sad", "angry")


def check_voice(folder: Path) -> None:
    """The export speaks from Python, and the registered model answers ``predict`` with the same sound."""
    voice = Voice.load(folder / "models/export")
    assert voice.emotions == EMOTIONS
    assert voice.styles == ("wistful",)
    assert np.array_equal(
        voice.speak("네.", emotion="wistful").samples, voice.speak("네.", emotion="sad", intensity=0.5).samples
    )
    speech = voice.speak("안녕하세요.", emotion="기쁨", intensity=0.5)
    assert speech.sample_rate_hz == 22050
    assert speech.samples.dtype == np.float32
    assert np.array_equal(voice.speak("안녕하세요.", emotion="happy", intensity=0.5).samples, speech.samples)
    assert not np.array_equal(voice.speak("안녕하세요.", emotion="sad").samples, speech.samples)
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlruns.db'}")
    model = mlflow.pyfunc.load_model("models:/emotts/1")
    answer = model.predict(pd.DataFrame([{"text": "안녕하세요.", "emotion": "happy", "intensity": 0.5}]))
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(answer["wav_base64"][0])), dtype="float32")
    assert rate == 22050
    np.testing.assert_allclose(samples, speech.samples, atol=1 / 32768)


def digest(folder: Path) -> str:
    """Return the digest of the weights of a run's last checkpoint."""
    name = json.loads((folder / "models/voice/last.json").read_text(encoding="utf-8"))["checkpoint"]
    return hashlib.sha256((folder / "models/voice" / name / "model.safetensors").read_bytes()).hexdigest()


def history(project: Project, run_id: str, name: str) -> dict[int, float]:
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    return {point.step: point.value for point in client.get_metric_history(run_id, name)}


def test_a_killed_training_goes_on_with_the_same_numbers(project: Project) -> None:
    project.set({"train.steps": 40, "train.validate_every": 20, "train.sample_every": 40})
    whole = project.repro("train")
    assert whole.returncode == 0, whole.stdout
    weights = digest(project.folder)
    (unbroken,) = runs(project)

    shutil.rmtree(project.folder / "models/voice")
    process = project.start("dvc", "repro", "--no-run-cache", "--force", "--single-item", "train")
    wait_for(project.folder / "models/voice/step_00000004")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (project.folder / "models/voice/step_00000040").exists()
    killed = runs(project)[1].info.run_id

    done = project.repro("--no-run-cache", "train")
    assert done.returncode == 0, done.stdout
    assert "going on from" in done.stdout
    assert digest(project.folder) == weights
    assert [run.info.run_id for run in runs(project)] == [unbroken.info.run_id, killed]
    assert runs(project)[1].info.status == "FINISHED"
    for name in ("train/loss/mel", "train/loss/kl", "val/loss/mel"):
        assert history(project, killed, name) == history(project, unbroken.info.run_id, name)


def wait_for(path: Path, *, timeout_s: float = 120.0) -> None:
    end = time.monotonic() + timeout_s
    while not path.exists():
        assert time.monotonic() < end, f"{path} did not appear"
        time.sleep(0.02)
