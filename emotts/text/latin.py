"""Latin words in texts of other scripts: known words, abbreviations letter by letter, the rest by a dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from emotts.text.patterns import any_of

__all__ = ["LatinReader"]

_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_POINTED = re.compile(r"(?<![A-Za-z.])(?:[A-Z]\.){2,16}+(?![A-Za-z])|(?<![A-Za-z.])(?:[A-Z]\.){1,16}[A-Z](?![A-Za-z.])")
_JOINED = re.compile(r"(?<=[A-Z])&(?=[A-Z])")
# a word of four letters and more with vowels and without heaps of consonants
_SPEAKABLE = re.compile("(?=.{4})(?=.*[aeiou])(?!.*[^aeiouy]{5})[a-z]+")
_LONGEST_ABBREVIATION = 5
_LONGEST_WORD = 60


class LatinReader:
    """Writes Latin words in the letters of a language, as its speakers say them."""

    def __init__(
        self,
        words: Mapping[str, str],
        letters: Mapping[str, str],
        *,
        possessive: str,
        joined: str,
        by_dictionary: Callable[[str], str | None],
        by_spelling: Callable[[str], str],
        is_abbreviation: Callable[[str], bool],
    ) -> None:
        """Take what differs between languages.

        Args:
            words: words in lower case whose usual form no dictionary gives.
            letters: names of the letters a to z.
            possessive: what *'s* becomes behind a word.
            joined: what *&* becomes between capitals: R&D.
            by_dictionary: reads a word in lower case, or returns None.
            by_spelling: reads a word in lower case that no dictionary has.
            is_abbreviation: says whether a word, as it is written, is read by the names of its letters.
        """
        self._words = words
        self._letters = letters
        self._possessive = possessive
        self._between = joined
        self._by_dictionary = by_dictionary
        self._by_spelling = by_spelling
        self._is_abbreviation = is_abbreviation
        with_signs = any_of(word for word in words if not word.isalpha())
        self._with_signs = re.compile(rf"(?<![A-Za-z0-9])(?:{with_signs})(?:(?<=\.)|(?![A-Za-z0-9]))", re.IGNORECASE)

    def read(self, text: str) -> str:
        """Replace every Latin word of a text; digits may still be in it."""
        text = self._with_signs.sub(lambda match: self._words[match.group().lower()], text)
        text = _POINTED.sub(_unpointed, _JOINED.sub(self._between, text))
        return _WORD.sub(lambda match: self._word(match.group()), text)

    def _word(self, word: str) -> str:
        lower = word.lower()
        if len(word) == 1 or len(word) > _LONGEST_WORD:
            return self._spelled(lower)
        if lower in self._words:
            return self._words[lower]
        if self._is_abbreviation(word):
            return self._spelled(lower)
        if lower.endswith("s") and lower[-2:-1] not in "td" and lower[:-1] in self._words:
            return self._words[lower[:-1]] + self._possessive
        read = self._by_dictionary(lower)
        short = word.isupper() and word.isalpha() and len(word) <= _LONGEST_ABBREVIATION
        if short and not (read and set(lower) & set("aeiouy") and len(word) > len("EU")):
            return self._spelled(lower)
        if read:
            return read
        if lower.endswith("'s"):
            return self._word(word[:-2]) + self._possessive
        parts = re.split("['-]", word)
        if len(parts) == 1:
            parts = _CAMEL.findall(word)
        if len(parts) > 1:
            return "".join(self._word(part) for part in parts if part)
        spoken = self._by_spelling(lower) if _SPEAKABLE.fullmatch(lower) else ""
        return spoken or self._spelled(lower)

    def _spelled(self, word: str) -> str:
        return "".join(self._letters.get(letter, "") for letter in word)


def _unpointed(match: re.Match[str]) -> str:
    """Take the points out of U.S.A.; the last one stays where it ends the text."""
    ends = match.group().endswith(".") and not match.string[match.end() :].strip()
    return match.group().replace(".", "") + ("." if ends else "")
