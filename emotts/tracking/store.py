"""The store of the runs, and MLflow, imported on first use."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from emotts.addresses import shown_address
from emotts.tracking.answering import require_answer, with_timeout
from emotts.tracking.creation import create_store
from emotts.tracking.delivery import Address, deliver_leftovers
from emotts.tracking.failures import stated_failures
from emotts.tracking.home import home
from emotts.tracking.moved import ARTIFACTS, STORE, repair_addresses
from emotts.tracking.spool import spool_folder

__all__ = [
    "VARIABLE",
    "artifact_location",
    "at_store",
    "import_mlflow",
    "is_own_store",
    "is_server",
    "known_address",
    "open_address",
    "open_client",
    "shown_store",
    "store_uri",
]

_CHATTY: Mapping[str, int] = MappingProxyType(
    {
        "alembic": logging.WARNING,
        "mlflow": logging.WARNING,
        "mlflow.store.db.utils": logging.CRITICAL,  # it shows every failure, which is raised too
        "urllib3.connectionpool": logging.ERROR,  # it tells of every further try
    }
)
"""Loggers and what of them is shown."""
_OWN = "own"
VARIABLE = "MLFLOW_TRACKING_URI"
"""The environment variable that names another store than the project's own."""


def import_mlflow() -> ModuleType:
    """Import MLflow on first use (it takes seconds) with telemetry and its start-up chatter off."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")  # it may hold a password
    # MLflow's 7 tries take two minutes; only the environment of the whole process can set fewer
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    for chatty, level in _CHATTY.items():
        logging.getLogger(chatty).setLevel(level)
    return importlib.import_module("mlflow")


def store_uri(root: Path) -> str:
    """Return ``MLFLOW_TRACKING_URI`` where it is set, else the SQLite store in the project's folder."""
    return os.environ.get(VARIABLE) or f"sqlite:///{home(root) / STORE}"


def shown_store(root: Path) -> str:
    """Return :func:`store_uri` without a password, for messages."""
    return shown_address(store_uri(root))


def is_own_store() -> bool:
    """Whether the runs go to the project's own store: the environment names no other."""
    return not os.environ.get(VARIABLE)


def artifact_location(root: Path) -> str | None:
    """Return the address of the folder that a new experiment's files go to; None: the server has its own."""
    return None if is_server(store_uri(root)) else (home(root) / ARTIFACTS).as_uri()


def is_server(uri: str) -> bool:
    """Whether runs go to an MLflow server, which keeps their files too, and not to a database of ours."""
    return uri.startswith(("http://", "https://"))


def open_client(root: Path) -> Any:
    """Return an MLflow client of a project's store; raises as :func:`open_address`."""
    address = open_address(root)
    with stated_failures(address.uri):
        return address.client


def open_address(root: Path) -> Address:
    """Return the address of a project's store, once the store has what earlier processes could not deliver.

    A project that was moved gets its addresses repaired first.

    Raises:
        TrackingError: if ``MLFLOW_TRACKING_URI`` names something that cannot keep runs, or that does not answer. MLflow
            itself would try for minutes.
    """
    uri = _ready_uri(root)
    address = _address(uri)
    deliver_leftovers(spool_folder(root), address)
    return address


def known_address(root: Path) -> Address:
    """Return the address of a project's store, which need not answer now."""
    return _address(store_uri(root))


def _address(uri: str) -> Address:
    mark = _OWN if is_own_store() else shown_address(uri)
    return Address(lambda: _client(uri), mark, uri, is_server(uri))


def _client(uri: str) -> Any:
    """Return MLflow's client; a database has to answer first, since MLflow would try for minutes."""
    if not (is_own_store() or is_server(uri)):
        require_answer(uri, where=f"{VARIABLE}={shown_address(uri)}")
    return import_mlflow().MlflowClient(with_timeout(uri))


def _ready_uri(root: Path) -> str:
    """Return :func:`store_uri` once it is known to answer."""
    uri = store_uri(root)
    if is_own_store():
        create_store(home(root) / STORE, connect=_client)
        repair_addresses(home(root))
    else:
        require_answer(uri, where=f"{VARIABLE}={shown_address(uri)}")
    return uri


@contextmanager
def at_store(root: Path) -> Iterator[ModuleType]:
    """Yield MLflow with its module-wide functions, which know only one store, pointed to that of a project.

    Raises:
        TrackingError: as :func:`open_client`, and if the store fails in the block.
    """
    mlflow, uri = import_mlflow(), _ready_uri(root)
    known = os.environ.get(VARIABLE)
    mlflow.set_tracking_uri(uri)
    try:
        with stated_failures(uri):
            yield mlflow
    finally:
        mlflow.set_tracking_uri(None)  # this takes the variable away that it has set
        if known is not None:
            os.environ[VARIABLE] = known
