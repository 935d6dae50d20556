"""What holds for all tests, and the stores that many of them use."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from support.postgresql import PostgreSQL, cluster

# Where the tests are started in the background or by nohup, Ctrl-C or the end of the terminal is ignored, and every
# process they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Every run of the properties tries the same examples, so that a failure comes from a change and never from chance.
settings.register_profile("emotts", derandomize=True, deadline=None, database=None, max_examples=100)
settings.register_profile("search", deadline=None, database=None, max_examples=3000)  # --hypothesis-profile=search
settings.load_profile("emotts")


@pytest.fixture(autouse=True)
def _own_environment() -> Iterator[None]:
    """Take back what a test changes in the environment or the working folder: their order does not matter."""
    before, folder = dict(os.environ), Path.cwd()
    yield
    os.environ.clear()
    os.environ.update(before)
    os.chdir(folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """Return a running PostgreSQL server for this process; take a database of your own from it."""
    with cluster() as server:
        yield server


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an MLflow database with its tables; making them takes seconds, copying them nothing."""
    import mlflow  # seconds, and needed by few

    path = tmp_path_factory.mktemp("store") / "mlruns.db"
    mlflow.MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def tracked(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project folder with an empty store for its runs."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copy(empty_store, tmp_path / "mlruns.db")
    return tmp_path


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder that takes 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only an administrator may mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
