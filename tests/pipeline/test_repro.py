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
from emotts.corpus.identity import corpus_digest
from emotts.evaluation.headline import HEADLINE, SUMMARY
from emotts.recognition.ensemble import FEATURE_GROUPS
from emotts.settings import load_params
from emotts.tracking.dvc_store import DataStore
from emotts.tracking.provenance import read_provenance
from emotts.tracking.runs import find_run
from emotts.tracking.store import at_store
from emotts.workflows.reproduction import HERE, check_provenance

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
    project.environment["MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL"] = "0.1"
    done = project.repro()
    assert done.returncode == 0, done.stdout
    assert sorted(ran(done.stdout)) == sorted(STAGES)
    assert [path.name for path in (project.folder / "data/bert").iterdir()] == ["bert.json"], "it is off"
    check_sums(project.folder)
    check_tracking(project)
    check_names(project)
    check_checkpoints(project)
    check_plots(project)
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
    assert second.info.run_name == "learning_rate 1e-3"
    for run in (first, second):
        (given,) = run.inputs.dataset_inputs
        assert given.dataset.digest == corpus_digest(project.folder / "data/corpus")[:36]
        assert run.data.metrics["detail/corpus.train.clips"] == len(lines(project.folder / "data/corpus/train.list"))


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
    metrics = json.loads((project.folder / "reports/evaluation.json").read_text(encoding="utf-8"))
    assert run.data.metrics["emotion_accuracy.balanced"] == metrics["emotion_accuracy.balanced"]
    assert {"emotion_accuracy.sad", "reference.emotion_accuracy.balanced", "mcd_db", "rtf"} <= metrics.keys()
    points = client.get_metric_history(run.info.run_id, "detail/intensity/rate/sad")
    assert [point.step for point in points] == [0, 25, 50, 75, 100, 125, 150]
    for name in FEATURE_GROUPS:
        assert {
            f"auxiliary.{name}.emotion_accuracy.balanced",
            f"reference.auxiliary.{name}.emotion_accuracy.balanced",
        } <= set(metrics)
    assert {
        f"detail/classifier.auxiliary.{name}.cross_validation.balanced_accuracy" for name in FEATURE_GROUPS
    } <= run.data.metrics.keys()
    for out in ("data.raw", "data.segments", "data.labels", "data.corpus"):
        assert re.fullmatch(r"[0-9a-f]{32}\.dir", run.data.tags[out]), out
    assert re.fullmatch(r"[0-9a-f]{40}", run.data.tags["git.commit"])
    assert "The meant emotion is heard in" in run.data.tags["mlflow.note.content"]
    assert [item.dataset.name for item in run.inputs.dataset_inputs] == ["tester"]
    spoken = {f"samples/step_{step:06d}/{emotion}.wav" for step in (3, 6) for emotion in EMOTIONS}
    assert artifacts(project, run.info.run_id, "samples") == spoken
    assert artifacts(project, run.info.run_id, "images")
    assert any(name.endswith("confusion.png") for name in artifacts(project, run.info.run_id, "evaluation"))
    check_source(project, run.info.run_id)


def check_names(project: Project) -> None:
    """The run has a name that says what it is, few metrics of its own, and the rest below ``detail/``."""
    (run,) = runs(project)
    assert run.info.run_name == "tester, 6 steps"
    assert {"mlflow.user", "mlflow.source.git.commit", "mlflow.source.git.branch"} <= run.data.tags.keys()
    summary = json.loads((project.folder / "reports/summary.json").read_text(encoding="utf-8"))
    own = {name: value for name, value in run.data.metrics.items() if "/" not in name}
    assert own.keys() <= set(HEADLINE)
    assert summary == {head: own[name] for head, name in SUMMARY.items() if name in own}
    assert list(summary) == ["accuracy", "mcd_db"], "no recogniser and no speaker encoder here"
    everything = json.loads((project.folder / "reports/evaluation.json").read_text(encoding="utf-8"))
    read = find_run(project.folder, run.info.run_id, model="emotts").metrics
    assert {name: read[name] for name in everything} == everything
    heads = {name.partition("/")[0] for name in run.data.metrics if "/" in name}
    assert heads == {"train", "val", "detail", "system"}
    assert "system/cpu_utilization_percentage" in run.data.metrics
    with at_store(project.folder) as tracking:
        table = tracking.MlflowClient().load_table(run.info.experiment_id, "clips.json")
    assert list(table["text"]) == [row["text"] for row in rows_of_samples(project)]


def rows_of_samples(project: Project) -> list[dict[str, Any]]:
    found = json.loads((project.folder / "reports/samples/samples.json").read_text(encoding="utf-8"))
    assert isinstance(found, list)
    return found


def check_checkpoints(project: Project) -> None:
    """MLflow's logged models are the checkpoints that are kept; the best is found by its score."""
    (run,) = runs(project)
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    found = client.search_logged_models(
        [run.info.experiment_id],
        "model_type = 'checkpoint'",
        order_by=[{"field_name": "metrics.val/score", "ascending": True}],
    )
    kept = {int(path.name.removeprefix("step_")) for path in (project.folder / "models/voice").glob("step_*")}
    assert {int(model.params["step"]) for model in found} == kept
    best = json.loads((project.folder / "models/voice/best.json").read_text(encoding="utf-8"))
    assert (int(found[0].params["step"]), found[0].source_run_id) == (best["step"], run.info.run_id)
    (score,) = (metric for metric in found[0].metrics if metric.key == "val/score")
    assert (score.value, score.step) == (best["score"], best["step"])
    (given,) = run.inputs.dataset_inputs
    assert (score.dataset_name, score.dataset_digest) == (given.dataset.name, given.dataset.digest)
    assert {(output.model_id, output.step) for output in run.outputs.model_outputs} >= {
        (model.model_id, int(model.params["step"])) for model in found
    }


def check_plots(project: Project) -> None:
    """DVC draws the losses, the confusion, the prosody and the pictures, and compares its one metrics file."""
    shown = project.run("dvc", "plots", "show", "--json")
    assert shown.returncode == 0, shown.stdout
    drawn = json.loads(shown.stdout[shown.stdout.index("{") :])
    assert drawn.get("errors", []) == []
    assert set(drawn["data"]) == {
        *("Mel loss", "KL loss", "Duration loss", "Validation score"),
        *("Emotion meant and heard", "Prosody, the voice over the reference"),
        *(f"reports/{name}.png" for name in ("confusion", "prosody", "f0_contours", "intensity")),
    }
    metrics = project.run("dvc", "metrics", "show", "--json")
    assert list(json.loads(metrics.stdout)[""]["data"]) == ["reports/summary.json"]


def check_source(project: Project, run_id: str) -> None:
    """The run names what it was made from; what it holds of a sentence and emotion has the path of every other run."""
    found = read_provenance(project.folder, find_run(project.folder, run_id, model="emotts"))
    assert {"data/raw", "data/corpus", "models/emotion_classifier", "models/voice"} <= found.outs.keys()
    store = DataStore(project.folder)
    states = {item.name: item.state for item in check_provenance(project.folder, found, store=store)}
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
    with at_store(folder) as store:
        model = store.pyfunc.load_model("models:/emotts/1")
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
