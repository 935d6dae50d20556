"""Split long texts into pieces that a model speaks one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

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


def split_sentences(text: str, *, max_chars: int = 120) -> list[str]:
    """Split a text at line breaks and sentence ends; a sentence that is too long at commas, then between words.

    The point of an English abbreviation (Mr. Smith, No. 5, J. K. Rowling) is no sentence end.

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
