"""The words of a Japanese text as it is written, found by aligning it with the words that the dictionary reads."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["SpelledWord", "written_words"]


@dataclass(frozen=True)
class SpelledWord:
    """A word of the dictionary: as it is spelled in kanji and kana, its reading, whether it ends the one before it.

    The reading is katakana or a mark, nothing where there is none. Endings are auxiliaries and verbs behind verbs:
    まし, た, です, られ.
    """

    spelled: str
    reading: str
    is_ending: bool = False


def written_words(text: str, words: Sequence[SpelledWord]) -> list[tuple[str, str]]:
    """Return the words of a text as they are written, with their readings, in order.

    Where a text is spelled otherwise than it is written (25: 二十五), its words are as small as both allow. Endings,
    marks and what is not spelled at all belong to the word before them.

    Args:
        text: as it is written.
        words: of the same text, as it is spelled.
    """
    places = _places(text, "".join(word.spelled for word in words))
    found: list[tuple[str, str]] = []
    for first, last in pairwise([*_starts(words, places), len(words)]):
        start, end = (places[sum(len(word.spelled) for word in words[:number])] for number in (first, last))
        written = " ".join(text[start if first else 0 : end if last < len(words) else len(text)].split())
        found.append((written, "".join(word.reading for word in words[first:last])))
    return found


def _starts(words: Sequence[SpelledWord], places: dict[int, int]) -> Iterator[int]:
    """Yield the numbers of the words that written words begin with."""
    at, is_begun = 0, False
    for number, word in enumerate(words):
        is_word = any(char.isalnum() for char in word.spelled)
        if number == 0 or (is_begun and is_word and not word.is_ending and at in places):
            yield number
            is_begun = is_word
        is_begun = is_begun or is_word
        at += len(word.spelled)


def _places(text: str, spelled: str) -> dict[int, int]:
    """Return where places of a spelled text are in the written one; places within what is spelled otherwise have none.

    What is not spelled (emoji) is before the place.
    """
    matcher = difflib.SequenceMatcher(None, _plain(text), _plain(spelled), autojunk=False)
    places = {0: 0}
    for _, start, end, first, last in matcher.get_opcodes():
        if end - start == last - first and _plain(text[start:end]) == _plain(spelled[first:last]):
            places.update({first + number: start + number for number in range(1, last - first + 1)})
        else:
            places[last] = end
    return places


def _plain(text: str) -> str:
    """Return a text of the same length whose characters are of one width."""
    return "".join(wide if len(wide := unicodedata.normalize("NFKC", char)) == 1 else char for char in text).casefold()
