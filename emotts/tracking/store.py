"""Where the runs are kept, and MLflow itself, imported on first use."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

__all__ = ["at_store", "import_mlflow", "is_server", "store_uri"]


def import_mlflow() -> ModuleType:
    """Import MLflow on first use (it takes seconds) with telemetry and its start-up chatter off."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    for chatty in ("alembic", "mlflow"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return importlib.import_module("mlflow")


def store_uri(root: Path) -> str:
    """Return ``MLFLOW_TRACKING_URI`` where it is set, else the SQLite store in the project's folder."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{root.resolve() / 'mlruns.db'}"


def is_server(uri: str) -> bool:
    """Whether runs go to an MLflow server, which keeps their files too, and not to a database of ours."""
    return uri.startswith(("http://", "https://"))


@contextmanager
def at_store(root: Path) -> Iterator[ModuleType]:
    """Yield MLflow with its module-wide functions, which know but one store, pointed to that of a project."""
    mlflow = import_mlflow()
    known = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(store_uri(root))
    try:
        yield mlflow
    finally:
        mlflow.set_tracking_uri(None)  # this takes the variable away that it has set
        if known is not None:
            os.environ["MLFLOW_TRACKING_URI"] = known
