"""The project's own store is there as a whole or not at all."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import mlflow
import pytest
from support.places import REPOSITORY

from emotts.tracking.creation import create_store

PROGRAM = "from emotts.tracking.store import open_client; from pathlib import Path; open_client(Path('.'))"
KILLED_IN_THE_MIDDLE = """
import itertools, os, signal
from sqlalchemy import Engine, event

statements = itertools.count(1)

@event.listens_for(Engine, "after_cursor_execute")
def kill(*_):
    if next(statements) == 100:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_store_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "mlruns.db"
    create_store(path, connect=mlflow.MlflowClient)
    made = path.stat().st_mtime_ns
    (found,) = mlflow.MlflowClient(f"sqlite:///{path}").search_experiments()
    assert found.name == "Default"
    create_store(path, connect=mlflow.MlflowClient)
    assert path.stat().st_mtime_ns == made
    assert {each.name for each in tmp_path.iterdir()} == {"mlruns.db", ".emotts"}


@pytest.mark.slow
def test_a_kill_while_it_is_made_leaves_none(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    program = KILLED_IN_THE_MIDDLE + PROGRAM
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    (partial,) = tmp_path.glob(".emotts/.mlruns.db.*.part")
    with closing(sqlite3.connect(partial)) as store:
        assert store.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0] > 2
    assert not (tmp_path / "mlruns.db").exists()
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0
    assert (tmp_path / "mlruns.db").is_file()
