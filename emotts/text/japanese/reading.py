"""Readings of Japanese words in katakana, by Open JTalk with the dictionary of pyopenjtalk-plus.

Particles are read as they sound (は is ワ, へ is エ), long vowels are written with ー where they are spoken so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyopenjtalk

from emotts.errors import TextError
from emotts.text.japanese.kana import is_katakana, to_katakana

__all__ = ["UnreadWordsError", "read_kana"]

_WIDE = str.maketrans({",": "、", ".": "。", "!": "！", "?": "？"})
_NARROW = {"、": ",", "，": ",", "。": ".", "．": ".", "！": "!", "？": "?", "…": "…", "・": "・", "「": " ", "」": " "}
_DEVOICED = "’"
# an outcry, not the particle: は？ [ハ]
_OUTCRY = re.compile(r"(?:(?<=^)|(?<=[、。！？…「]))[はへ](?=[っッー]*(?:[！？…」]|$))")
_SILENT = re.compile("[ー・ \u3000]+")


class UnreadWordsError(TextError):
    """Words of a text have no reading."""

    def __init__(self, words: Sequence[str], text: str) -> None:
        """Name the words and where they are first found in the text, counted from 1."""
        self._words = words
        places = (f"{word!r} at {text.find(word) + 1}" if word in text else repr(word) for word in words[:8])
        super().__init__(
            f"text {text[:60]!r} holds words that cannot be read",
            found=", ".join(places),
            wanted="words of the dictionary, kana, Latin letters, digits and punctuation",
            remedy="write the words in kana as they are spoken",
        )

    def placed_in(self, text: str) -> UnreadWordsError:
        """Return the error with the positions of its words in the text as it was written."""
        return UnreadWordsError(self._words, text)


def read_kana(text: str) -> str:
    """Return the reading of a normalised text: katakana, spaces at quotation marks, and ``! ? … , . ・``.

    Raises:
        UnreadWordsError: if a word has no reading, with its characters and their positions in ``text``.
    """
    if is_katakana(re.sub("[!?….,・ ]", "", text)):
        return text
    wide = _OUTCRY.sub(lambda match: to_katakana(match.group()), text.replace(" ", "").translate(_WIDE))
    readings = []
    unread = []
    for feature in pyopenjtalk.run_frontend(wide):
        spelled = feature["string"]
        read = to_katakana(feature["pron"].replace(_DEVOICED, ""))
        if all(char in _NARROW for char in spelled):
            readings.append("".join(_NARROW[char] for char in spelled))
        elif is_katakana(read):
            readings.append(read)
        elif not _SILENT.fullmatch(spelled):
            unread.append(spelled)
    if unread:
        raise UnreadWordsError(unread, text)
    return "".join(readings)
