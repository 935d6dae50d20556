"""Ctrl-C in the middle of every stage: no traceback, nothing half written, and the next run ends as if undisturbed."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mlflow import MlflowClient
from support.interruption import (
    Moment,
    appears,
    changes,
    check_interrupted,
    interrupt,
    maps,
    seconds_after,
    something_in,
)
from support.prepared import copy_project, copy_with_dvc, snapshot, weights_digest
from support.project import Project

from emotts import Voice
from emotts.corpus.rows import Recording, Segment, read_rows, write_rows

RATE_HZ = 48000


def stage(name: str) -> tuple[str, str, str]:
    return sys.executable, "-m", f"pipelines.{name}"


def run_again(project: Project, name: str) -> str:
    done = project.stage(name)
    assert done.returncode == 0, done.stdout
    return done.stdout


def digests(project: Project, folder: str) -> dict[str, str]:
    return {name: digest for name, digest in snapshot(project).items() if name.startswith(f"{folder}/")}


@pytest.fixture(scope="module")
def long(bare: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with recordings of two minutes, cut into segments; nobody changes it."""
    made = copy_project(bare, tmp_path_factory.mktemp("long") / "project")
    noise = np.random.default_rng(5).integers(-6000, 6000, 120 * RATE_HZ, dtype=np.int16)
    noise.reshape(-1, 6 * RATE_HZ)[:, : round(1.2 * RATE_HZ)] = 0
    for number, emotion in enumerate(("중립", "기쁨", "슬픔", "분노")):
        path = made.folder / "recordings" / emotion / "take.wav"
        path.parent.mkdir(parents=True)
        soundfile.write(path, np.roll(noise, 1000 * number), RATE_HZ, subtype="PCM_16")
    run_again(made, "recording")
    run_again(made, "segment")
    return made


@pytest.mark.parametrize(
    ("name", "out", "rows"),
    [("recording", "data/raw", "recordings.jsonl"), ("segment", "data/segments", "segments.jsonl")],
)
def test_recording_and_segment(long: Project, tmp_path: Path, name: str, out: str, rows: str) -> None:
    project = copy_project(long, tmp_path / "project")
    folder = project.folder / out
    shutil.rmtree(folder)
    done = interrupt(project, *stage(name), moment=something_in(folder))
    check_interrupted(done, project)
    assert f"{name} interrupted; `dvc repro` goes on from here." in done.stdout
    assert not (folder / rows).exists()
    run_again(project, name)
    assert digests(project, out) == digests(long, out)


def test_segment_over_an_earlier_pass(long: Project, tmp_path: Path) -> None:
    project = copy_project(long, tmp_path / "project")
    rows = project.folder / "data/segments/segments.jsonl"
    done = interrupt(project, *stage("segment"), moment=lambda pid: not rows.exists())
    check_interrupted(done, project)
    assert not rows.exists()
    run_again(project, "segment")
    assert digests(project, "data/segments") == digests(long, "data/segments")


def test_label(labelled: Project, tmp_path: Path) -> None:
    """So many segments that the stage is at work for a while, and Ctrl-C at several moments of it."""
    project = copy_project(labelled, tmp_path / "project")
    write_many_segments(project.folder, 2000)
    run_again(project, "label")
    undisturbed = digests(project, "data/labels")
    shutil.rmtree(project.folder / "data/labels")
    at_work = 0
    for delay_s in np.arange(0.0, 10.0, 0.1):
        moment = seconds_after(maps("numpy"), float(delay_s))  # Python itself must have started
        done = interrupt(project, *stage("label"), moment=moment)
        if done.returncode == 0:
            break
        check_interrupted(done, project)
        at_work += "label interrupted" in done.stdout
    assert at_work > 0
    run_again(project, "label")
    assert digests(project, "data/labels") == undisturbed


def write_many_segments(folder: Path, count: int) -> None:
    """Write segments of one recording, with a label for each."""
    path = folder / "data/raw/recordings.jsonl"
    recording, *others = read_rows(path, Recording)
    write_rows(path, [dataclasses.replace(recording, duration_s=5.0 * count), *others])
    rows, labels = [], []
    for number in range(count):
        name, start_s = f"many/many_{number:04d}.wav", 5.0 * number
        rows.append(
            Segment(name, recording.file, start_s, start_s + 4, start_s, start_s + 4, -20.0, "tester", "KR", "sad")
        )
        labels.append(f"{start_s}\t{start_s + 4}\t문장 {number}\n")
        path = folder / "data/segments" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(number.to_bytes(4, "big"))
    write_rows(folder / "data/segments/segments.jsonl", rows)
    write_rows(folder / "data/segments/rejects.jsonl", [])
    (folder / "data/raw" / str(recording.labels)).write_text("".join(labels), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("recording", "numpy"),
        ("label", "numpy"),
        ("corpus", "numpy"),
        ("train", "libtorch_cpu"),
        ("export", "libtorch_cpu"),
    ],
)
def test_while_a_stage_is_still_imported(labelled: Project, tmp_path: Path, name: str, library: str) -> None:
    project = copy_project(labelled, tmp_path / "project")
    before = snapshot(project)
    done = interrupt(project, *stage(name), moment=maps(library))
    check_interrupted(done, project, status=(130,))
    assert done.stdout == "interrupted before it began; `dvc repro` starts it again.\n"
    assert snapshot(project) == before


@pytest.mark.slow
def test_corpus(whole: Project, tmp_path: Path) -> None:
    project = copy_project(whole, tmp_path / "project")
    folder = project.folder / "data/corpus"
    shutil.rmtree(folder)
    moments: list[Moment] = [something_in(folder), appears(folder / "conversion_log.json")]
    for moment in moments:
        check_interrupted(interrupt(project, *stage("corpus"), moment=moment), project)
    run_again(project, "corpus")
    assert digests(project, "data/corpus") == digests(whole, "data/corpus")


@pytest.mark.slow
def test_classifier(whole: Project, tmp_path: Path) -> None:
    project = copy_project(whole, tmp_path / "project")
    folder = project.folder / "models/emotion_classifier"
    shutil.rmtree(folder)
    # the run is open: clips are measured from now on
    moment = changes(project.folder / ".emotts/pipeline_run.json")
    check_interrupted(interrupt(project, *stage("classifier"), moment=moment), project)
    assert not folder.exists()
    run_again(project, "classifier")
    for name in ("classifier.safetensors", "classifier.json", "report.json"):
        where = f"models/emotion_classifier/{name}"
        assert (
            digests(project, "models/emotion_classifier")[where] == digests(whole, "models/emotion_classifier")[where]
        )


@pytest.mark.slow
def test_train(whole: Project, tmp_path: Path) -> None:
    project = copy_project(whole, tmp_path / "project")
    folder = project.folder / "models/voice"
    shutil.rmtree(folder)
    done = interrupt(project, *stage("train"), moment=appears(folder / "step_00000002"))
    check_interrupted(done, project)
    assert "SIGINT: finishing this step and writing a checkpoint" in done.stdout
    stopped_at = json.loads((folder / "last.json").read_text(encoding="utf-8"))["step"]
    assert 2 <= stopped_at < 8
    again = run_again(project, "train")
    assert f"going on from models/voice/step_{stopped_at:08d} of 8 steps" in again
    assert weights_digest(project) == weights_digest(whole)


@pytest.mark.slow
def test_train_in_two_processes(whole: Project, tmp_path: Path) -> None:
    """Both stop after the same step, and the second start ends with the weights of an undisturbed training."""
    undisturbed, project = (copy_project(whole, tmp_path / name) for name in ("undisturbed", "project"))
    for each in (undisturbed, project):
        each.set({"train.devices": 2, "train.batch_size": 2})
        shutil.rmtree(each.folder / "models/voice")
    run_again(undisturbed, "train")
    folder = project.folder / "models/voice"
    done = interrupt(project, *stage("train"), moment=appears(folder / "step_00000002"))
    check_interrupted(done, project)
    stopped_at = json.loads((folder / "last.json").read_text(encoding="utf-8"))["step"]
    assert 2 <= stopped_at < 8
    again = run_again(project, "train")
    assert "Starting with 2 processes" in again
    assert f"going on from models/voice/step_{stopped_at:08d} of 8 steps" in again
    assert weights_digest(project) == weights_digest(undisturbed) != weights_digest(whole)

    client = MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    run_id = json.loads((folder / "tracking.json").read_text(encoding="utf-8"))["run_id"]
    logged = [metric.step for metric in client.get_metric_history(run_id, "train/loss/total")]
    assert logged == list(range(1, 9)), "one of the two processes writes"


@pytest.mark.slow
def test_evaluate(whole: Project, tmp_path: Path) -> None:
    project = copy_project(whole, tmp_path / "project")
    folder = project.folder / "reports"
    check_interrupted(interrupt(project, *stage("evaluate"), moment=something_in(folder)), project)
    assert not (folder / "evaluation.json").exists()
    run_again(project, "evaluate")
    assert json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))["mcd_db"] > 0
    assert (folder / "report.md").is_file()
    listed = json.loads((folder / "samples/samples.json").read_text(encoding="utf-8"))
    assert {str(path.relative_to(folder / "samples")) for path in folder.rglob("*.wav")} == {
        row["file"] for row in listed if row["file"] is not None
    }


@pytest.mark.slow
def test_export(whole: Project, tmp_path: Path) -> None:
    project = copy_project(whole, tmp_path / "project")
    folder = project.folder / "models/export"
    check_interrupted(interrupt(project, *stage("export"), moment=something_in(folder)), project)
    check_interrupted(
        interrupt(project, *stage("export"), moment=changes(project.folder / ".emotts/pipeline_run.json")), project
    )
    run_again(project, "export")
    best = json.loads((project.folder / "models/voice/best.json").read_text(encoding="utf-8"))["checkpoint"]
    spoken = Voice.load(folder).speak("안녕하세요.", emotion="happy").samples
    wanted = Voice.load(project.folder / "models/voice" / best).speak("안녕하세요.", emotion="happy").samples
    assert np.array_equal(spoken, wanted)


@pytest.mark.slow
@pytest.mark.parametrize("command", [("dvc", "repro", "train"), ("emotts", "run")], ids=["dvc", "emotts"])
def test_train_through_dvc(whole: Project, tmp_path: Path, command: tuple[str, ...]) -> None:
    project = copy_with_dvc(whole, tmp_path / "project", "--with-deps", "corpus")
    folder = project.folder / "models/voice"
    done = interrupt(project, *command, moment=appears(folder / "step_00000002"))
    assert "Running stage 'train'" in done.stdout
    check_interrupted(done, project, status=(130,) if command[0] == "emotts" else (252, 255, 1, 130))
    stopped_at = json.loads((folder / "last.json").read_text(encoding="utf-8"))["step"]
    assert 2 <= stopped_at < 8

    again = project.repro("train")
    assert again.returncode == 0, again.stdout
    assert "Running stage 'train'" in again.stdout
    assert f"going on from models/voice/step_{stopped_at:08d} of 8 steps" in again.stdout
    assert "Running stage 'corpus'" not in again.stdout
    assert weights_digest(project) == weights_digest(whole)


def test_a_failed_stage_runs_again_in_dvc(labelled: Project, tmp_path: Path) -> None:
    """What was refused is run again once the input is right, and nothing of the failed attempt is kept."""
    project = copy_with_dvc(labelled, tmp_path / "project")
    track = project.folder / "recordings/한국어/기쁨/take1.labels.txt"
    right = track.read_text(encoding="utf-8")
    track.write_text(right.replace("\n", " | \n", 1), encoding="utf-8")
    done = project.repro("label")
    assert done.returncode != 0
    assert "take1.labels.txt:1: character '|' cannot be in a text" in done.stdout
    assert "failed to reproduce 'label'" in done.stdout
    assert "Traceback" not in done.stdout
    assert not any((project.folder / "data/labels").glob("*"))

    track.write_text(right, encoding="utf-8")
    done = project.repro("label")
    assert done.returncode == 0, done.stdout
    assert "Running stage 'label'" in done.stdout
    assert digests(project, "data/labels") == digests(labelled, "data/labels")
