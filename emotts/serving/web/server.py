"""The server of the page: page and API in one process."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import Request
from nicegui import ui

from emotts.serving.api.app import build_app
from emotts.serving.api.server import api_server
from emotts.serving.api.settings import ServeSettings
from emotts.serving.page_words import preferred_language
from emotts.serving.web.elements import KeyGate
from emotts.serving.web.facts import VoiceFacts
from emotts.serving.web.page import VoicePage
from emotts.serving.web.words import LANGUAGES, Words
from emotts.voice import Voice

__all__ = ["serve_page"]

_TITLE = "emotts"
_COLOUR = "#3557d6"
_STYLE = Path(__file__).with_name("web.css")


def serve_page(
    voices: Mapping[str, Voice],
    facts: Mapping[str, VoiceFacts],
    settings: ServeSettings,
    *,
    ready: Callable[[], None],
) -> None:
    """Serve the page of voices, and their API beside it, until Ctrl-C or SIGTERM.

    Args:
        voices: loaded voices by name.
        facts: what is known of them, by the same names.
        settings: where, for whom, and the bounds: those of the API.
        ready: called when it listens.

    Raises:
        ConfigError: if it would be open to other machines by accident.
    """
    settings.check_exposure()

    def page(request: Request, lang: str = "") -> None:
        language = lang or preferred_language(request.headers.get("accept-language", ""), LANGUAGES)
        words = Words(language)
        ui.add_css(_STYLE)
        ui.colors(primary=_COLOUR)
        _behind_key(
            words,
            settings,
            lambda: VoicePage(
                voices, facts, settings, words, speak_language=lambda name: ui.navigate.to(f"/?lang={name}")
            ),
        )

    # NiceGUI looks at every object of the process when it starts, and torch warns about being looked at
    warnings.filterwarnings("ignore", message="`torch.distributed.reduce_op`", category=FutureWarning)
    app = build_app(voices, settings)
    ui.page("/", title=_TITLE)(page)
    ui.run_with(app, title=_TITLE, show_welcome_message=False, tailwind=False)
    api_server(app, settings, ready=ready).run()


def _behind_key(words: Words, settings: ServeSettings, build: Callable[[], object]) -> None:
    """Build the page, where the server asks for a key only when the browser has sent it."""
    if settings.api_key is None:
        build()
        return
    place = ui.element("div")

    def check(key: str) -> None:
        if not settings.accepts(key):
            gate.refuse()
            return
        place.clear()
        with place:
            build()

    with place:
        gate = KeyGate(words, check)
