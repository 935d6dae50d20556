"""The server of the review page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nicegui import app, background_tasks, ui
from nicegui.server import Server
from starlette.responses import PlainTextResponse, Response

from emotts.errors import AudioError, EmottsError
from emotts.serving.address import only_own_names
from emotts.serving.review.page import ReviewPage
from emotts.serving.review.shared import Review
from emotts.serving.review.sounds import ADDRESS, Window
from emotts.serving.review.words import Words

__all__ = ["serve"]

_TITLE = "emotts review"
_POLL_S = 0.02


def serve(review: Review, *, host: str, port: int, language: str, ready: Callable[[], None]) -> None:
    """Serve the review page until Ctrl-C.

    Args:
        review: what it shows.
        host: address to listen on.
        port: port to listen on.
        language: of the page, where its address does not say another one (``?lang=ko``).
        ready: called when the page can be opened.
    """

    def page(lang: str = language) -> None:
        try:
            review.reload()
        except EmottsError as error:
            ui.label(str(error)).style("white-space: pre-line; padding: 2rem")
            return
        ReviewPage(review, Words(lang), speak=lambda name: ui.navigate.to(f"/?lang={name}"))
        review.tell()

    only_own_names(app, host)
    app.add_api_route(ADDRESS, _sounds(review), methods=["GET"])
    app.on_startup(_announcing(ready))
    ui.page("/", title=_TITLE)(page)
    try:
        ui.run(host=host, port=port, reload=False, show=False, show_welcome_message=False, tailwind=False, title=_TITLE)
    finally:
        review.sounds.close()


def _announcing(ready: Callable[[], None]) -> Callable[[], None]:
    """Return what waits, beside the start of the server, until it listens."""

    async def announce() -> None:
        while not Server.instance.started:
            await asyncio.sleep(_POLL_S)
        ready()

    def start() -> None:
        background_tasks.create(announce(), name="announcing")

    return start


def _sounds(review: Review) -> Callable[[str, float, float], Response]:
    """Return what answers with a part of a recording, or says why there is none."""

    def answer(recording: str, start_s: float, end_s: float) -> Response:
        try:
            return Response(review.sounds.wav(Window(recording, start_s, end_s)), media_type="audio/wav")
        except AudioError as error:
            return PlainTextResponse(str(error), status_code=404)

    return answer
