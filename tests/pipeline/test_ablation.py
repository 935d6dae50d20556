"""Variants of a training as a user compares them: real trainings of a very small voice."""

from __future__ import annotations

import csv
import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mlflow
import pytest
from support.prepared import copy_project
from support.project import Project

from emotts.corpus.lists import read_list
from emotts.evaluation.metric_names import metric_names
from emotts.files import locked
from emotts.recognition.encoder_probe import auxiliary_classifiers
from emotts.settings import load_params

COMPARISON = """name: small
metrics: [emotion_accuracy.balanced, rtf]
seeds: [20, 21]
params:
  train: {steps: 2, validate_every: 2, checkpoint_every: 2, sample_every: 2}
  evaluate: {intensity_sentences: 0}
variants:
  - name: as-it-is
  - name: calm
    params:
      speaking: {length_scale: 2.0}
  - name: emotions-as-speakers
    seeds: [20]
    emotions_as_speakers: true
"""
NAMES = ("as-it-is-20", "as-it-is-21", "calm-20", "calm-21", "emotions-as-speakers-20")


@pytest.fixture(scope="module")
def compared(whole: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """Return a project whose comparison is finished, and what it printed."""
    made = copy_project(whole, tmp_path_factory.mktemp("ablation") / "project")
    made.set({"model.synthesizer.istft.channels": 8, "model.synthesizer.istft.hidden_channels": 8})
    (made.folder / "small.yaml").write_text(COMPARISON, encoding="utf-8")
    done = made.emotts("ablate", "small.yaml")
    assert done.returncode == 0, done.stdout
    return made, done.stdout


def metrics_of(place: Path, name: str) -> dict[str, float]:
    """Return the metrics of a variant's evaluation."""
    found: dict[str, float] = json.loads((place / name / "reports/evaluation.json").read_text(encoding="utf-8"))
    return found


def test_the_table_has_mean_and_spread_over_the_seeds(compared: tuple[Project, str]) -> None:
    project, printed = compared
    place = project.folder / "data/ablation/small"
    lines = (place / "table.md").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["| variant | seeds | `emotion_accuracy.balanced` | `rtf` |", "|---|---|---|---|"]
    assert all(line in printed for line in lines)
    for line, name in zip(lines[2:4], ("as-it-is", "calm"), strict=True):
        speeds = [metrics_of(place, f"{name}-{seed}")["rtf"] for seed in (20, 21)]
        assert line.startswith(f"| {name} | 2 | ")
        assert f"| {statistics.mean(speeds):.3f} ± {statistics.stdev(speeds):.3f} (" in line
    alone = metrics_of(place, NAMES[-1])
    accuracy = "emotion_accuracy.balanced"
    assert lines[4] == f"| emotions-as-speakers | 1 | {alone[accuracy]:.3f} | {alone['rtf']:.3f} |"
    assert lines[5:8] == ["", "Every seed:", ""]
    for line, name in zip(lines[10:], NAMES, strict=True):
        assert line == f"| {name} | {metrics_of(place, name)[accuracy]:.3f} | {metrics_of(place, name)['rtf']:.3f} |"


def test_the_same_is_there_for_programs_and_as_a_picture(compared: tuple[Project, str]) -> None:
    place = compared[0].folder / "data/ablation/small"
    with (place / "table.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["variant"], row["seed"]) for row in rows[::2]] == [
        (name.rpartition("-")[0], name.rpartition("-")[2]) for name in NAMES
    ]
    assert [float(row["value"]) for row in rows[1::2]] == [metrics_of(place, name)["rtf"] for name in NAMES]
    assert (place / "seeds.png").read_bytes().startswith(b"\x89PNG")


def test_variants_that_differ_in_speaking_share_a_voice(compared: tuple[Project, str]) -> None:
    project, printed = compared
    place = project.folder / "data/ablation/small"
    trained = sorted(path.parent.name for path in place.glob("*/voice"))
    assert trained == ["as-it-is-20", "as-it-is-21", "emotions-as-speakers-20"]
    assert printed.count("emotts.workflows.training_monitor: step 2:") == 3
    spoken_s = [metrics_of(place, f"{name}-20")["audio_s"] for name in ("as-it-is", "calm")]
    assert spoken_s[1] > 1.5 * spoken_s[0], "they speak with it each in its own way"


def test_every_evaluation_has_metrics_that_are_known_before(compared: tuple[Project, str]) -> None:
    params = load_params(compared[0].folder / "params.yaml")
    settings = params.evaluate.changed(intensity_sentences=0)
    emotions = {item.emotion for item in read_list(compared[0].folder / "data/corpus/train.list")}
    how = {"language": "KR", "auxiliaries": auxiliary_classifiers(params.classifier), "styles": params.styles}
    known = set(metric_names(settings, emotions=sorted(emotions), **how))
    assert set(metrics_of(compared[0].folder / "data/ablation/small", "as-it-is-20")) - known == set()


def test_emotions_as_speakers_train_and_speak_as_such(compared: tuple[Project, str]) -> None:
    place = compared[0].folder / "data/ablation/small/emotions-as-speakers-20"
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
    for name, length in zip(NAMES, ("1.0", "1.0", "2.0", "2.0", "1.0"), strict=True):
        run, (setting, _, seed) = runs[f"small {name}"], name.rpartition("-")
        assert run.data.tags["mlflow.parentRunId"] == parent
        assert (run.data.tags["variant"], run.data.tags["seed"]) == (setting, seed)
        assert run.data.params["project.seed"] == seed
        assert run.data.params["speaking.length_scale"] == length
        assert "emotion_accuracy.balanced" in run.data.metrics
        assert ("val/loss/mel" in run.data.metrics) == (setting != "calm")


def test_what_is_finished_is_not_done_again(compared: tuple[Project, str]) -> None:
    project, printed = compared
    place = project.folder / "data/ablation/small"
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*.safetensors")}
    reports = {path: path.stat().st_mtime_ns for path in place.rglob("evaluation.json")}
    again = project.emotts("ablate", "small.yaml")
    assert again.returncode == 0, again.stdout
    assert again.stdout.splitlines()[-15:] == printed.splitlines()[-15:]
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*.safetensors")} == before
    assert {path: path.stat().st_mtime_ns for path in place.rglob("evaluation.json")} == reports


def test_what_an_evaluation_depends_on_is_heard_again(compared: tuple[Project, str], tmp_path: Path) -> None:
    """Other ways of speaking and another classifier need no training, but another evaluation."""
    project = copy_project(compared[0], tmp_path / "project")
    (project.folder / "small.yaml").write_text(COMPARISON.partition("  - name: emotions-as")[0], encoding="utf-8")
    place = project.folder / "data/ablation/small/as-it-is-20"
    first = json.loads((place / "reports/evaluation.json").read_text(encoding="utf-8"))
    training = json.loads((place / "tracking.json").read_text(encoding="utf-8"))["run_id"]
    weights = {path: path.stat().st_mtime_ns for path in place.rglob("*.safetensors")}

    project.set({"speaking.length_scale": 2.0})
    assert project.emotts("ablate", "small.yaml").returncode == 0
    slower = json.loads((place / "reports/evaluation.json").read_text(encoding="utf-8"))
    assert slower["audio_s"] > 1.5 * first["audio_s"]
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*.safetensors")} == weights
    run_id = json.loads((place / "tracking.json").read_text(encoding="utf-8"))["run_id"]
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    run, trained = client.get_run(run_id), client.get_run(training)
    assert run.data.params["speaking.length_scale"] == "2.0"
    assert run.data.tags["train.run_id"] == training
    assert trained.data.tags["later.run_ids"].split(",")[-1] == run_id, "the first one is that of calm: the same voice"
    assert trained.data.params["speaking.length_scale"] == "1.0"

    report = project.folder / "models/emotion_classifier/report.json"
    report.write_text(f"{report.read_text(encoding='utf-8')}\n", encoding="utf-8")
    before = (place / "reports/evaluation.json").stat().st_mtime_ns
    assert project.emotts("ablate", "small.yaml").returncode == 0
    assert (place / "reports/evaluation.json").stat().st_mtime_ns > before


def test_processes_share_the_variants(compared: tuple[Project, str], tmp_path: Path) -> None:
    """A variant whose voice another process works on is left for the end."""
    project = copy_project(compared[0], tmp_path / "project")
    place = project.folder / "data/ablation/small"
    (place / "table.md").unlink()
    for name in ("as-it-is-20", "calm-20", "emotions-as-speakers-20"):
        (place / name / "evaluated.json").unlink()
    with ThreadPoolExecutor(1) as pool, locked(place / "as-it-is-20/lock"):
        running = pool.submit(project.emotts, "ablate", "small.yaml")
        while not (place / "emotions-as-speakers-20/evaluated.json").is_file():
            assert not running.done(), running.result().stdout
            time.sleep(0.1)
        assert not (place / "as-it-is-20/evaluated.json").exists()
        assert not (place / "calm-20/evaluated.json").exists(), "it speaks with the voice of as-it-is"
        assert not (place / "table.md").exists()
    assert running.result().returncode == 0, running.result().stdout
    assert (place / "calm-20/evaluated.json").is_file()
    assert len((place / "table.md").read_text(encoding="utf-8").splitlines()) == 15


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("rtf]", "rft]", r"small\.yaml:2: no variant has a metric 'rft'; did you mean 'rtf'\?"),
        ("rtf]", "cer]", r"small\.yaml:2: no variant has a metric 'cer'"),
        ("name: calm", "name: as-it-is", r"small\.yaml:9: two variants are named 'as-it-is'"),
        ("length_scale: 2.0", "length_scal: 2.0", r"small\.yaml:11: [\s\S]*length_scal"),
        ("  - name: calm", "  - nam: calm", r"small\.yaml:9: [\s\S]*nam"),
        ("[20, 21]", "[20, 20]", r"small\.yaml:3: seeds[\s\S]*a seed is listed twice"),
    ],
)
def test_what_a_comparison_refuses(
    compared: tuple[Project, str], tmp_path: Path, before: str, after: str, message: str
) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(COMPARISON.replace(before, after), encoding="utf-8")
    done = compared[0].emotts("ablate", str(path))
    assert done.returncode == 1
    assert re.search(message, done.stdout), done.stdout
