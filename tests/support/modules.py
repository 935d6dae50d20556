"""Running ``python -m MODULE`` without waiting for the imports of large libraries."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock

from support.places import REPOSITORY

__all__ = ["run_module"]


class ForkServer:
    """The other end of :mod:`support.fork_server`; one process is run at a time."""

    def __init__(self) -> None:
        command = [sys.executable, str(REPOSITORY / "tests/support/fork_server.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lock = Lock()

    def run(self, request: Mapping[str, object]) -> int:
        """Run one process and return its exit status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate()


@cache
def _fork_server() -> ForkServer:
    server = ForkServer()
    atexit.register(server.close)
    return server


def run_module(
    module: str, *arguments: str, folder: Path, environment: Mapping[str, str], apart: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m MODULE ARGUMENTS`` in a folder; both streams come in ``stdout``, or ``apart``.

    It is a process of its own, with the code of its folder or of ``PYTHONPATH``. Only the libraries are there already,
    so variables that they read while they are imported have no effect: a test of those starts a new process.
    """
    with tempfile.TemporaryDirectory() as place:
        output, problems = (Path(place) / name for name in ("stdout", "stderr"))
        for path in (output, problems):
            path.touch()
        request = {
            "module": module,
            "arguments": arguments,
            "folder": str(folder),
            "environment": dict(environment),
            "stdout": str(output),
            "stderr": str(problems if apart else output),
        }
        status = _fork_server().run(request)
        command = (sys.executable, "-m", module, *arguments)
        said = [path.read_text(encoding="utf-8") for path in (output, problems)]
        return subprocess.CompletedProcess(command, status, *said)
