"""MLflow's pages: where they are, and serving them from the project's own store."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from emotts.tracking.store import import_mlflow, store_uri

__all__ = ["runs_page", "serve_ui"]


def runs_page(root: Path, *, experiment: str) -> str:
    """Return the part of the UI's address that shows an experiment's runs; the UI's first page without any yet."""
    client = import_mlflow().MlflowClient(store_uri(root))
    found = client.get_experiment_by_name(experiment)
    return "" if found is None else f"#/experiments/{found.experiment_id}/runs?workflowType=machine_learning"


def serve_ui(root: Path, *, host: str, port: int) -> int:
    """Run the MLflow server on the project's own store until it is interrupted; return its exit status."""
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store_uri(root)]
    command += ["--default-artifact-root", (root.resolve() / "mlartifacts").as_uri()]
    command += ["--host", host, "--port", str(port), "--workers", "1"]
    environment = {
        **os.environ,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # a dozen worker processes that only GenAI features use
    }
    server = subprocess.Popen(command, cwd=root, env=environment, start_new_session=True)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()
