"""The mark in front of a text that names its emotion and intensity: ``[happy]``, ``[happy 0.8]``, ``[기쁨 강]``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from emotts.corpus.text_lines import INVISIBLE
from emotts.emotions.emotion_set import EmotionSet
from emotts.emotions.tags import read_tag
from emotts.errors import CorpusError

__all__ = ["Mark", "split_mark"]

_PLAIN: Mapping[str, str] = MappingProxyType({"[": "]", "［": "］", "【": "】"})
"""Brackets that are a mark whatever they hold."""
_OTHER: Mapping[str, str] = MappingProxyType(
    {"(": ")", "（": "）", "{": "}", "<": ">", "〈": "〉", "《": "》", "〔": "〕"}
)
"""Brackets that belong to the text, unless they hold an emotion's name."""
_MOST_WORDS = 2
_COLON = re.compile(r"([^\s:：]+)\s*[:：]")


@dataclass(frozen=True)
class Mark:
    """What a mark says; both are None where there is none, and ``intensity`` where it names the emotion alone."""

    emotion: str | None = None
    intensity: float | None = None


def split_mark(line: str, *, where: str, emotions: EmotionSet, styles: Collection[str] = ()) -> tuple[Mark, str]:
    """Return the mark in front of a text, and the text without it and without invisible characters.

    Round, curly and pointed brackets are a mark where they hold the name of an emotion, and text otherwise.

    Raises:
        CorpusError: if the mark is not closed, names no emotion or no intensity, or is an emotion before a colon, of
            which nobody knows whether it is spoken.
    """
    text = line.translate(dict.fromkeys(map(ord, INVISIBLE))).strip()
    opening = text[:1]
    if opening in _PLAIN:
        inside, closing, rest = text[1:].partition(_PLAIN[opening])
        if not closing:
            raise CorpusError("mark has no closing bracket", where=where, found=repr(text[:40]), wanted="[happy] text")
        return _read(inside, where=where, emotions=emotions, styles=styles), rest.strip()
    if opening in _OTHER:
        inside, closing, rest = text[1:].partition(_OTHER[opening])
        if closing and inside.split() and _names(inside.split()[0], emotions, styles):
            return _read(inside, where=where, emotions=emotions, styles=styles), rest.strip()
    colon = _COLON.match(text)
    if colon is not None and _names(colon.group(1), emotions, styles):
        raise CorpusError(
            f"{colon.group(1)!r} before a colon may be a mark or spoken text",
            where=where,
            found=repr(text[:40]),
            wanted="[happy] text",
            remedy=f"write [{colon.group(1)}] in its place if it names the emotion; if it is spoken, write a mark in "
            "front of it",
        )
    return Mark(), text


def _names(word: str, emotions: EmotionSet, styles: Collection[str]) -> bool:
    return emotions.knows(word) or word in styles


def _read(inside: str, *, where: str, emotions: EmotionSet, styles: Collection[str]) -> Mark:
    if not 1 <= len(inside.split()) <= _MOST_WORDS:
        raise CorpusError("bad mark", where=where, found=f"[{inside}]", wanted="[EMOTION] or [EMOTION INTENSITY]")
    tag = read_tag(inside, where=where)
    return Mark(emotions.resolve(tag.expression, where=where, styles=styles), tag.intensity)
