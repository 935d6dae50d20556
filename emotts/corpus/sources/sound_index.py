"""Finding the sound that a row of a table names, whatever folder the table was written in."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from emotts.audio.opening import SOUND_SUFFIXES
from emotts.corpus.sources.walk import Walked

__all__ = ["SoundIndex"]

_DRIVE = re.compile(r"^[A-Za-z]:")


class SoundIndex:
    """The sounds of a source by every name that a row may call them.

    A row names the end of the sound's path, or a longer path that ends as the whole of it (from another machine), with
    or without the ending of the file, with slashes either way. Nothing outside of the source is ever found.
    """

    def __init__(self, walked: Walked, keys: Mapping[Path, str]) -> None:
        """Index the sounds of a source; ``keys`` are the names of those that a layout composes from their parts."""
        self._places: dict[str, list[Path]] = defaultdict(list)
        self._names: dict[str, list[tuple[tuple[str, ...], Path]]] = defaultdict(list)
        self._exact: dict[tuple[str, ...], list[Path]] = defaultdict(list)
        for path in walked.sounds:
            parts = tuple(_fold(walked.places[path]).split("/"))
            bare = (*parts[:-1], _without_ending(parts[-1]))
            for each in {parts, bare}:
                self._names[each[-1]].append((each, path))
                self._exact[each].append(path)
            if path in keys:
                self._places[_fold(keys[path])].append(path)
        self._has_keys = bool(keys)

    def find(self, named: str, *, folder: str = "") -> list[Path]:
        """Return the sounds that a row may mean: one, none, or several between which nothing decides.

        Args:
            named: what the row says.
            folder: the table's folder within the source.
        """
        if self._has_keys:
            return self._places.get(_fold(named), [])
        parts = _parts(named)
        if not parts:
            return []
        candidates = self._names.get(parts[-1], [])
        if not candidates:
            parts = (*parts[:-1], _without_ending(parts[-1]))
            candidates = self._names.get(parts[-1], [])
        beside = (*_parts(folder), *parts)
        if beside in self._exact:
            return self._exact[beside]
        best, found = 0, list[Path]()
        for place, path in candidates:
            shared = _shared(place, parts)
            if shared < min(len(place), len(parts)) or shared < best:
                continue
            if shared > best:
                best, found = shared, []
            found.append(path)
        return found


def _parts(named: str) -> tuple[str, ...]:
    plain = _DRIVE.sub("", named.strip().replace("\\", "/"))
    return tuple(_fold(part) for part in plain.split("/") if part not in ("", ".", ".."))


def _shared(place: tuple[str, ...], named: tuple[str, ...]) -> int:
    """Return how many parts two paths have in common, counted from their ends."""
    count = 0
    for one, other in zip(reversed(place), reversed(named), strict=False):
        if one != other:
            break
        count += 1
    return count


def _without_ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and f".{ending}" in SOUND_SUFFIXES else name


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()
