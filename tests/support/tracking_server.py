"""MLflow's real server on a SQLite file, which can be killed and started again at once, and a faulty proxy before it.

Run as a program, this file imports MLflow's server once and forks it for every start.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from support.postgresql import free_port

__all__ = ["TrackingServer", "tracking_server"]

START_TIMEOUT_S = 120


class TrackingServer:
    """A server on loopback.

    Args:
        starter: the process that forks servers.
        port: that they listen on.
    """

    def __init__(self, starter: subprocess.Popen[str], port: int) -> None:
        self._starter = starter
        self._process = 0
        self.address = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        assert self._starter.stdin is not None
        assert self._starter.stdout is not None
        self._starter.stdin.write("start\n")
        self._starter.stdin.flush()
        self._process = int(self._starter.stdout.readline())
        end_s = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            assert time.monotonic() < end_s
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill the server with SIGKILL, if it runs, and wait until it has gone."""
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            while self._answers():
                time.sleep(0.02)
        self._process = 0

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@contextmanager
def tracking_server(folder: Path, empty_store: Path) -> Iterator[TrackingServer]:
    """Start a server that keeps its database and files in a folder; it has gone at the end.

    Args:
        folder: of the server.
        empty_store: a database with MLflow's tables.
    """
    shutil.copy(empty_store, folder / "server.db")
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "_MLFLOW_SERVER_FILE_STORE": f"sqlite:///{folder / 'server.db'}",
        "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
        "_MLFLOW_SERVER_ARTIFACT_DESTINATION": str(folder / "files"),
        "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }
    environment.pop("MLFLOW_TRACKING_URI", None)
    with (folder / "log").open("wb") as log:
        command = [sys.executable, __file__, str(port)]
        starter = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    server = TrackingServer(starter, port)
    try:
        server.start()
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(starter.pid, signal.SIGKILL)
        starter.wait()


def main() -> None:
    """Fork a server for every line of the standard input, and write its process id."""
    import uvicorn
    from mlflow.server.fastapi_app import app

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            os.dup2(2, 1)
            uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
            os._exit(0)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
