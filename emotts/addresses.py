"""Addresses of servers and databases as they may be shown: without their passwords."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

__all__ = ["shown_address", "without_password"]

_HIDDEN = "***"
_SECRET = re.compile(r"pass(word|wd|phrase)?|pwd|token|secret|api_?key", re.IGNORECASE)
"""Names of query parameters whose values are not shown."""


def shown_address(address: str) -> str:
    """Return an address with ``***`` in the place of its passwords; what is no address stays as it is.

    A password that contains ``/``, ``?`` or ``#``, which belong encoded there, is hidden as well.
    """
    scheme, separator, rest = address.partition("://")
    if not separator or rest.startswith("/"):
        return address  # the path of a file has no password
    parts = urlsplit(address)
    if "@" not in parts.netloc and "@" in rest:
        user, colon, _ = rest.partition(":")
        return f"{scheme}://{user}:{_HIDDEN}@{rest.rpartition('@')[2]}" if colon else address
    user_info, at, host = parts.netloc.rpartition("@")
    user, colon, _ = user_info.partition(":")
    place = f"{user}:{_HIDDEN}@{host}" if colon else f"{user_info}{at}{host}"
    return urlunsplit((parts.scheme, place, parts.path, _shown_query(parts.query), parts.fragment))


def without_password(text: object, address: str) -> str:
    """Return a text, such as the message of an error, in which an address is shown without its passwords."""
    shown = str(text).replace(address, shown_address(address))
    parts = urlsplit(address)
    password = parts.netloc.rpartition("@")[0].partition(":")[2]
    return shown.replace(password, _HIDDEN) if len(password) > 2 else shown


def _shown_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(_SECRET.search(name) for name, _ in pairs):
        return query
    return urlencode([(name, _HIDDEN if _SECRET.search(name) else value) for name, value in pairs], safe="*/")
