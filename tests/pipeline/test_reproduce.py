"""Making a run again in a small project of its own, with real git, DVC and MLflow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from emotts.errors import ConfigError
from emotts.tracking import Tracker, data_identity, log_source
from emotts.tracking.dvc_store import DataStore
from emotts.tracking.provenance import Provenance, read_provenance
from emotts.tracking.runs import find_run
from emotts.workflows.reproduction import (
    AGAIN,
    HERE,
    MISSING,
    NOT_NEEDED,
    check_out,
    check_provenance,
    next_steps,
)

COPY = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2])"
STAGES = {
    "recording": {
        "cmd": "python take_in.py recordings data/raw",
        "deps": ["recordings", "take_in.py"],
        "params": ["recording.source"],
        "outs": ["data/raw"],
    },
    "corpus": {
        "cmd": "python take_in.py data/raw data/corpus",
        "deps": ["data/raw", "take_in.py"],
        "outs": ["data/corpus"],
    },
}
SETTINGS = {
    "recording": {"source": "recordings"},
    "base": "none",
    "evaluate": {"sentences": "sentences.txt"},
    "train": {"eps": 1e-9},
}


def run(folder: Path, *command: str) -> str:
    program = [sys.executable, "-m", "dvc"] if command[0] == "dvc" else ["git", "-c", "user.name=t"]
    identity = [] if command[0] == "dvc" else ["-c", "user.email=t@example.org"]
    done = subprocess.run([*program, *identity, *command[1:]], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def track(root: Path, name: str) -> Provenance:
    settings = yaml.safe_load((root / "params.yaml").read_text(encoding="utf-8"))
    with Tracker(root, experiment="voices", name=name) as tracker:
        tracker.tags(data_identity(root))
        log_source(tracker, root, settings)
    return read_provenance(root, find_run(root, name, model="emotts"))


@pytest.fixture(scope="module")
def original(environment: None, empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Provenance]:
    """Return a project and what its run was made from: two stages, a change that no commit has, recordings beside git.

    Nobody changes it.
    """
    root = tmp_path_factory.mktemp("original") / "project"
    (root / "recordings").mkdir(parents=True)
    shutil.copy(empty_store, root / "mlruns.db")
    (root / "recordings/one.wav").write_bytes(b"one")
    (root / "recordings/two.wav").write_bytes(b"two")
    texts = {"take_in.py": COPY, "sentences.txt": "하나\n", ".gitignore": "mlruns.db\nmlartifacts\n/recordings\n"}
    texts |= {"dvc.yaml": yaml.safe_dump({"stages": STAGES}), "params.yaml": yaml.safe_dump(SETTINGS)}
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    run(root, "git", "init", "-q")
    run(root, "dvc", "init", "-q")
    with (root / ".dvc/config").open("a", encoding="utf-8") as stream:
        stream.write("[core]\n    remote = local\n['remote \"local\"']\n    url = storage\n")
    run(root, "git", "add", ".")
    run(root, "git", "commit", "-q", "-m", "start")
    (root / "take_in.py").write_text(f"{COPY}  # changed\n", encoding="utf-8")
    run(root, "dvc", "repro", "-q")
    return root, track(root, "one")


@pytest.fixture
def root(original: tuple[Path, Provenance], tmp_path: Path) -> Path:
    """Return a copy of the project."""
    return shutil.copytree(original[0], tmp_path / "project", symlinks=True)


@pytest.fixture
def made(original: tuple[Path, Provenance]) -> Provenance:
    return original[1]


@pytest.fixture(autouse=True, scope="module")
def environment() -> Iterator[None]:
    """Let the stages' ``python`` be this one, and the runs go to the project's own store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield


def states(root: Path, provenance: Provenance) -> dict[str, str]:
    return {item.name: item.state for item in check_provenance(root, provenance, store=DataStore(root))}


def lose(root: Path, provenance: Provenance, out: str) -> None:
    """Remove an out from the cache, its list of files too."""
    digest = provenance.outs[out]
    (root / ".dvc/cache/files/md5" / digest[:2] / digest[2:]).unlink()


def test_checked_out_and_made_again(made: Provenance, root: Path, tmp_path: Path) -> None:
    found = states(root, made)
    assert found.pop("changes beside the commit") == HERE
    assert set(found) == {"code", "params.yaml", "recording.source", "evaluate.sentences", "data/raw", "data/corpus"}
    assert set(found.values()) == {HERE}
    # the project goes on: other settings, code and data
    (root / "params.yaml").write_text(yaml.safe_dump({**SETTINGS, "base": "melotts-kr"}), encoding="utf-8")
    (root / "take_in.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    shutil.rmtree(root / "data")
    folder = tmp_path / "again"
    place = check_out(root, made, store=DataStore(root), folder=folder)
    assert place == folder
    assert (folder / "take_in.py").read_text(encoding="utf-8") == f"{COPY}  # changed\n"
    assert yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8")) == SETTINGS
    assert (folder / "data/corpus/one.wav").read_bytes() == b"one"
    assert "up to date" in run(folder, "dvc", "status"), "nothing is left to be computed"
    assert (root / "take_in.py").read_text(encoding="utf-8") == "raise SystemExit(1)\n"
    (folder / "data/corpus/one.wav").unlink()
    assert "Running stage" not in run(folder, "dvc", "repro", "corpus"), "the cache is shared"
    assert (folder / "data/corpus/one.wav").read_bytes() == b"one"
    assert next_steps(root, place)[0] == f"cd {folder}"
    assert f"sqlite:///{root}/mlruns.db dvc repro" in next_steps(root, place)[1]
    with pytest.raises(ConfigError, match=r"again: the folder is in use[\s\S]*a new or an empty folder"):
        check_out(root, made, store=DataStore(root), folder=folder)


def test_settings_with_former_keys_stay_as_the_commit_wants_them(root: Path, tmp_path: Path) -> None:
    old = {**SETTINGS, "train": {"eps": 1e-9, "clip_norm": 5.0}, "segment": {"max_reject_share": 0.5}}
    (root / "params.yaml").write_text(yaml.safe_dump(old), encoding="utf-8")
    run(root, "git", "commit", "-q", "-a", "-m", "old settings")
    provenance = track(root, "old")
    new = {**SETTINGS, "train": {"eps": 1e-9, "max_grad_norm": 5.0}, "segment": {"max_reject_fraction": 0.5}}
    (root / "params.yaml").write_text(yaml.safe_dump(new), encoding="utf-8")
    place = check_out(root, provenance, store=DataStore(root), folder=tmp_path / "again")
    assert yaml.safe_load((place / "params.yaml").read_text(encoding="utf-8")) == old
    assert "up to date" in run(place, "dvc", "status")


def test_from_the_remote(made: Provenance, root: Path, tmp_path: Path) -> None:
    run(root, "dvc", "push", "-q")
    shutil.rmtree(root / ".dvc/cache")
    store = DataStore(root)
    assert str(store.locate(made.outs["data/raw"])) == "2 files, 2 of them in the remote alone"
    folder = tmp_path / "again"
    check_out(root, made, store=store, folder=folder)
    assert (folder / "data/raw/two.wav").read_bytes() == b"two"


def test_what_is_lost_and_what_that_means(made: Provenance, root: Path) -> None:
    (root / "recordings").rename(root / "elsewhere")
    assert states(root, made)["recording.source"] == NOT_NEEDED
    lose(root, made, "data/raw")
    store = DataStore(root)
    items = {item.name: item for item in check_provenance(root, made, store=store)}
    assert items["data/raw"].state == MISSING
    assert "1 of 1 files are in neither cache nor remote" in items["data/raw"].note
    assert "`dvc push` there, `dvc fetch` here" in items["data/raw"].note
    assert items["recording.source"].state == MISSING
    assert items["data/corpus"].state == MISSING, "it is the same folder here"
    (root / "elsewhere").rename(root / "recordings")
    assert states(root, made)["data/raw"] == AGAIN


def test_a_file_of_an_out_is_lost(made: Provenance, root: Path) -> None:
    (one, *_) = (path for path in (root / ".dvc/cache/files/md5").rglob("*") if path.is_file() and path.suffix == "")
    one.unlink()
    where = DataStore(root).locate(made.outs["data/corpus"])
    assert (where.cached, where.remote, where.missing) == (1, 0, 1)


def test_the_commit_is_lost(made: Provenance, root: Path) -> None:
    shutil.rmtree(root / ".git")
    run(root, "git", "init", "-q")
    items = {item.name: item for item in check_provenance(root, made, store=DataStore(root))}
    assert items["code"].state == MISSING
    assert "git fetch --all" in items["code"].note


def test_a_project_without_dvc(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the project is not under DVC[\s\S]*dvc init"):
        DataStore(tmp_path)
