"""Split long texts into pieces that a model speaks one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emotts.errors import TextError

__all__ = ["split_sentences"]

_LINE = re.compile(r"[\r\n\u2028\u2029]+")
# a sentence ends with its marks and closing quotes, before a space; not inside 3.14, 2026.3.5 or www.a.kr
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’」』)\]]*(?=\s)|[。！？]+[”’」』)]*")
_COMMA = re.compile(r"(?<=[,;:，、；：])\s+|(?<=[、，；])|\s+[–—-]\s+")


def split_sentences(text: str, *, max_chars: int = 120) -> list[str]:
    """Split a text at line breaks and sentence ends; a sentence that is too long at commas, then between words.

    Nothing is lost but white space at the cuts: the pieces hold all other characters in order. A word longer
    than ``max_chars`` is cut inside.

    Args:
        max_chars: characters that a piece may have at most; parts of a long sentence are gathered up to it.

    Raises:
        TextError: if ``max_chars`` is below 1.
    """
    if max_chars < 1:
        raise TextError(f"max_chars {max_chars} cannot be used", wanted="at least 1")
    pieces: list[str] = []
    for line in _LINE.split(text):
        for sentence in _cut(line, _SENTENCE):
            pieces.extend(_fitted(sentence, max_chars))
    return pieces


def _fitted(sentence: str, max_chars: int) -> list[str]:
    if len(sentence) <= max_chars:
        return [sentence]
    clauses = _gathered(_cut(sentence, _COMMA), max_chars)
    pieces: list[str] = []
    for clause in clauses:
        words = [part for word in clause.split() for part in _chopped(word, max_chars)]
        pieces.extend([clause] if len(clause) <= max_chars else _gathered(words, max_chars))
    return pieces


def _cut(text: str, border: re.Pattern[str]) -> list[str]:
    """Cut behind every border; the border's own characters stay with the part before it."""
    parts = []
    start = 0
    for match in border.finditer(text):
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _gathered(parts: list[str], max_chars: int) -> list[str]:
    """Join neighbours with a space as long as they fit."""
    gathered: list[str] = []
    for part in parts:
        if gathered and len(gathered[-1]) + 1 + len(part) <= max_chars:
            gathered[-1] = f"{gathered[-1]} {part}"
        else:
            gathered.append(part)
    return gathered


def _chopped(word: str, max_chars: int) -> Iterator[str]:
    for start in range(0, len(word), max_chars):
        yield word[start : start + max_chars]
