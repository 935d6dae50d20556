"""Which letters of an English word stand for its vowels."""

from __future__ import annotations

import re

__all__ = ["vowel_letters"]

_LETTERS = re.compile("[aeiou_]+|y(?![aeiou])")
# a vowel that is not written: little, optimism, rhythm
_SYLLABIC = re.compile("(?<=[^aeiouy])le(?=[sd]?$)|(?<=is)m(?=s?$)|(?<=th)m(?=s?$)")


def vowel_letters(spelled: str, count: int) -> list[str]:
    """Return the letters of every vowel of a word, ``_`` for one that is not written.

    Args:
        spelled: the word in lower case.
        count: vowels that it has; where spelling and sound differ in number, the letters are empty.
    """
    marked = _SYLLABIC.sub(lambda match: f"_{match.group()[0]}", spelled)
    groups = _LETTERS.findall(re.sub("(?<=[^aeiou])e(?=s?$)", "", marked))
    return groups if len(groups) == count else [""] * count
