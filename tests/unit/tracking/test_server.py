"""The server of MLflow's pages ends with the process that started it, whatever signal ends that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from support.places import REPOSITORY
from support.waiting import wait_until

SERVER = """
import json, os, pathlib, subprocess, sys
worker = subprocess.Popen(["sleep", "1000"])
told = {"pids": [os.getpid(), worker.pid], "arguments": sys.argv[1:], "store": os.environ["MLFLOW_BACKEND_STORE_URI"]}
pathlib.Path("told.part").write_text(json.dumps(told), encoding="utf-8")
pathlib.Path("told.part").rename("told.json")
worker.wait()
"""
USER = "import pathlib, sys; from emotts.tracking.server import serve_ui; "
USER += "sys.exit(serve_ui(pathlib.Path.cwd(), host='127.0.0.1', port=5000))"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 0), (signal.SIGTERM, -15), (signal.SIGHUP, -1), (signal.SIGKILL, -9)],
)
def test_the_server_ends_with_the_user_interface(tmp_path: Path, number: signal.Signals, status: int) -> None:
    (tmp_path / "mlflow").mkdir()
    (tmp_path / "mlflow/__init__.py").touch()
    (tmp_path / "mlflow/__main__.py").write_text(SERVER, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    environment["MLFLOW_TRACKING_URI"] = "postgresql://me:s3cret@host/runs"
    user = subprocess.Popen([sys.executable, "-c", USER], cwd=tmp_path, env=environment)
    wait_until((tmp_path / "told.json").exists)
    text = (tmp_path / "told.json").read_text(encoding="utf-8")
    pids = [int(word) for word in text.partition("[")[2].partition("]")[0].split(",")]
    processes = [psutil.Process(pid) for pid in pids]
    assert '"store": "postgresql://me:s3cret@host/runs"' in text
    assert not any("s3cret" in word for pid in pids for word in psutil.Process(pid).cmdline())
    user.send_signal(number)
    assert user.wait(timeout=60) == status
    wait_until(lambda: not any(process.is_running() for process in processes))
