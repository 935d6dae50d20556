"""The address of MLflow's pages, and a server of them on the project's own store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from emotts.tracking.home import home
from emotts.tracking.moved import ARTIFACTS
from emotts.tracking.origin import kill_dead_runs
from emotts.tracking.store import open_client, store_uri
from emotts.tracking.views import VIEW, set_view

__all__ = ["runs_page", "serve_ui"]

_GUARD = Path(__file__).with_name("guard.py")


def runs_page(root: Path, *, experiment: str, metrics: Sequence[str]) -> str:
    """Return the part of the UI's address that shows an experiment's runs; the UI's first page without any yet.

    ``metrics``: the columns that the table of runs opens with.
    """
    client = open_client(root)
    found = client.get_experiment_by_name(experiment)
    if found is None:
        return ""
    kill_dead_runs(client, found.experiment_id)
    set_view(client, found.experiment_id, metrics=metrics)
    query = f"workflowType=machine_learning&viewStateShareKey={VIEW}"
    return f"#/experiments/{found.experiment_id}/runs?{query}"


def serve_ui(root: Path, *, host: str, port: int) -> int:
    """Run the MLflow server on the project's own store until it is interrupted; return its exit status.

    However this process ends, the server ends with it.
    """
    command = [sys.executable, "-m", "mlflow", "server", "--host", host, "--port", str(port), "--workers", "1"]
    environment = {
        **os.environ,
        # no arguments: everybody on the machine can read those, and the address may hold a password
        "MLFLOW_BACKEND_STORE_URI": store_uri(root),
        "MLFLOW_DEFAULT_ARTIFACT_ROOT": (home(root) / ARTIFACTS).as_uri(),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # a dozen worker processes that only GenAI features use
    }
    guarded = [sys.executable, str(_GUARD), *command]
    server = subprocess.Popen(guarded, cwd=root, env=environment, stdin=subprocess.PIPE, start_new_session=True)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if server.stdin is not None:
            server.stdin.close()
        server.wait()
