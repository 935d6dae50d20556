"""A folder for studies whose database has its tables; making them takes a second, copying them nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import optuna
import pytest

from emotts.workflows.tuning.storage import StudyStorage


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return Optuna's database without a study."""
    folder = tmp_path_factory.mktemp("optuna")
    StudyStorage(None, root=folder, heartbeat_s=1)
    return folder / "optuna.db"


@pytest.fixture
def place(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the present folder, with a database of its own."""
    shutil.copy(empty_database, tmp_path / "optuna.db")
    monkeypatch.chdir(tmp_path)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return tmp_path
