"""A Hugging Face hub on this machine: a real server with what the library asks for when it downloads a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

REPOSITORY, REVISION = "someone/Model", "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What the server has at :data:`REVISION` of :data:`REPOSITORY`, what was asked of it, and the client's cache."""

    files: dict[str, bytes]
    cache: Path
    requests: list[str] = field(default_factory=list)

    @property
    def snapshot(self) -> Path:
        return self.cache / "models--someone--Model" / "snapshots" / REVISION

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        """Return status, content and headers for a path."""
        self.requests.append(path)
        resolve = f"/{REPOSITORY}/resolve/{REVISION}/"
        if path.startswith(resolve) and path.removeprefix(resolve) in self.files:
            content = self.files[path.removeprefix(resolve)]
            return 200, content, {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Repo-Commit": REVISION}
        listed = [
            {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
            for name, content in self.files.items()
        ]
        answers = {
            f"/api/models/{REPOSITORY}/revision/{REVISION}": {"id": REPOSITORY, "sha": REVISION, "siblings": []},
            f"/api/models/{REPOSITORY}/tree/{REVISION}": listed,
        }
        return (200, json.dumps(answers[path]).encode(), {}) if path in answers else (404, b"{}", {})


@contextmanager
def serve(files: Mapping[str, bytes], cache: Path) -> Iterator[Hub]:
    """Run a hub with these files, which huggingface_hub downloads from into ``cache``."""
    hub = Hub(dict(files), cache)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content, headers = hub.answer(urlsplit(self.path).path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            use_hub(patch, address=f"http://127.0.0.1:{server.server_port}", cache=cache)
            yield hub
    finally:
        server.shutdown()
        server.server_close()


def use_hub(patch: pytest.MonkeyPatch, *, address: str, cache: Path) -> None:
    """Set what HF_ENDPOINT and HF_HUB_CACHE set, which the library reads once, when it is imported."""
    constants = "huggingface_hub.constants"
    patch.setattr(f"{constants}.ENDPOINT", address)
    patch.setattr(f"{constants}.HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    patch.setattr(f"{constants}.HF_HUB_CACHE", str(cache))
