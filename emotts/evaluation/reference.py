"""What the reference speech of an evaluation is, in the words of whoever made the recording."""

from __future__ import annotations

import json
from pathlib import Path

from emotts.errors import CorpusError

__all__ = ["ABOUT_FILE", "about_reference"]

ABOUT_FILE = "reference.json"


def about_reference(source: Path) -> str | None:
    """Return what ``reference.json`` in a recording's folder says under ``about``, None without such a file.

    Reports show it above their tables: where the reference speech is synthetic, a reader must know.

    Raises:
        CorpusError: if the file holds something else.
    """
    path = source / ABOUT_FILE
    if not path.is_file():
        return None
    try:
        about = json.loads(path.read_text(encoding="utf-8"))["about"]
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path, found=error) from error
    if not isinstance(about, str):
        raise _unreadable(path, found=about)
    return " ".join(about.split())


def _unreadable(path: Path, *, found: object) -> CorpusError:
    return CorpusError(
        "does not say what the reference speech is",
        where=path,
        found=found,
        wanted='{"about": "One or two sentences."}',
        remedy="correct the file, or remove it",
    )
