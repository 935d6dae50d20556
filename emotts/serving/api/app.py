"""The ASGI application of the API; a page can be put beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi_swagger import patch_fastapi
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emotts.serving.address import only_own_names
from emotts.serving.api.errors import answer_errors
from emotts.serving.api.metrics import CountedRequests, Metrics
from emotts.serving.api.routes import api_routes, health_route
from emotts.serving.api.settings import ServeSettings
from emotts.serving.api.speaking import Speakers
from emotts.serving.api.speech import SpeechDesk
from emotts.serving.api.warm_up import WarmUp
from emotts.voice import Voice

__all__ = ["build_app"]

_ABOUT = "Emotional speech from text, by the names of OpenAI's API for speech."


def build_app(voices: Mapping[str, Voice], settings: ServeSettings) -> FastAPI:
    """Return the application of a server.

    Args:
        voices: loaded voices by name.
        settings: key, names, bounds; where it listens is only needed for the names that it answers by.
    """
    metrics = Metrics()
    speakers = Speakers(settings, metrics)
    warm_up = WarmUp(voices, speakers)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.create_task(warm_up.run())
        yield
        warming.cancel()
        with suppress(asyncio.CancelledError):
            await warming
        await asyncio.to_thread(speakers.close)

    app = FastAPI(
        title="emotts",
        description=_ABOUT,
        version=version("emotts"),
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        lifespan=lifespan,
    )
    desk = SpeechDesk(voices, settings, speakers=speakers, metrics=metrics)
    app.include_router(api_routes(voices, desk=desk, metrics=metrics, settings=settings))
    app.include_router(health_route(warm_up))
    patch_fastapi(app, redirect_from_root_to_docs=False)  # the page /docs, from files of the package
    answer_errors(app)
    _guard(app, settings)
    app.add_middleware(CountedRequests, metrics=metrics)
    return app


def _guard(app: FastAPI, settings: ServeSettings) -> None:
    app.add_middleware(_BoundedBody, max_bytes=settings.max_body_bytes, stall_s=settings.max_stall_s)
    if settings.allow_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=list(settings.allow_origins), allow_methods=["*"], allow_headers=["*"]
        )
    only_own_names(app, settings.host)


class _BoundedBody:
    """Middleware that refuses requests that are too large, or that begin and do not go on."""

    def __init__(self, app: ASGIApp, max_bytes: int, stall_s: float) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._stall_s = stall_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = scope["type"] == "http"
        n_bytes = 0

        async def received() -> Message:
            nonlocal more, n_bytes
            try:
                async with asyncio.timeout(self._stall_s if more else None):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, f"the rest of the request did not come within {self._stall_s:g} s") from error
            more = bool(message.get("more_body", False))
            n_bytes += len(message.get("body", b""))
            if n_bytes > self._max_bytes:
                raise HTTPException(413, f"the request is too large; wanted: at most {self._max_bytes} bytes")
            return message

        await self._app(scope, received, send)
