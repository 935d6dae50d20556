"""Where the runs are kept, and MLflow itself, imported on first use."""

from __future__ import annotations

import importlib
import logging
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from emotts.errors import ConfigError

__all__ = ["at_store", "import_mlflow", "is_server", "open_client", "store_uri"]

_TIMEOUT_S = 10


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


def open_client(root: Path) -> Any:
    """Return an MLflow client of a project's store.

    Raises:
        ConfigError: if a server is to keep the runs and does not answer. MLflow itself would try for minutes.
    """
    return import_mlflow().MlflowClient(_answering_uri(root))


def _answering_uri(root: Path) -> str:
    """Return :func:`store_uri`; raises where it is a server that does not answer."""
    uri = store_uri(root)
    if not is_server(uri):
        return uri
    try:
        with urllib.request.urlopen(f"{uri.rstrip('/')}/health", timeout=_TIMEOUT_S):
            return uri
    except urllib.error.HTTPError:
        return uri  # somebody is there, if only one who wants a login
    except (OSError, ValueError) as error:
        raise ConfigError(
            "the tracking server does not answer",
            where=f"MLFLOW_TRACKING_URI={uri}",
            found=getattr(error, "reason", error),
            remedy="start the server (docs/tracking-server.md), or unset MLFLOW_TRACKING_URI to use the project's own "
            "store",
        ) from error


@contextmanager
def at_store(root: Path) -> Iterator[ModuleType]:
    """Yield MLflow with its module-wide functions, which know but one store, pointed to that of a project.

    Raises:
        ConfigError: as :func:`open_client`.
    """
    mlflow, uri = import_mlflow(), _answering_uri(root)
    known = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(uri)
    try:
        yield mlflow
    finally:
        mlflow.set_tracking_uri(None)  # this takes the variable away that it has set
        if known is not None:
            os.environ["MLFLOW_TRACKING_URI"] = known
