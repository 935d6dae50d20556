"""The database of a study, and the lock that only one of its processes holds at a time."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import optuna
import sqlalchemy
import sqlalchemy.exc

from emotts.addresses import shown_address
from emotts.errors import ConfigError
from emotts.files import locked

__all__ = ["StudyStorage", "quiet_optuna", "stated_failures"]

_GRACE = 4
"""So many heartbeats may be missing before a process counts as dead."""
_LOCKED_S = 60
"""So long a SQLite file is tried again that another program has locked."""
_LOCK_LIMIT_S = 120
"""The lock is held for about a second; the server frees it so long after a machine that held it vanished."""


class StudyStorage:
    """A SQLite file, or a PostgreSQL server.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE``; None: ``optuna.db`` of the
            project.
        root: the project.
        heartbeat_s: time between two heartbeats of a process.

    Raises:
        ConfigError: if the address is of another kind, its driver is missing, or the database cannot be used.
    """

    def __init__(self, url: str | None, *, root: Path, heartbeat_s: int) -> None:
        self.url = url or f"sqlite:///{root.resolve() / 'optuna.db'}"
        self._file = _sqlite_file(self.url)
        connection = {"connect_args": {"timeout": _LOCKED_S}} if self._file else {"pool_pre_ping": True}
        try:
            self._engine = sqlalchemy.create_engine(self.url, **connection)
            # two processes that come first together would both make the tables
            with stated_failures(self.shown), quiet_optuna(), self.lock(""):
                self.rdb = optuna.storages.RDBStorage(
                    self.url,
                    engine_kwargs=connection,
                    heartbeat_interval=heartbeat_s,
                    grace_period=_GRACE * heartbeat_s,
                )
        except ImportError as error:
            raise ConfigError(
                "the driver of the study's database is missing",
                where=self.shown,
                found=str(error).splitlines()[0],
                remedy="pip install 'emotts[postgresql]'",
            ) from error

    @property
    def shown(self) -> str:
        """The address without its password."""
        return shown_address(self.url)

    @contextmanager
    def lock(self, study: str) -> Iterator[None]:
        """Hold a study's lock in the block; wait before it until no other process holds it.

        It ends with the process or the connection, however they end.
        """
        if self._file is not None:
            with locked(self._file.with_name(f"{self._file.name}.lock")):
                yield
            return
        number = int.from_bytes(hashlib.sha256(f"emotts tune {study}".encode()).digest()[:8], signed=True)
        with self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{_LOCK_LIMIT_S}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({number})")
            yield


@contextmanager
def stated_failures(shown: str) -> Iterator[None]:
    """Turn failures of the database into an error that says which and what to do."""
    try:
        yield
    except (sqlalchemy.exc.SQLAlchemyError, optuna.exceptions.StorageInternalError, RuntimeError) as error:
        if not _of_database(error):
            raise
        cause = error.__cause__ or error
        raise ConfigError(
            "the study's database cannot be used",
            where=shown,
            found=str(cause).splitlines()[0],
            remedy="check its address and that it is running; the same command goes on where the study was",
        ) from error


@contextmanager
def quiet_optuna() -> Iterator[None]:
    """Hide Optuna's warnings of interfaces that may change, and of what is as it wants.

    These are heartbeats, importances, and trials that Wilcoxon's pruner cannot compare with the best.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*WilcoxonPruner (cannot prune|finds steps)")
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        warnings.filterwarnings("ignore", message="Heartbeat of storage is supposed to be used")
        warnings.filterwarnings("ignore", message="PedAnovaImportanceEvaluator computes the importances")
        yield


def _of_database(error: Exception) -> bool:
    kinds = (sqlalchemy.exc.SQLAlchemyError, optuna.exceptions.StorageInternalError)
    # of another version's tables Optuna says so with a plain RuntimeError
    return isinstance(error, kinds) or "no longer compatible with the table schema" in str(error)


def _sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite address, None for PostgreSQL."""
    if re.match(r"^postgresql(\+psycopg)?://", url):
        return None
    found = re.match(r"^sqlite:///(.+)$", url)
    if found is None or ":memory:" in url:
        raise ConfigError(
            "not a database that processes can share",
            where="--storage",
            found=shown_address(url),
            wanted="sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        )
    file = Path(found.group(1))
    file.parent.mkdir(parents=True, exist_ok=True)
    return file
