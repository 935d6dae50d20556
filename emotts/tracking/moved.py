"""Repairing the store of a project that was moved or copied: MLflow keeps absolute addresses of files."""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from emotts.errors import TrackingError
from emotts.files import TEMPORARY_SUFFIX

__all__ = ["ARTIFACTS", "STORE", "lies_elsewhere", "repair_addresses"]

ARTIFACTS = "mlartifacts"
STORE = "mlruns.db"
"""The folder of a project that holds the files of its runs."""
_ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
_PARTS = re.compile(rf"(file://.*/{ARTIFACTS})((?:/.*)?)")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Address:
    """An address in the store: where it stands, that of the folder ``mlartifacts`` in it, and what follows."""

    table: str
    column: str
    folder: str
    rest: str

    @property
    def address(self) -> str:
        """The whole address."""
        return f"{self.folder}{self.rest}"


def repair_addresses(root: Path) -> None:
    """Let the addresses in a project's own ``mlruns.db`` lead into its own ``mlartifacts``, and say so.

    New files never go to the place that the project was moved or copied from. The addresses of the files that earlier
    runs have are changed where the project has an ``mlartifacts``; what only the former place has is copied from there.

    Args:
        root: the project.

    Raises:
        TrackingError: if the store cannot be read or changed.
    """
    database = root / STORE
    if not database.is_file():
        return
    try:
        _repair(root, database)
    except sqlite3.DatabaseError as error:
        raise TrackingError(
            "the project's runs cannot be read",
            where=database,
            found=error,
            remedy="if another program locks it, wait for that; if it is damaged, move it away, and a new one is begun",
        ) from error


def _repair(root: Path, database: Path) -> None:
    own = (root / ARTIFACTS).as_uri()
    with closing(sqlite3.connect(database, timeout=60)) as store:
        whole = (root / ARTIFACTS).is_dir()
        changed = [each for each in _addresses(store) if each.folder != own and (whole or each.table == "experiments")]
        if not changed:
            return
        copied = _copy_missing(root, changed)
        with store:
            for each in changed:
                store.execute(
                    f"UPDATE {each.table} SET {each.column} = ? WHERE {each.column} = ?",
                    (f"{own}{each.rest}", each.address),
                )
    _say(root, changed, whole=whole, copied=copied)


def lies_elsewhere(root: Path, address: str) -> bool:
    """Whether the files at an address lie in the ``mlartifacts`` of another project."""
    parts = _PARTS.fullmatch(address)
    return parts is not None and parts[1] != (root / ARTIFACTS).as_uri()


def _addresses(store: sqlite3.Connection) -> list[_Address]:
    """Return every address of a file below a folder of that name; none where MLflow has made no tables yet."""
    tables = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    found = []
    for table, column in _ADDRESSES:
        if table not in tables:
            continue
        pattern = f"file://%/{ARTIFACTS}%"
        for (address,) in store.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} LIKE ?", (pattern,)):
            if parts := _PARTS.fullmatch(str(address)):
                found.append(_Address(table, column, parts[1], parts[2]))
    return found


def _copy_missing(root: Path, changed: Sequence[_Address]) -> int:
    """Copy folders of runs and models that only the former place has; return how many."""
    copied = 0
    for each in changed:
        there, here = _path(each.address), root / ARTIFACTS / unquote(each.rest).lstrip("/")
        if each.table in ("runs", "logged_models") and there.is_dir() and not here.exists() and ".." not in here.parts:
            partial = here.with_name(f".{here.name}{TEMPORARY_SUFFIX}")
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(there, partial)
            partial.rename(here)
            copied += 1
    return copied


def _path(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))


def _say(root: Path, changed: Sequence[_Address], *, whole: bool, copied: int) -> None:
    former = ", ".join(sorted({str(_path(each.folder).parent) for each in changed}))
    runs = sum(each.table == "runs" for each in changed)
    said = f"the project was moved or copied here from {former}: {STORE} now names {root / ARTIFACTS}"
    if not whole:
        said += f" for new files; those of earlier runs stay where they are, as there is no {ARTIFACTS} here"
    elif runs:
        said += f" for the files of {runs} runs"
    if copied:
        said += f"; {copied} folders that lay only there were copied"
    _LOG.warning("%s", said)
