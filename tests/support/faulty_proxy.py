"""A proxy before a tracking server that can be told to answer nonsense, late, or not at all."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

__all__ = ["ANSWERS", "FaultyProxy", "faulty_proxy"]

ANSWERS = {
    "page": (200, b"<html><body>Welcome to nginx!</body></html>"),
    "error": (500, b"Internal Server Error"),
    "login": (401, b"You are not authenticated"),
    "forbidden": (403, b'{"error_code": "PERMISSION_DENIED", "message": "no"}'),
    "not found": (404, b"<html>404</html>"),
    "broken": (200, b'{"run": {"info": '),
    "empty": (200, b""),
    "object": (200, b"{}"),
    "refusal": (400, b'{"error_code": "INVALID_PARAMETER_VALUE", "message": "no"}'),
}
"""What is answered in place of the server, by the fault's name: status and text."""
SLOW_S = 0.1


class FaultyProxy:
    """The proxy.

    Attributes:
        fault: ``none``, a name of ANSWERS, ``closed`` (without an answer), ``silent`` (while it is so), ``slow``, or
            ``lost``: the server does what it is asked, and its answer is lost.
        broken: an upload whose path ends so is answered with status 500, whatever the fault; empty: none.
        knows_version: whether ``/version`` is answered as the server does, whatever the fault.
        requests: so many came.
    """

    def __init__(self, server: str) -> None:
        self.fault = "none"
        self.broken = ""
        self.knows_version = True
        self.requests = 0
        self.over = threading.Event()
        parts = urlsplit(server)
        self.host, self.port = str(parts.hostname), int(parts.port or 0)
        self.address = ""

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        self.requests += 1
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        fault = "none" if self.knows_version and request.path == "/version" else self.fault
        if self.broken and request.command == "PUT" and request.path.endswith(self.broken):
            fault = "error"
        if fault in ANSWERS:
            status, answer = ANSWERS[fault]
            send(request, status, answer, kind="application/json")
        elif fault == "silent":
            while self.fault == "silent" and not self.over.wait(0.05):
                pass
        elif fault != "closed":
            time.sleep(SLOW_S if fault == "slow" else 0)
            self._pass_on(request, body, lost=fault == "lost")
        request.close_connection = True

    def _pass_on(self, request: BaseHTTPRequestHandler, body: bytes, *, lost: bool) -> None:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        kept = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "connection")}
        connection.request(request.command, request.path, body, {**kept, "Host": f"{self.host}:{self.port}"})
        answer = connection.getresponse()
        content = answer.read()
        if not lost or request.command == "GET":
            send(request, answer.status, content, kind=answer.headers.get("Content-Type", "application/json"))


def send(request: BaseHTTPRequestHandler, status: int, content: bytes, *, kind: str) -> None:
    """Send an answer."""
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)


@contextmanager
def faulty_proxy(server: str) -> Iterator[FaultyProxy]:
    """Run a proxy before the server of an address; its own address has a password in it."""
    proxy = FaultyProxy(server)

    class Handler(BaseHTTPRequestHandler):
        """Hands every request on."""

        def handle_any(self) -> None:
            proxy.handle(self)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.daemon_threads = True
    threading.Thread(target=service.serve_forever, daemon=True).start()
    proxy.address = f"http://me:s3cret@127.0.0.1:{service.server_port}"
    try:
        yield proxy
    finally:
        proxy.over.set()
        service.shutdown()
        service.server_close()
