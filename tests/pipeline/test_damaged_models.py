"""What a user is told when models or lists are damaged or the disk is full, and what is left of the project then."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.lines import edit
from support.prepared import check_refused, copy_project, refuse, snapshot, weights_digest
from support.project import Project

from emotts.checkpoint.voice_folder import read_voice, write_voice


@pytest.fixture
def trained(whole: Project, tmp_path: Path) -> Project:
    """Return a project of the test's own whose training has finished."""
    return copy_project(whole, tmp_path / "project")


@pytest.fixture
def stopped(trained: Project) -> Project:
    """Return a project of the test's own whose training was killed after step 6 of 8."""
    shutil.rmtree(trained.folder / "models/voice/step_00000008")
    return trained


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["classifier", "train"])
def test_a_damaged_row_of_a_list(trained: Project, stage: str) -> None:
    path = trained.folder / "data/corpus/train.list"
    edit(path, lambda lines: [*lines[:2], lines[2].rsplit("|", 1)[0], *lines[3:]])
    refuse(
        trained, stage, ["data/corpus/train.list:3: row has another number of fields", "7 fields", "wanted: 8: wav|"]
    )


@pytest.mark.slow
def test_a_damaged_checkpoint(stopped: Project, whole: Project) -> None:
    newest = stopped.folder / "models/voice/step_00000006"
    weights = newest / "ema.safetensors"
    size = weights.stat().st_size
    weights.write_bytes(weights.read_bytes()[:-1000])
    wanted = [
        "models/voice/step_00000006/ema.safetensors: the newest checkpoint is damaged",
        f"{size - 1000} bytes instead of {size}",
        "delete the folder models/voice/step_00000006 to go on from step_00000004",
    ]
    refuse(stopped, "train", wanted)

    shutil.rmtree(newest)
    done = stopped.stage("train")
    assert done.returncode == 0, done.stdout
    assert "going on from models/voice/step_00000004" in done.stdout
    assert weights_digest(stopped) == weights_digest(whole)


def limit_files(size: int) -> None:
    """Let no file of this process grow beyond ``size`` bytes: writing more fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.slow
def test_a_checkpoint_that_the_disk_does_not_take(stopped: Project, whole: Project) -> None:
    largest = max(path.stat().st_size for path in (whole.folder / "models/voice").rglob("*"))
    limit = largest - 1000
    assert (stopped.folder / "mlruns.db").stat().st_size < limit - 500_000
    before = snapshot(stopped, own="models/voice/tracking.json")
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.train"],
        cwd=stopped.folder,
        env=stopped.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        preexec_fn=lambda: limit_files(limit),
    )
    assert "models/voice/step_00000008: the checkpoint cannot be written: File too large" in done.stdout, done.stdout
    assert "the previous one is kept" in done.stdout
    assert "training goes on from the last checkpoint" in done.stdout
    check_refused(done, stopped, before=before, own="models/voice/tracking.json")

    done = stopped.stage("train")
    assert done.returncode == 0, done.stdout
    assert "going on from models/voice/step_00000006" in done.stdout
    assert weights_digest(stopped) == weights_digest(whole)


@pytest.fixture
def small_disk(stopped: Project) -> Iterator[None]:
    """Put the checkpoints on a disk that has no room for a further one."""
    folder = stopped.folder / "models/voice"
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.mkdir()
    size = sum(path.stat().st_size for path in aside.rglob("*")) + 200_000
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(["mount", *options], capture_output=True).returncode:
        pytest.skip("a disk can be mounted by root alone")
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        shutil.rmtree(aside)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.usefixtures("small_disk")
def test_a_full_disk(stopped: Project) -> None:
    before = snapshot(stopped, own="models/voice/tracking.json")
    done = stopped.stage("train")
    assert "models/voice/step_00000008: the disk is full, so the checkpoint was not written" in done.stdout, done.stdout
    assert re.search(r"found: 0\.\d MB free\n +wanted: \d\.\d MB\n +to do: make room and start again", done.stdout)
    check_refused(done, stopped, before=before, own="models/voice/tracking.json")


@pytest.mark.slow
def test_a_damaged_classifier(trained: Project) -> None:
    path = trained.folder / "models/emotion_classifier/classifier.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    wanted = [
        f"{path.relative_to(trained.folder)}: file of the emotion classifier is damaged",
        "`dvc repro classifier`",
    ]
    refuse(trained, "evaluate", wanted, own="reports")
    assert not (trained.folder / "reports").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "wanted"),
    [
        (lambda folder: (folder / "model.safetensors").unlink(), ["models/export: model.safetensors is missing"]),
        (
            lambda folder: os.truncate(folder / "model.safetensors", 5000),
            ["models/export/model.safetensors: weights are damaged"],
        ),
        (lambda folder: os.truncate(folder / "config.json", 50), ["models/export/config.json:"]),
    ],
    ids=["missing", "weights", "config"],
)
def test_a_damaged_export(trained: Project, damage: Callable[[Path], None], wanted: list[str]) -> None:
    synthesizer, description = read_voice(trained.folder / "models/voice")
    write_voice(trained.folder / "models/export", synthesizer, description)
    damage(trained.folder / "models/export")
    before = snapshot(trained)
    done = trained.run("emotts", "say", "안녕하세요.", "-o", "out.wav")
    for text in [*wanted, "`dvc repro --force export`"]:
        assert text in done.stdout
    check_refused(done, trained, before=before, own=None)
