"""Sentences as the renderer's voice speaks them: phones with spaces between the words, and the tokens of each phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emotts.errors import TextError
from emotts.text.phonemes import Phonemes
from emotts.text.symbols import BLANK
from tools.render.english_tokens import english_spellings
from tools.render.japanese_tokens import japanese_spellings, japanese_word_ends
from tools.render.korean_tokens import korean_spellings

__all__ = ["MARKS", "SPACE", "Sentence", "sentences"]

SPACE = " "
"""Stands between words; Kokoro has a token for it, but it is no phone."""
MARKS = frozenset(".,!?…")
"""The marks that are spoken, as pauses and as melody."""
_ENDS = frozenset(".!?…")
_END = re.compile(r"(?<=[.!?…。！？])\s*(?![\s.!?…。！？])")
_SHORTEST = 12
"""A sentence of fewer phones is spoken in one breath with the next one, the last one with that before it."""


@dataclass(frozen=True)
class Sentence:
    """What is spoken in one breath: one sentence, or a short one with another.

    ``phones`` with spaces; ``spelled``: Kokoro's tokens of each of ``phones``, one a character; ``text`` as written.
    """

    phones: tuple[str, ...]
    spelled: tuple[str, ...]
    text: str


def sentences(phonemes: Phonemes, text: str, *, language: str) -> list[Sentence]:
    """Cut what the front end of a language has read behind the marks that end sentences.

    Raises:
        TextError: if a phone cannot be spoken, or the text does not have as many sentences as its phones.
    """
    cut: list[list[tuple[str, int]]] = [[]]
    spaced = list(_spaced(phonemes, text, language=language))
    for (phone, tone), (following, _) in zip(spaced, [*spaced[1:], ("", 0)], strict=True):
        cut[-1].append((phone, tone))
        if phone in _ENDS and following not in MARKS:
            cut.append([])
    if not cut[-1]:
        cut.pop()
    texts = [part for part in _END.split(text) if part]
    if len(texts) != len(cut):
        raise TextError("sentences of the text and of its phones differ", where=text, found=len(cut), wanted=len(texts))
    return [
        _sentence(part, written, language=language) for part, written in _joined(list(zip(cut, texts, strict=True)))
    ]


def _joined(parts: list[tuple[list[tuple[str, int]], str]]) -> list[tuple[list[tuple[str, int]], str]]:
    """Join what is too short to be spoken by itself with what follows."""
    joined: list[tuple[list[tuple[str, int]], str]] = []
    for part, text in parts:
        if joined and min(len(joined[-1][0]), len(part) if part is parts[-1][0] else _SHORTEST) < _SHORTEST:
            before, text_before = joined[-1]
            joined[-1] = ([*before, *part], f"{text_before} {text}")
        else:
            joined.append((part, text))
    return joined


def _sentence(part: list[tuple[str, int]], text: str, *, language: str) -> Sentence:
    while part[0][0] == SPACE:
        part = part[1:]
    phones, tones = [phone for phone, _ in part], [tone for _, tone in part]
    if language == "EN":
        spelled = english_spellings(phones, tones)
    elif language == "JP":
        spelled = japanese_spellings(phones)
    else:
        spelled = korean_spellings(phones)
    kept = [phone if phone in MARKS or phone == SPACE else own for phone, own in zip(phones, spelled, strict=True)]
    whole = [own for own in kept if own is not None]
    if len(whole) < len(kept):
        raise TextError(
            f"phone {phones[kept.index(None)]!r} cannot be spoken by the renderer's voice",
            where=text,
            wanted=f"phones of {language}, or one of . , ! ? …",
        )
    return Sentence(tuple(phones), tuple(whole), text)


def _spaced(phonemes: Phonemes, text: str, *, language: str) -> Iterator[tuple[str, int]]:
    """Yield phone and tone, without boundaries, and a space behind each word and behind each mark inside."""
    characters = phonemes.normalised_text.replace(SPACE, "")
    if language == "JP":
        ends = japanese_word_ends(text, characters)
    else:
        words = phonemes.normalised_text.split()
        ends = {sum(map(len, words[:number])) for number in range(1, len(words))}
    place, gap = 1, False
    for number, count in enumerate(phonemes.word2ph[1:-1], 1):
        for phone, tone in zip(phonemes.phones[place : place + count], phonemes.tones[place:], strict=False):
            if phone != BLANK:
                if gap and phone not in MARKS:
                    yield SPACE, 0
                gap = phone in MARKS
                yield phone, tone
        place += count
        gap = gap or number in ends
