"""Stores that the environment names and that cannot be used: each is refused at once, in words."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from support.postgresql import PostgreSQL, free_port

from emotts.errors import ConfigError
from emotts.tracking import answering, known_run
from emotts.tracking.answering import require_answer, with_timeout
from emotts.tracking.failures import shown_failure
from emotts.tracking.store import open_client


class Service(BaseHTTPRequestHandler):
    """Answers each path with its own status and text: ``/200/3.17.2/version``."""

    def do_GET(self) -> None:
        _, status, text, _ = self.path.split("/")
        self.send_response(int(status))
        self.end_headers()
        self.wfile.write(f"{text}\n".encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://me:s3cret@127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def refusal(uri: str, monkeypatch: pytest.MonkeyPatch, root: Path) -> str:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    with pytest.raises(ConfigError) as error:
        open_client(root)
    assert "cret" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("answer", ["200/3.17.2", "200/2.9.0.dev0", "401/login", "403/login"])
def test_an_mlflow_server_or_a_login_before_it(service: str, answer: str) -> None:
    require_answer(f"{service}/{answer}", where="here")


@pytest.mark.parametrize("answer", ["200/hello", "404/3.17.2", "500/oops", "200/OK"])
def test_another_service(service: str, answer: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = refusal(f"{service}/{answer}", monkeypatch, tmp_path)
    assert "something answers there, but it is no MLflow server" in said
    assert f"found: status {answer[:3]}: {answer[4:]} (for /version)" in said


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    port = free_port()
    said = refusal(f"http://me:s3cret@127.0.0.1:{port}", monkeypatch, tmp_path)
    assert said.startswith(f"MLFLOW_TRACKING_URI=http://me:***@127.0.0.1:{port}: the tracking server does not answer")
    assert "to do: start the server (docs/tracking-server.md), or unset MLFLOW_TRACKING_URI" in said


@pytest.mark.parametrize(
    "uri", ["ftp://me:s3cret@host/runs", "runs", "/somewhere/runs", "postgres://me:s3cret@host/x", "file:///x", "://"]
)
def test_an_unknown_kind(uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = refusal(uri, monkeypatch, tmp_path)
    assert "the address of the tracking store is of an unknown kind" in said
    assert "wanted: http(s)://HOST:PORT, postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///FILE" in said


def test_a_file_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_store: Path) -> None:
    folder = tmp_path / "gone"
    said = refusal(f"sqlite:///{folder}/mlruns.db", monkeypatch, tmp_path)
    assert f"the folder of the tracking store is missing\n  found: no folder {folder}" in said
    assert f"mkdir -p {folder}" in said
    folder.mkdir()
    (folder / "mlruns.db").write_text("no database, but a text that is long enough to be read as one" * 20)
    said = refusal(f"sqlite:///{folder}/mlruns.db", monkeypatch, tmp_path)
    assert "the tracking store cannot be used" in said
    assert "file is not a database" in said
    for memory in ("sqlite://", "sqlite:///:memory:"):
        assert "the tracking store is no file" in refusal(memory, monkeypatch, tmp_path)
    shutil.copy(empty_store, folder / "mlruns.db")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlruns.db")
    assert open_client(tmp_path).search_experiments() is not None


def test_a_database_that_refuses(postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrong = postgresql.url().replace(postgresql.password, "s3cret")
    said = refusal(wrong, monkeypatch, tmp_path)
    assert "the tracking store cannot be used" in said
    assert 'password authentication failed for user "emotts"' in said
    require_answer(postgresql.url(), where="here")


@pytest.mark.parametrize(
    ("uri", "patient"),
    [
        ("postgresql://me:p%40ss@host/runs", "postgresql://me:p%40ss@host/runs?connect_timeout=10"),
        ("mysql+pymysql://host/runs?charset=utf8", "mysql+pymysql://host/runs?charset=utf8&connect_timeout=10"),
        ("postgresql+psycopg2://host/runs?connect_timeout=3", "postgresql+psycopg2://host/runs?connect_timeout=3"),
        ("sqlite:///runs.db", "sqlite:///runs.db"),
        ("https://me:p%40ss@host", "https://me:p%40ss@host"),
    ],
)
def test_a_database_has_ten_seconds_unless_its_address_says_otherwise(uri: str, patient: str) -> None:
    assert with_timeout(uri) == patient


def test_the_delivery_to_a_silent_database_says_that_it_waits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(answering, "_TIMEOUT_S", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"postgresql://me:s3cret@127.0.0.1:{silent.getsockname()[1]}/runs"
        monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
        writer = known_run(tmp_path, "ab", experiment_id="1")
        writer.tags({"first": "1"})
        end = time.monotonic() + 60
        while not caplog.messages and time.monotonic() < end:
            time.sleep(0.05)
        assert writer.flush(0.1) == 1
    shutil.rmtree(tmp_path / ".emotts")  # else the end of the process would wait for it
    (said,) = caplog.messages
    assert said.startswith(f"what run ab reports waits in {tmp_path / '.emotts/spool/ab'}, and is delivered later: ")
    assert "timeout expired" in said
    assert "s3cret" not in said


def test_a_database_that_is_silent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It takes the connection and says nothing, as behind a firewall; a minute's wait would end this test."""
    monkeypatch.setattr(answering, "_TIMEOUT_S", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"postgresql://me:s3cret@127.0.0.1:{silent.getsockname()[1]}/runs"
        said = refusal(address, monkeypatch, tmp_path)
    assert "the tracking store cannot be used" in said
    assert "timeout expired" in said


def test_a_failure_is_shown_by_its_cause() -> None:
    hint = "(raised as a result of Query-invoked autoflush; consider using a session.no_autoflush block)"
    error = ValueError(f"{hint}\n(sqlite3.OperationalError) database or disk is full\n[SQL: INSERT INTO tags]")
    assert shown_failure(error, "sqlite:///runs.db") == "(sqlite3.OperationalError) database or disk is full"
