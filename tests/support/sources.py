"""Folders of recordings as people lay them out: files without sound, which is enough for what reads their names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from emotts.corpus.sources.choosing import read_source
from emotts.corpus.sources.layout import AUTO, Layout
from emotts.corpus.sources.source_file import ReadSource
from emotts.emotions.emotion_set import EmotionSet

__all__ = ["EMOTIONS", "Row", "fill", "reading", "rows", "why"]

EMOTIONS = EmotionSet()
Row = tuple[str, str, str | None, float | None, str | None, str | None]
"""Place, language, emotion, intensity, speaker and text of a file."""


def fill(root: Path, files: Mapping[str, str] | None = None, *names: str) -> Path:
    """Write text files, and files of a few bytes for every other name; return the folder."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    for name, text in (files or {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def reading(root: Path, *, layout: str | Layout = AUTO, language: str = "KR") -> ReadSource:
    """Return a source as it is read."""
    return read_source(root, language=language, emotions=EMOTIONS, layout=layout)


def rows(read: ReadSource) -> list[Row]:
    """Return the facts of every file that is taken in."""
    return [
        (file.place.as_posix(), file.language, file.emotion, file.intensity, file.speaker, file.text)
        for file in read.files
    ]


def why(read: ReadSource) -> list[tuple[str, str]]:
    """Return the name and the reason of everything that is passed over."""
    return [(Path(each.where).name, each.reason) for each in read.rejected]
