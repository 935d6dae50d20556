"""Latin words in texts of other scripts: known words, abbreviations letter by letter, the rest by a dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from emotts.text.patterns import any_of

__all__ = ["LatinReader", "word_table"]

_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_POINTED = re.compile(r"(?<![A-Za-z.])(?:[A-Z]\.){2,16}+(?![A-Za-z])|(?<![A-Za-z.])(?:[A-Z]\.){1,16}[A-Z](?![A-Za-z.])")
_JOINED = re.compile(r"(?<=[A-Z])&(?=[A-Z])")
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
    ) -> None:
        """Take what differs between languages.

        Args:
            words: words in lower case whose usual form no dictionary gives.
            letters: names of the letters a to z.
            possessive: what *'s* becomes behind a word.
            joined: what *&* becomes between capitals: R&D.
            by_dictionary: reads a word in lower case, or returns None.
        """
        self._words = words
        self._letters = letters
        self._possessive = possessive
        self._between = joined
        self._by_dictionary = by_dictionary
        with_signs = any_of(word for word in words if not word.isalpha())
        self._with_signs = re.compile(rf"(?<![A-Za-z0-9])(?:{with_signs})(?![A-Za-z0-9])", re.IGNORECASE)

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
        if word.isupper() and word.isalpha() and len(word) <= _LONGEST_ABBREVIATION:
            return self._spelled(lower)
        read = self._by_dictionary(lower)
        if read:
            return read
        if lower.endswith("'s"):
            return self._word(word[:-2]) + self._possessive
        parts = re.split("['-]", word)
        if len(parts) == 1:
            parts = _CAMEL.findall(word)
        return "".join(self._word(part) for part in parts if part) if len(parts) > 1 else self._spelled(lower)

    def _spelled(self, word: str) -> str:
        return "".join(self._letters.get(letter, "") for letter in word)


def word_table(pairs: str) -> dict[str, str]:
    """Read ``word=form`` pairs that are parted by white space."""
    return dict(pair.split("=") for pair in pairs.split())


def _unpointed(match: re.Match[str]) -> str:
    """Take the points out of U.S.A.; the last one stays where it ends the text."""
    ends = match.group().endswith(".") and not match.string[match.end() :].strip()
    return match.group().replace(".", "") + ("." if ends else "")
