"""The commands that serve finished voices: serve and web."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["serving_app"]

serving_app = typer.Typer()

Voices = Annotated[
    list[str] | None,
    typer.Option(
        "--voice",
        help="NAME=FOLDER, NAME=models:/MODEL@ALIAS, or NAME=runs:/RUN; may be repeated. Without NAME= the name is "
        "default; left out: models/export.",
    ),
]
ApiKey = Annotated[
    str | None,
    typer.Option(envvar="EMOTTS_API_KEY", help="What clients must send; set the variable: options can be seen by all."),
]
NoAuth = Annotated[bool, typer.Option("--no-auth", help="Listen on any address without a key.")]
Origins = Annotated[
    list[str] | None,
    typer.Option("--allow-origin", help="Site whose pages may call the API in a browser; may be repeated."),
]
BertFolder = Annotated[
    Path | None, typer.Option(help="Folder with the voices' BERT models in KR/, JP/ or EN/; left out: from the hub.")
]
BertZeros = Annotated[bool, typer.Option("--bert-zeros", help="Speak, less well, without BERT models.")]
Lexicon = Annotated[Path | None, typer.Option(help="File of your own words: WORD, a tab, READING on each line.")]


Host = Annotated[str, typer.Option(help="Address to listen on; any but this machine's own needs a key.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]
Workers = Annotated[int, typer.Option(help="Texts that are spoken at the same time.")]
MaxRequests = Annotated[int, typer.Option(help="Requests that may be open; further ones get status 429.")]


@serving_app.command()
def serve(
    voice: Voices = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    api_key: ApiKey = None,
    no_auth: NoAuth = False,
    allow_origin: Origins = None,
    workers: Workers = 2,
    max_requests: MaxRequests = 32,
    bert_folder: BertFolder = None,
    bert_zeros: BertZeros = False,
    lexicon: Lexicon = None,
) -> None:
    """Serve voices over HTTP, by the names of OpenAI's API for speech (docs/serving.md)."""
    options = {
        "host": host,
        "port": port,
        "api_key": api_key,
        "open_to_all": no_auth,
        "allow_origins": tuple(allow_origin or ()),
        "workers": workers,
        "max_requests": max_requests,
    }
    how = {"bert_folder": bert_folder, "bert_zeros": bert_zeros, "lexicon": lexicon}
    _serve(voice, options, how, with_page=False)


@serving_app.command()
def web(
    voice: Voices = None,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    api_key: ApiKey = None,
    no_auth: NoAuth = False,
    workers: Workers = 2,
    max_requests: MaxRequests = 32,
    bert_folder: BertFolder = None,
    bert_zeros: BertZeros = False,
    lexicon: Lexicon = None,
) -> None:
    """Open a page to play with voices, with their API beside it (docs/web.md)."""
    options = {
        "host": host,
        "port": port,
        "api_key": api_key,
        "open_to_all": no_auth,
        "workers": workers,
        "max_requests": max_requests,
    }
    how = {"bert_folder": bert_folder, "bert_zeros": bert_zeros, "lexicon": lexicon}
    _serve(voice, options, how, with_page=True)


def _serve(voice: list[str] | None, options: Mapping[str, object], how: Mapping[str, Any], *, with_page: bool) -> None:
    """Serve voices; ``how`` are further arguments of :meth:`emotts.voice.Voice.load`."""
    from emotts.runtime import wait_briefly

    wait_briefly()
    from emotts.voice import Voice
    from emotts.workflows.serving import serve_voices

    logging.getLogger("emotts").setLevel(logging.WARNING)
    logging.getLogger("nicegui").setLevel(logging.ERROR)
    serve_voices(
        voice or ["models/export"],
        options=options,
        load=lambda source: Voice.load(source, **how),
        say=lambda line: print(line, flush=True),
        with_page=with_page,
    )
