"""The API of tiny voices on a real server: in a thread, on a free port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts.serving.api.app import build_app
from emotts.serving.api.server import api_server
from emotts.serving.api.settings import ServeSettings
from emotts.voice import Speech, Voice

__all__ = ["GatedVoice", "Served", "free_port", "served", "tiny_voice"]


def tiny_voice() -> Voice:
    """Return a voice of random weights."""
    return Voice(make_synthesizer(), DESCRIPTION)


class GatedVoice(Voice):
    """A tiny voice that goes on with each piece only when it is let; nothing else about it is different."""

    def __init__(self) -> None:
        super().__init__(make_synthesizer(), DESCRIPTION)
        self.gate = threading.Semaphore(0)
        """One permit for every piece."""
        self.n_pieces = 0
        """Pieces that were made."""
        self.is_open = True
        """Whether pieces need no permit."""

    def stream(self, text: str, **how: Any) -> Iterator[Speech]:
        """Yield the pieces of :meth:`Voice.stream`, each when there is a permit for it."""
        for speech in super().stream(text, **how):
            if not self.is_open:
                assert self.gate.acquire(timeout=120)
            self.n_pieces += 1
            yield speech


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    client: httpx.Client

    def post(self, **body: Any) -> httpx.Response:
        """Ask for speech; what is not given is a short wav of the voice "default"."""
        wanted = {"model": "emotts", "voice": "default", "input": "안녕하세요.", "response_format": "wav"}
        return self.client.post("/v1/audio/speech", json={**wanted, **body})

    def metric(self, name: str) -> float:
        """Return the value of a metric, 0 where it was never counted."""
        lines = self.client.get("/metrics").text.splitlines()
        return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), 0.0)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(voices: Mapping[str, Voice], **settings: Any) -> Iterator[Served]:
    """Serve voices, and stop when the block ends."""
    chosen = ServeSettings.from_dict({"port": free_port(), "workers": 1, **settings})
    ready = threading.Event()
    server = api_server(build_app(voices, chosen), chosen, ready=ready.set)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert ready.wait(timeout=120)
        address = f"http://127.0.0.1:{chosen.port}"
        headers = {} if chosen.api_key is None else {"Authorization": f"Bearer {chosen.api_key}"}
        with httpx.Client(base_url=address, headers=headers, timeout=120) as client:
            yield Served(address, client)
    finally:
        server.should_exit = True
        thread.join(timeout=120)
        assert not thread.is_alive()
