"""Serving finished voices over HTTP."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from emotts.errors import EmottsError
from emotts.runtime import keep_few_lengths
from emotts.workflows.voice_sources import located

if TYPE_CHECKING:
    from emotts.serving.api.settings import ServeSettings
    from emotts.voice import Voice

__all__ = ["serve_voices"]

_PACKAGES = ("fastapi", "fastapi_swagger", "nicegui", "prometheus_client", "starlette", "uvicorn")


def serve_voices(
    given: Sequence[str],
    *,
    options: Mapping[str, object],
    load: Callable[[str], Voice],
    say: Callable[[str], None],
    with_page: bool = False,
) -> None:
    """Serve voices until Ctrl-C or SIGTERM.

    Args:
        given: ``NAME=SOURCE`` or ``SOURCE`` of every voice.
        options: values of :class:`emotts.serving.api.settings.ServeSettings` that are not its defaults.
        load: loads a source, which :func:`emotts.workflows.voice_sources.located` has found.
        say: told what is served, and where.
        with_page: serve the page that plays with the voices beside the API.

    Raises:
        EmottsError: if the packages of the API, or of the page, are not installed.
        ConfigError: if an option cannot be used, it would be open to other machines by accident, the address cannot be
            listened on, or two voices have the same name.
        CheckpointError: if a voice cannot be loaded.
    """
    _require_packages(with_page=with_page)
    from emotts.serving.address import check_port
    from emotts.serving.api.settings import ServeSettings

    keep_few_lengths()
    settings = ServeSettings.from_dict(options)
    settings.check_exposure()
    check_port(settings.host, settings.port)
    voices, sources = _loaded(given, load)
    for name, voice in voices.items():
        say(f"{name}: {voice.description.language}, {', '.join(voice.emotions)}")
    _serve(voices, sources if with_page else None, settings, say=say)


def _require_packages(*, with_page: bool) -> None:
    """Raise EmottsError unless the packages are installed."""
    try:
        importlib.import_module("emotts.serving.web.server" if with_page else "emotts.serving.api.server")
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        extras = "serve,web" if with_page else "serve"
        raise EmottsError(
            "the packages that serve voices are not installed",
            wanted=error.name,
            remedy=f"pip install 'emotts[{extras}]'",
        ) from error


def _loaded(given: Sequence[str], load: Callable[[str], Voice]) -> tuple[dict[str, Voice], list[str]]:
    """Return the voices by name, and in the same order what each was loaded from."""
    from emotts.serving.api.voices import load_voices

    sources: list[str] = []

    def load_located(source: str) -> Voice:
        sources.append(located(source))
        return load(sources[-1])

    return load_voices(given, load_located), sources


def _serve(
    voices: Mapping[str, Voice], sources: Sequence[str] | None, settings: ServeSettings, *, say: Callable[[str], None]
) -> None:
    """Serve the API; with ``sources``, of which the page says what is known, the page as well."""
    from emotts.serving.address import web_address
    from emotts.serving.api.server import serve

    address = web_address(settings.host, settings.port)
    if sources is None:
        serve(voices, settings, ready=lambda: say(f"serving: {address}docs   (Ctrl-C ends it)"))
        return
    from emotts.serving.web.server import serve_page
    from emotts.workflows.voice_facts import read_facts

    facts = {name: read_facts(source) for name, source in zip(voices, sources, strict=True)}
    serve_page(voices, facts, settings, ready=lambda: say(f"page: {address}   (Ctrl-C ends it)"))
