"""The way of one tab through the pieces of a filter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from emotts.corpus.corrections.entry import Entry, Key

__all__ = ["Walk"]


class Walk:
    """A list of pieces, and the one that is shown.

    The list is drawn up once, so that a piece that was put right stays where it is until another filter is chosen.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._keys = [entry.key for entry in entries]
        self.place = 0

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def key(self) -> Key | None:
        """The piece that is shown; None where the list is empty."""
        return self._keys[self.place] if self._keys else None

    @property
    def next_key(self) -> Key | None:
        """The piece after it, if any."""
        return self._keys[self.place + 1] if self.place + 1 < len(self._keys) else None

    def step(self, by: int) -> bool:
        """Go on (1) or back (-1); False at an end of the list."""
        place = self.place + by
        if not 0 <= place < len(self._keys):
            return False
        self.place = place
        return True

    def follow(self, entries: Sequence[Entry]) -> None:
        """Bring the list in line with pieces that were split, merged or cut otherwise."""
        known = {entry.key for entry in entries}
        shown = self._keys[: self.place + 1]
        before = [_successors(key, entries, known) for key in self._keys]
        self._keys = list(dict.fromkeys(chain.from_iterable(before)))
        last = next((keys[0] for keys in reversed(before[: len(shown)]) if keys), None)
        self.place = self._keys.index(last) if last is not None else 0

    def show(self, entry: Entry) -> None:
        """Go to a piece; one that is not in the list comes in after the present one."""
        if entry.key not in self._keys:
            self._keys.insert(self.place + 1 if self._keys else 0, entry.key)
        self.place = self._keys.index(entry.key)


def _successors(key: Key, entries: Sequence[Entry], known: set[Key]) -> list[Key]:
    """Return what became of a piece: itself, its parts, or what it is a part of."""
    if key in known:
        return [key]
    recording, start_ms, end_ms = key
    found = []
    for entry in entries:
        file, from_ms, to_ms = entry.key
        shorter_ms = min(end_ms - start_ms, to_ms - from_ms)
        if file == recording and min(end_ms, to_ms) - max(start_ms, from_ms) > shorter_ms / 2:
            found.append(entry.key)
    return found
