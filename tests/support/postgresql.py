"""A throwaway PostgreSQL server from Debian's packages: a cluster in a temporary folder, on loopback."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

__all__ = ["PostgreSQL", "cluster", "free_port"]

UNPRIVILEGED = ("postgres", "nobody")
"""Who runs the server where the tests run as root, which PostgreSQL refuses."""
START_TIMEOUT_S = 60


def find_programs() -> Path | None:
    """Return the folder of the newest ``initdb`` with its ``pg_ctl``, Debian's first; None where there is none."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(versions, key=lambda path: int(path.parents[1].name))
    on_path = shutil.which("initdb")
    if not found and on_path is not None:
        found = [Path(on_path).resolve()]
    return next((path.parent for path in reversed(found) if (path.parent / "pg_ctl").is_file()), None)


@dataclass(frozen=True)
class PostgreSQL:
    """A running server; ``emotts`` is its superuser."""

    programs: Path
    data: Path
    port: int
    password: str
    run_as: Mapping[str, int]

    def url(self, database: str = "postgres", *, user: str = "emotts", password: str | None = None) -> str:
        """Return the address of a database, with user and password; the superuser's own without one."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self) -> str:
        """Make an empty database of a name of its own; return its address."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def run_file(self, path: Path, *, environment: Mapping[str, str]) -> None:
        """Run a file of psql as the superuser; the first error ends it."""
        command = [str(self.programs / "psql"), "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={path}", self.url()]
        done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories='' -c fsync=off"
        log = str(self.data / "server.log")
        self._control("start", "-w", "-t", str(START_TIMEOUT_S), "-l", log, "-o", options)

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server; ``immediate`` is a crash."""
        self._control("stop", "-w", "-m", mode)

    def _control(self, *arguments: str) -> None:
        run([str(self.programs / "pg_ctl"), "-D", str(self.data), *arguments], run_as=self.run_as)


@contextmanager
def cluster() -> Iterator[PostgreSQL]:
    """Start a server with an empty cluster; it and its files are gone at the end.

    The calling test is skipped where PostgreSQL is not installed.
    """
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not here (Debian: apt-get install postgresql)")
    run_as = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="emotts-postgresql-"))  # pytest's own folders are closed to other users
    try:
        password = secrets.token_hex(8)
        word = folder / "password"
        word.write_text(password, encoding="utf-8")
        if run_as:
            for path in (folder, word):
                os.chown(path, run_as["user"], run_as["group"])
        data = folder / "data"
        options = ["--username=emotts", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
        run([str(programs / "initdb"), "-D", str(data), f"--pwfile={word}", *options], run_as=run_as)
        server = PostgreSQL(programs, data, free_port(), password, run_as)
        server.start()
        try:
            yield server
        finally:
            server.stop(mode="immediate")
    finally:
        shutil.rmtree(folder)


def unprivileged() -> dict[str, int]:
    """Return whom to run the server as, as arguments of ``subprocess.run``: nothing where it may be ourselves."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next((known[name] for name in UNPRIVILEGED if name in known), None)
    if entry is None:
        pytest.skip(f"PostgreSQL does not run as root, and there is no user {' or '.join(UNPRIVILEGED)}")
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: list[str], *, run_as: Mapping[str, int]) -> None:
    """Run one of PostgreSQL's programs; its output is shown where it fails."""
    # the server outlives pg_ctl and would hold a pipe open
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False, **run_as)
        output.seek(0)
        assert done.returncode == 0, f"{' '.join(command)}:\n{output.read()}"
