"""The project's own store is there as a whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import mlflow
import pytest
from support.places import REPOSITORY

from emotts.tracking.creation import create_store

PROGRAM = "import sys; from emotts.tracking.store import open_client; from pathlib import Path; open_client(Path('.'))"


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
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment)
    while not any(path.stat().st_size > 100_000 for path in tmp_path.glob(".emotts/.mlruns.db.*.part")):
        assert process.poll() is None
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "mlruns.db").exists()
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0
    assert (tmp_path / "mlruns.db").is_file()
