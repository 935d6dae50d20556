"""The server of the API: from its start to the end of its last request."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping

import uvicorn
from fastapi import FastAPI

from emotts.serving.api.app import build_app
from emotts.serving.api.settings import ServeSettings
from emotts.voice import Voice

__all__ = ["api_server", "serve"]


def serve(voices: Mapping[str, Voice], settings: ServeSettings, *, ready: Callable[[], None]) -> None:
    """Serve voices until Ctrl-C or SIGTERM; running requests are finished first, within a bound.

    Args:
        voices: loaded voices by name.
        settings: where, for whom, and its bounds.
        ready: called when it listens.

    Raises:
        ConfigError: if it would be open to other machines by accident.
    """
    settings.check_exposure()
    api_server(build_app(voices, settings), settings, ready=ready).run()


def api_server(app: FastAPI, settings: ServeSettings, *, ready: Callable[[], None]) -> uvicorn.Server:
    """Return the server of an application that :func:`emotts.serving.api.app.build_app` made; ``run`` starts it."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=settings.max_connections,
        timeout_graceful_shutdown=settings.shutdown_s,
    )
    return _Server(config, ready)


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen."""
        await super().startup(sockets)
        if self.started:
            self._ready()
