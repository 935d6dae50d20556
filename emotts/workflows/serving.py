"""Serving finished voices over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from emotts.errors import EmottsError
from emotts.workflows.voice_sources import located

if TYPE_CHECKING:
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
    try:
        from emotts.serving.address import check_port, web_address
        from emotts.serving.api.settings import ServeSettings
        from emotts.serving.api.voices import load_voices

        if with_page:
            from emotts.serving.web.server import serve_page
            from emotts.workflows.voice_facts import read_facts
        else:
            from emotts.serving.api.server import serve
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        extras = "serve,web" if with_page else "serve"
        raise EmottsError(
            "the packages that serve voices are not installed",
            wanted=error.name,
            remedy=f"pip install 'emotts[{extras}]'",
        ) from error
    settings = ServeSettings.from_dict(options)
    settings.check_exposure()
    check_port(settings.host, settings.port)
    sources: list[str] = []

    def load_located(source: str) -> Voice:
        sources.append(located(source))
        return load(sources[-1])

    voices = load_voices(given, load_located)
    for name, voice in voices.items():
        say(f"{name}: {voice.description.language}, {', '.join(voice.emotions)}")
    address = web_address(settings.host, settings.port)
    if with_page:
        facts = {name: read_facts(source) for name, source in zip(voices, sources, strict=True)}
        serve_page(voices, facts, settings, ready=lambda: say(f"page: {address}   (Ctrl-C ends it)"))
    else:
        serve(voices, settings, ready=lambda: say(f"serving: {address}docs   (Ctrl-C ends it)"))
