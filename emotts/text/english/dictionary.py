"""The CMU Pronouncing Dictionary (126,000 words), read from the wheel of ko-speech-tools."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

__all__ = ["CmuDictionary"]


class CmuDictionary:
    """Words, in lower case, and their pronunciations: ARPAbet with stress, the usual one first."""

    def __init__(self) -> None:
        """Read the dictionary (0.2 s)."""
        source = files("ko_speech_tools").joinpath("data", "cmudict", "cmudict.dict")
        self._entries: dict[str, list[str]] = {}
        for line in source.read_text(encoding="utf-8").splitlines():
            word, _, pronunciation = line.partition(" ")
            if word.endswith(")"):
                word = word[: word.index("(")]
            self._entries.setdefault(word, []).append(pronunciation)

    def __contains__(self, word: str) -> bool:
        return word in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def words(self) -> Iterable[str]:
        """Return all words, in alphabetical order."""
        return self._entries.keys()

    def first(self, word: str) -> tuple[str, ...] | None:
        """Return the usual pronunciation of a word in lower case, or None."""
        found = self._entries.get(word)
        return _phones(found[0]) if found else None

    def all(self, word: str) -> list[tuple[str, ...]]:
        """Return all pronunciations of a word in lower case."""
        return [_phones(pronunciation) for pronunciation in self._entries.get(word, [])]


def _phones(pronunciation: str) -> tuple[str, ...]:
    return tuple(pronunciation.partition("#")[0].split())
