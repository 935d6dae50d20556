"""Addresses of databases, and what is said where one cannot be used."""

from __future__ import annotations

import fcntl
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest
from optuna.study import StudyDirection

from emotts.errors import ConfigError
from emotts.workflows.tuning import storage as storage_module
from emotts.workflows.tuning.storage import StudyStorage, stated_failures


def test_a_project_has_its_own_file(tmp_path: Path) -> None:
    storage = StudyStorage(None, root=tmp_path, heartbeat_s=1)
    assert (tmp_path / "optuna.db").is_file()
    assert storage.url == f"sqlite:///{tmp_path / 'optuna.db'}"


def test_one_process_at_a_time_makes_the_tables(tmp_path: Path) -> None:
    """Two that come first together would both make them, and one of the two would fail."""
    with (tmp_path / "optuna.db.lock").open("w") as other, ThreadPoolExecutor(1) as pool:
        fcntl.flock(other, fcntl.LOCK_EX)
        coming = pool.submit(StudyStorage, None, root=tmp_path, heartbeat_s=1)
        with pytest.raises(TimeoutError):
            coming.result(timeout=2.0)
        assert not (tmp_path / "optuna.db").exists()
        fcntl.flock(other, fcntl.LOCK_UN)
        assert coming.result().url == f"sqlite:///{tmp_path / 'optuna.db'}"


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "postgres://u:secret@h/d", "sqlite:///:memory:", "optuna.db"])
def test_other_databases_are_refused_without_showing_a_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="not a database that processes can share") as caught:
        StudyStorage(url, root=tmp_path, heartbeat_s=1)
    assert "secret" not in str(caught.value)
    assert "wanted: sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in str(caught.value)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the study's database cannot be used") as caught:
        StudyStorage("postgresql://emotts:secret@127.0.0.1:9/studies", root=tmp_path, heartbeat_s=1)
    assert caught.value.where == "postgresql://emotts:***@127.0.0.1:9/studies"
    assert "secret" not in str(caught.value)


def test_a_file_that_another_program_locks_is_tried_again_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_module, "_LOCKED_S", 0.5)
    storage = StudyStorage(None, root=tmp_path, heartbeat_s=1)
    with closing(sqlite3.connect(tmp_path / "optuna.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        unlocking = Timer(0.2, other.execute, ["ROLLBACK"])
        unlocking.start()
        assert storage.rdb.create_new_study([StudyDirection.MAXIMIZE], "one") == 1
        unlocking.join()
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ConfigError, match="the study's database cannot be used") as caught, stated_failures("here"):
            storage.rdb.create_new_study([StudyDirection.MAXIMIZE], "two")
    assert "found: (sqlite3.OperationalError) database is locked" in str(caught.value)
    assert "the same command goes on where the study was" in str(caught.value)


def test_a_file_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "optuna.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(ConfigError, match="the study's database cannot be used") as caught:
        StudyStorage(None, root=tmp_path, heartbeat_s=1)
    assert str(path) in str(caught.value.where)
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(path) as connection:
        connection.execute("SELECT 1 FROM studies")
