"""Where a page or an API listens, and by which names it may be called there."""

from __future__ import annotations

import socket

from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware

from emotts.errors import ConfigError

__all__ = ["check_port", "is_loopback", "only_own_names", "web_address"]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(host: str) -> bool:
    """Tell whether what listens on an address can be reached from this machine alone."""
    return host in _LOOPBACK


def only_own_names(app: Starlette, host: str) -> None:
    """Let an application on loopback answer by its own names alone.

    A page of another site must not read it by a name that leads here (DNS rebinding). Elsewhere the names are not
    known, and nothing is done.
    """
    if is_loopback(host):
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_LOOPBACK, "[::1]"], www_redirect=False)


def web_address(host: str, port: int) -> str:
    """Return the address that a browser opens."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def check_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on.

    Raises:
        ConfigError: if another program uses it, or this machine does not have it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"nothing can be served at {host}:{port}", found=error.strerror, remedy="name another --port"
            ) from error
