"""The settings of the API: where it listens, who may use it, and its bounds."""

from __future__ import annotations

import hmac
import os
from typing import Annotated

from pydantic import Field

from emotts.errors import ConfigError
from emotts.schema import Settings
from emotts.serving.address import is_loopback

__all__ = ["ServeSettings"]

_SHORTEST_KEY = 8


class ServeSettings(Settings):
    """Everything about a server but its voices. The values here are the defaults of `emotts serve`."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    api_key: Annotated[str | None, Field(repr=False)] = None
    """What a client sends as ``Authorization: Bearer KEY``; None: nothing is asked."""
    open_to_all: bool = False
    """Listen elsewhere than on loopback without a key."""
    allow_origins: tuple[str, ...] = ()
    """Sites whose pages may call the API in a browser, such as ``https://example.org``."""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    """Texts that are spoken at the same time."""
    max_requests: Annotated[int, Field(ge=1, le=10_000)] = 32
    """Requests that wait, are spoken or are being sent; further ones get status 429."""
    max_characters: Annotated[int, Field(ge=1, le=200_000)] = 4096
    """Of a text, as OpenAI has it."""
    max_audio_s: Annotated[float, Field(gt=0.0)] = 1800.0
    """Of the speech of one request, pauses included."""
    max_body_bytes: Annotated[int, Field(ge=1024)] = 65_536
    max_connections: Annotated[int, Field(ge=1, le=60_000)] = 512
    """Open connections; further ones get status 503."""
    max_time_s: Annotated[float, Field(gt=0.0)] = 120.0
    """From a request to the end of its speaking, waiting included."""
    max_stall_s: Annotated[float, Field(gt=0.0)] = 60.0
    """That a client may take no bytes of its answer, or send none of its request."""
    shutdown_s: Annotated[int, Field(ge=1)] = 20
    """After a signal, until running requests are given up."""
    block_s: Annotated[float, Field(ge=0.05, le=60.0)] = 0.5
    """Length of the pieces of streamed speech."""

    @property
    def threads(self) -> int:
        """Threads that one text is spoken with."""
        return max(1, (os.cpu_count() or 1) // self.workers)

    def accepts(self, key: str) -> bool:
        """Tell whether a key is the one that is asked for; everything is where none is."""
        return self.api_key is None or hmac.compare_digest(key.encode(), self.api_key.encode())

    def check_exposure(self) -> None:
        """Refuse to be open to other machines by accident.

        Raises:
            ConfigError: if it listens elsewhere than on loopback and asks for no key, or for one that can be guessed.
        """
        if self.api_key is not None and len(self.api_key) < _SHORTEST_KEY:
            raise ConfigError(
                "the key is too short", found=f"{len(self.api_key)} characters", wanted=f"at least {_SHORTEST_KEY}"
            )
        if is_loopback(self.host) or self.api_key is not None or self.open_to_all:
            return
        raise ConfigError(
            "everybody who reaches this machine could use the API",
            found=f"--host {self.host} without a key",
            wanted="a key in the environment variable EMOTTS_API_KEY (or --api-key)",
            remedy="set one, or add --no-auth if everybody in that network may speak",
        )
