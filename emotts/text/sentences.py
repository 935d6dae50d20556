"""Split long texts into pieces that a model speaks one by one."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator

from emotts.errors import TextError

__all__ = ["split_sentences"]

_LINE = re.compile(r"[\r\n\u2028\u2029]+")
# a sentence ends with its marks and closing quotes, before a space; not inside 3.14, 2026.3.5 or www.a.kr
_SENTENCE = re.compile(
    r"(?<=[.!?…])[\"'”’」』）)\]]*(?=\s)"
    # Japanese has no spaces; 「はい。」と言った is one sentence
    r"|[。！？]+(?:[”’」』）)]+(?![、，]|と(?!ころ)|って)|(?![”’」』）)。！？]))|(?<=[!?])(?=[ぁ-ゖァ-ヺ一-鿿])|(?<=[ぁ-ヺー]\.)(?=[ぁ-ゖァ-ヺ])"
)
_TITLE = re.compile(
    r"(?<![\w.])(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Ft|Gen|Capt|Lt|Col|Sgt|Gov|Sen|Rep|Rev|Hon|Pres|vs|cf|viz|approx|e\.g|i\.e)\.$"
)
_BEFORE_NUMBER = re.compile(
    r"(?<![\w.])(?:[Nn]os?|[Vv]ol|[Ff]ig|pp?|[Cc]h|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_BEFORE_LOWER = re.compile(
    r"(?<![\w.])(?:etc|al|Inc|Ltd|Co|Corp|Jr|Sr|Ave|Blvd|Rd|[Dd]ept|est|a\.k\.a|(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_INITIAL = re.compile(r"(?:^|[A-Z][a-z]+\s|[A-Z]\.\s)[A-HJ-Z]\.$")
_COMMA = re.compile(r"(?<=[,;:，、；：])\s+|(?<=[、，；])|(?<=,)(?=[ぁ-ゖァ-ヺ一-鿿])|\s+[–—-]\s+")

_MOST_CHARS = 4
"""A piece of more characters than this a unit of length is too long without being measured."""


def split_sentences(text: str, *, max_length: int = 120, length_of: Callable[[str], int] = len) -> list[str]:
    """Split a text at line breaks and sentence ends; a sentence that is too long at commas, then between words.

    The point of an English abbreviation (Mr. Smith, No. 5, J. K. Rowling) is no sentence end.

    Nothing is lost but white space at the cuts: the pieces hold all other characters in order. A word longer
    than ``max_length`` is cut inside. What holds neither letters nor digits (``...``, an emoji) cannot be spoken
    by itself and stays with the piece before it, whatever its length, or with the one behind it at the beginning.

    Args:
        max_length: what a piece may measure at most; parts of a long sentence are gathered up to it.
        length_of: the measure of a piece, characters if not given; the longer of two pieces measures no less.

    Raises:
        TextError: if ``max_length`` is below 1.
    """
    if max_length < 1:
        raise TextError(f"max_length {max_length} cannot be used", wanted="at least 1")

    def fits(piece: str) -> bool:
        return len(piece) <= _MOST_CHARS * max_length and length_of(piece) <= max_length

    pieces: list[str] = []
    for line in _LINE.split(text):
        for sentence in _cut(line, _SENTENCE):
            pieces.extend(_fitted(sentence, fits))
    return _with_words(pieces)


def _fitted(sentence: str, fits: Callable[[str], bool]) -> list[str]:
    if fits(sentence):
        return [sentence]
    clauses = _gathered(_cut(sentence, _COMMA), fits)
    pieces: list[str] = []
    for clause in clauses:
        if fits(clause):
            pieces.append(clause)
        else:
            pieces.extend(_gathered([part for word in clause.split() for part in _chopped(word, fits)], fits))
    return pieces


def _with_words(pieces: list[str]) -> list[str]:
    """Join pieces without a letter or digit to their neighbours; none but one where there are only such pieces."""
    joined: list[str] = []
    for piece in pieces:
        if joined and not (_speakable(piece) and _speakable(joined[-1])):
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
    return joined


def _speakable(piece: str) -> bool:
    return any(map(str.isalnum, piece))


def _cut(text: str, border: re.Pattern[str]) -> list[str]:
    """Cut behind every border; the border's own characters stay with the part before it."""
    parts = []
    start = 0
    for match in border.finditer(text):
        if _goes_on(text[: match.start()], text[match.end() :].lstrip()):
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _goes_on(before: str, behind: str) -> bool:
    """Say whether the point at the end of ``before`` is that of an English abbreviation, and ends no sentence."""
    if not before.endswith(".") or not behind:
        return False
    tail = before[-40:]
    return bool(
        _TITLE.search(tail)
        or (behind[0].isdigit() and _BEFORE_NUMBER.search(tail))
        or (behind[0].islower() and _BEFORE_LOWER.search(tail))
        or (behind[0].isupper() and _INITIAL.search(tail))
    )


def _gathered(parts: list[str], fits: Callable[[str], bool]) -> list[str]:
    """Join neighbours with a space as long as they fit."""
    gathered: list[str] = []
    for part in parts:
        if gathered and fits(f"{gathered[-1]} {part}"):
            gathered[-1] = f"{gathered[-1]} {part}"
        else:
            gathered.append(part)
    return gathered


def _chopped(word: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Cut a word into pieces, each as long as fits and of one character at least."""
    while word:
        if fits(word):
            size = len(word)
        else:
            size = max(1, bisect.bisect_right(range(1, len(word)), False, key=lambda length: not fits(word[:length])))
        yield word[:size]
        word = word[size:]
