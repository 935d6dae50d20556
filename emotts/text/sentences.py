"""Split long texts into pieces that a model speaks one by one.

A model's limit is one of phones, not of characters: a number of seven digits is one word of thirty phones. So the
caller says how pieces are measured.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from emotts.errors import TextError

__all__ = ["Piece", "border_pause", "split_sentences"]

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
_PARAGRAPH_PAUSE, _SENTENCE_PAUSE, _CLAUSE_PAUSE, _WORD_PAUSE = 1.5, 1.0, 0.5, 0.0
# accents, vowels and finals of decomposed Hangul, small kana, long vowel marks, joiners of emoji
_WRITTEN_ON = re.compile("[\u0300-\u036f\u1160-\u11ff\u3099\u309aぁぃぅぇぉっゃゅょァィゥェォッャュョーﾞﾟ\u200d\ufe0f]*")
_CONTEXT = 40
"""Characters on both sides of a border that say whether a sentence ends there."""
_COMMA = re.compile(r"(?<=[,;:，、；：])\s+|(?<=[、，；])|(?<=,)(?=[ぁ-ゖァ-ヺ一-鿿])|\s+[–—-]\s+")


@dataclass(frozen=True)
class Piece:
    """A part of a text, and the pause behind it as a multiple of that between sentences."""

    text: str
    pause: float


def split_sentences(text: str, *, size: Callable[[str], int], limit: int) -> Iterator[Piece]:
    """Split a text at line breaks and sentence ends; a sentence that is too long at commas, then between words.

    The point of an English abbreviation (Mr. Smith, No. 5, J. K. Rowling) is no sentence end.

    Nothing is lost but white space at the cuts: the pieces hold all other characters in order. A word that is too
    long is cut inside. The pause is 1.5 behind a paragraph, 1 behind a sentence, 0.5 behind a clause and none within
    one. Pieces are yielded one by one; no sentence is measured before a piece of it is wanted.

    Args:
        text: of any length.
        size: measures a part, as the number of its phones; the longer of two parts measures no less.
        limit: size that a piece may have at most; parts of a long sentence are gathered up to it.

    Raises:
        TextError: if ``limit`` is below 1.
    """
    if limit < 1:
        raise TextError(f"limit {limit} cannot be used", wanted="at least 1")
    for line in _LINE.split(text):
        sentences = _cut(line, _SENTENCE)
        for number, sentence in enumerate(sentences, 1):
            pause = _PARAGRAPH_PAUSE if number == len(sentences) else _SENTENCE_PAUSE
            yield from _fitted(Piece(sentence, pause), size=size, limit=limit)


def border_pause(before: str, behind: str) -> float:
    """Return the pause at a cut between two texts as a multiple of that between sentences, as of the split's pieces.

    That is 0 inside a clause, and where one of the texts is empty.
    """
    left, right = before.rstrip(), behind.lstrip()
    if not left or not right:
        return 0.0
    if _LINE.search(before[len(left) :] + behind[: len(behind) - len(right)]):
        return _PARAGRAPH_PAUSE
    near = left[-_CONTEXT:]
    joined = f"{near} {right[:_CONTEXT]}"
    place = len(near)
    if any(match.end() == place for match in _SENTENCE.finditer(joined)) and not _goes_on(near, right[:_CONTEXT]):
        return _SENTENCE_PAUSE
    if any(match.start() <= place <= match.end() for match in _COMMA.finditer(joined)):
        return _CLAUSE_PAUSE
    return _WORD_PAUSE


def _fitted(whole: Piece, *, size: Callable[[str], int], limit: int) -> list[Piece]:
    """Cut a piece as coarsely as is enough: at commas, between words, in halves."""
    if size(whole.text) <= limit or len(whole.text) == 1:
        return [whole]
    clauses, words = _cut(whole.text, _COMMA), whole.text.split()
    parts, pause = (clauses, _CLAUSE_PAUSE) if len(clauses) > 1 else (words, _WORD_PAUSE)
    if len(parts) == 1:
        texts = _chopped(whole.text, size=size, limit=limit)
    else:
        texts = _gathered(parts, size=size, limit=limit)
    if len(texts) == 1:
        # parts measure less than what they make together
        texts = [" ".join(parts[: len(parts) // 2]), " ".join(parts[len(parts) // 2 :])]
    pieces = [Piece(text, pause) for text in texts[:-1]] + [Piece(texts[-1], whole.pause)]
    return [fitted for piece in pieces for fitted in _fitted(piece, size=size, limit=limit)]


def _cut(text: str, border: re.Pattern[str]) -> list[str]:
    """Cut behind every border; the border's own characters stay with the part before it."""
    parts = []
    start = 0
    for match in border.finditer(text):
        if _goes_on(
            text[max(0, match.start() - _CONTEXT) : match.start()], text[match.end() : match.end() + _CONTEXT].lstrip()
        ):
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _goes_on(before: str, behind: str) -> bool:
    """Say whether the point at the end of ``before`` is that of an English abbreviation, and ends no sentence."""
    if not before.endswith(".") or not behind:
        return False
    return bool(
        _TITLE.search(before)
        or (behind[0].isdigit() and _BEFORE_NUMBER.search(before))
        or (behind[0].islower() and _BEFORE_LOWER.search(before))
        or (behind[0].isupper() and _INITIAL.search(before))
    )


def _gathered(parts: list[str], *, size: Callable[[str], int], limit: int) -> list[str]:
    """Join neighbours with a space, every time as many as fit."""
    gathered: list[str] = []
    start = 0
    while start < len(parts):

        def is_too_long(count: int, start: int = start) -> bool:
            return size(" ".join(parts[start : start + count])) > limit

        reach = 1
        while start + reach < len(parts) and not is_too_long(2 * reach):
            reach *= 2
        reach += bisect.bisect_left(range(reach + 1, min(2 * reach, len(parts) - start + 1)), True, key=is_too_long)
        gathered.append(" ".join(parts[start : start + reach]))
        start += reach
    return gathered


def _chopped(word: str, *, size: Callable[[str], int], limit: int) -> list[str]:
    """Cut a word without borders into as many equal parts as its size calls for, never before what is written on."""
    count = min(max(2, -(-size(word) // limit)), len(word))
    even = [len(word) * place // count for place in range(1, count)]
    shifted = {_behind_written_on(word, border) for border in even} - {len(word)}
    return [word[start:end] for start, end in pairwise([0, *sorted(shifted or even), len(word)])]


def _behind_written_on(word: str, border: int) -> int:
    found = _WRITTEN_ON.match(word, border)
    return found.end() if found else border
