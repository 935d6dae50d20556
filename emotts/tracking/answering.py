"""Asking a store that the environment names whether it is there, before MLflow tries for minutes."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from emotts.addresses import without_password
from emotts.errors import TrackingError

__all__ = ["require_answer", "with_timeout"]

_TIMEOUT_S = 10
_VERSION = re.compile(r"\d+\.\d+[\w.]*")
_LOGIN = (401, 403)
_TIMEOUT_OF: Mapping[str, str] = MappingProxyType(
    {"postgresql": "connect_timeout", "mysql": "connect_timeout", "mssql": "timeout"}
)
"""The databases that MLflow takes besides SQLite, and how their drivers call the time to wait for a connection."""
_KINDS = "http(s)://HOST:PORT, postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///FILE"
_UNSET = "or unset MLFLOW_TRACKING_URI to use the project's own store"


def require_answer(uri: str, *, where: str) -> None:
    """Return if a store answers; a server or a database has ten seconds for it.

    Args:
        uri: its address.
        where: names it in messages, without a password.

    Raises:
        TrackingError: if its kind is unknown, its folder or driver is missing, nothing answers, or something else does.
    """
    scheme = uri.partition("://")[0] if "://" in uri else ""
    kind = scheme.partition("+")[0]
    if scheme in ("http", "https"):
        _ask_server(uri, where=where)
    elif kind == "sqlite":
        _look_for_folder(uri, where=where)
        _connect(uri, where=where, waiting={"timeout": _TIMEOUT_S})
    elif kind in _TIMEOUT_OF:
        _connect(uri, where=where, waiting={_TIMEOUT_OF[kind]: _TIMEOUT_S})
    else:
        raise TrackingError(
            "the address of the tracking store is of an unknown kind",
            where=where,
            wanted=_KINDS,
            remedy=f"correct the address, {_UNSET}",
        )


def with_timeout(uri: str) -> str:
    """Return the address of a store whose database has ten seconds to take a connection, unless it says how long."""
    name = _TIMEOUT_OF.get(uri.partition("://")[0].partition("+")[0])
    if name is None:
        return uri
    address = importlib.import_module("sqlalchemy").make_url(uri)
    if name in address.query:
        return uri
    patient: str = address.update_query_dict({name: str(_TIMEOUT_S)}).render_as_string(hide_password=False)
    return patient


def _ask_server(uri: str, *, where: str) -> None:
    """Ask for the version, which MLflow tells everybody; somebody who wants a login may be MLflow behind a proxy."""
    requests: Any = importlib.import_module("requests")
    verify = os.environ.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() not in ("true", "1")
    try:
        answer = requests.get(f"{uri.rstrip('/')}/version", timeout=_TIMEOUT_S, verify=verify)
    except (requests.RequestException, ValueError) as error:
        raise TrackingError(
            "the tracking server does not answer",
            where=where,
            found=without_password(error, uri),
            remedy=f"start the server (docs/tracking-server.md), {_UNSET}",
        ) from error
    said = answer.text.strip()
    if answer.status_code in _LOGIN or (answer.ok and _VERSION.fullmatch(said)):
        return
    raise TrackingError(
        "something answers there, but it is no MLflow server",
        where=where,
        found=f"status {answer.status_code}: {said.splitlines()[0][:80] if said else 'nothing'} (for /version)",
        remedy=f"correct the address, start the server (docs/tracking-server.md), {_UNSET}",
    )


def _look_for_folder(uri: str, *, where: str) -> None:
    name = uri.partition(":///")[2].partition("?")[0]
    if not name or name == ":memory:":
        raise TrackingError(
            "the tracking store is no file, and would be gone at the end of each process",
            where=where,
            wanted="sqlite:///FILE",
            remedy=f"name a file, {_UNSET}",
        )
    folder = Path(name).parent
    if not folder.is_dir():
        raise TrackingError(
            "the folder of the tracking store is missing",
            where=where,
            found=f"no folder {folder}",
            remedy=f"make it (mkdir -p {folder}), {_UNSET}",
        )


def _connect(uri: str, *, where: str, waiting: Mapping[str, int]) -> None:
    sqlalchemy: Any = importlib.import_module("sqlalchemy")
    remedy = f"check the address and that the database is running, {_UNSET}"
    try:
        engine = sqlalchemy.create_engine(uri, connect_args=dict(waiting), poolclass=sqlalchemy.pool.NullPool)
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text("SELECT 1"))
            if engine.dialect.name == "sqlite":  # it opens whatever is there, and reads it only now
                connection.execute(sqlalchemy.text("SELECT count(*) FROM sqlite_master"))
        return
    except ImportError as error:
        found: object = error
        remedy = "pip install 'emotts[postgresql]'" if uri.startswith("postgresql") else "install that driver"
    except (sqlalchemy.exc.SQLAlchemyError, ValueError) as error:
        found = error
    first = without_password(found, uri).strip().splitlines()[0]
    raise TrackingError("the tracking store cannot be used", where=where, found=first, remedy=remedy)
