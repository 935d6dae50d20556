"""The names of segments, and the removal of those of an earlier pass."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from emotts.corpus.rows import Recording

__all__ = ["remove_segments", "segment_names", "segment_wav"]

_MAX_BYTES = 150
"""Bytes of a name; file systems take 255 with number and ending."""


def segment_names(recordings: Sequence[Recording]) -> list[str]:
    """Return a name for each recording that its segments are called by: the emotion, if known, and the file's stem.

    Names do not depend on the order of the recordings, and are unique: those that would share one, and those that are
    cut because file systems take no longer ones, get a piece of the hash of their content.
    """
    slugs = [_slug([*([row.emotion] if row.emotion else []), Path(row.file).stem]) for row in recordings]
    names = [_cut(slug) for slug in slugs]
    counts = Counter(name.casefold() for name in names)
    is_whole = {name for name, slug in zip(names, slugs, strict=True) if name == slug}
    return [
        name if counts[name.casefold()] == 1 and name in is_whole else f"{name}_{row.sha256[:8]}"
        for name, row in zip(names, recordings, strict=True)
    ]


def segment_wav(name: str, number: int) -> str:
    """Return the file of a recording's segment, counted from 1, relative to the folder of ``segments.jsonl``."""
    return f"{name}/{name}_{number:04d}.wav"


def remove_segments(out: Path) -> None:
    """Remove the rows and segments of an earlier pass, so that an interrupted one leaves no mixture."""
    for name in ("segments.jsonl", "rejects.jsonl"):
        (out / name).unlink(missing_ok=True)
    for folder in (path for path in out.glob("*") if path.is_dir()):
        for wav in folder.glob("*.wav"):
            if re.fullmatch(rf"{re.escape(folder.name)}_\d{{4,}}\.wav", wav.name):
                wav.unlink()


def _cut(name: str) -> str:
    """Return as much of a name as leaves room for a number and an ending twice in a path."""
    return name.encode()[:_MAX_BYTES].decode(errors="ignore")


def _slug(parts: Sequence[str]) -> str:
    text = unicodedata.normalize("NFC", "_".join(parts))
    return re.sub(r"[^\w-]+", "_", text).strip("_") or "recording"
