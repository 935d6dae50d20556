"""Patterns of paths with named parts: ``{speaker}/{emotion}/{speaker}_{number:6}``.

``{name}`` stands for some characters without a slash, ``{name:4}`` for as many, ``{name:LO|MD|HI}`` for one of these
words, ``{folders}/`` for any number of folders, ``*`` for any characters without a slash. A part that is named twice is
the same both times. A pattern describes the end of a path; case does not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from emotts.errors import ConfigError

__all__ = ["FOLDERS", "Pattern", "fill"]

FOLDERS = "folders"
"""The part that stands for any number of folders."""
_PART = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}(/?)")
_NAME = re.compile(r"[a-z][a-z_]*")


class Pattern:
    """A pattern that can be held against paths."""

    def __init__(self, written: str) -> None:
        """Compile a pattern.

        Raises:
            ConfigError: if a part has no usable name, or ``{folders}`` does not end in a slash.
        """
        self.written = written
        seen: set[str] = set()
        pieces, at = [], 0
        for match in _PART.finditer(written):
            pieces.append(_literal(written[at : match.start()]))
            pieces.append(_part(match, seen, written))
            at = match.end()
        pieces.append(_literal(written[at:]))
        self.parts = frozenset(seen)
        self.is_fixed = "*" not in written and all("|" in (match[2] or "") for match in _PART.finditer(written))
        """Whether it names files by whole names, so that no other file is meant by chance."""
        anywhere = "" if written.startswith("{folders}/") else "(?:.*/)?"
        self._compiled = re.compile(anywhere + "".join(pieces), re.IGNORECASE | re.DOTALL)

    def match(self, place: str) -> dict[str, str] | None:
        """Return the parts of a path with slashes, None where it does not fit."""
        found = self._compiled.fullmatch(unicodedata.normalize("NFC", place))
        return None if found is None else {name: value for name, value in found.groupdict().items() if value}


def fill(template: str, parts: Mapping[str, str]) -> str | None:
    """Return a template with its ``{part}`` filled in, None where one is missing."""
    names = [match[1] for match in _PART.finditer(template)]
    if any(name not in parts for name in names):
        return None
    return _PART.sub(lambda match: parts[match[1]] + match[3], template)


def _literal(text: str) -> str:
    if "{" in text or "}" in text:
        raise ConfigError("brackets of a pattern do not close", found=repr(text))
    return "[^/]*".join(re.escape(piece) for piece in unicodedata.normalize("NFC", text).split("*"))


def _part(match: re.Match[str], seen: set[str], written: str) -> str:
    name, detail, slash = match.groups()
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"part {name!r} of a pattern has no usable name", found=repr(written), wanted="lower-case letters"
        )
    if name in seen:
        return f"(?P={name}){slash}"
    seen.add(name)
    if name == FOLDERS:
        if not slash:
            raise ConfigError("{folders} of a pattern must end in a slash", found=repr(written))
        return "(?P<folders>(?:[^/]+/)*)"
    if detail is None:
        inside = "[^/]+?"
    elif detail.isdecimal():
        inside = f"[^/]{{{int(detail)}}}"
    else:
        inside = "|".join(map(re.escape, detail.split("|")))
    return f"(?P<{name}>{inside}){slash}"
