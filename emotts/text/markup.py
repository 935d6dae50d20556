r"""Markup in texts to speak: ``[happy] 기뻐요! [sad:0.6] 그런데 [pause 0.5s] [speed 0.9] ... [/]``.

docs/speaking.md says what every tag means. A bracket that is spoken is written ``\[`` or ``\]``.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from emotts.emotions.tags import read_tag
from emotts.errors import CorpusError, EmottsError, TextError
from emotts.ranges import CALL_RANGES, LONGEST_PAUSE_S

__all__ = ["Manner", "Silence", "Span", "Words", "error_at", "parse_markup"]

_PIECE = re.compile(
    r"\\(?P<escaped>[\\\[\]［］])|[\[［](?P<inside>[^\[\]［］\r\n]*)[\]］]|(?P<bracket>[\[\]［］])|(?P<char>.)",
    re.DOTALL,
)
_PAUSE = re.compile(r"pause\s*(?P<number>\d+(?:\.\d+)?|\.\d+)\s*(?P<unit>m?s)", re.IGNORECASE)
_SPEED = re.compile(r"speed\s*(?P<number>\d+(?:\.\d+)?|\.\d+)", re.IGNORECASE)
_COMMAND = re.compile(r"[^\s:+\d]+")
_COMMANDS = {"pause": "[pause 0.5s] or [pause 500ms]", "speed": "[speed 0.9]"}
_BACK = "/"
_CLOSING = re.compile(r"[!?…,.;:。、，！？」』）)\"'”’]+")
_ESCAPE = r"write \[ and \] around what is spoken"

Weigh = Callable[[str, float | None], Sequence[float]]


@dataclass(frozen=True)
class Manner:
    """What the tags before a text say about it; None is the call's own value.

    ``weights`` has one weight for each emotion; ``speed`` is 1 as recorded.
    """

    weights: tuple[float, ...] | None = None
    speed: float | None = None


@dataclass(frozen=True)
class Words:
    """A text without tags that is spoken in one manner; ``places`` has for each character its index in the whole."""

    text: str
    places: tuple[int, ...]
    manner: Manner


@dataclass(frozen=True)
class Silence:
    """A pause of ``seconds`` that a tag asks for."""

    seconds: float


Span = Words | Silence


def parse_markup(text: str, *, weigh: Weigh) -> list[Span]:
    """Split a text with tags into what is spoken in one manner, and pauses.

    A tag holds for all that follows it up to the next tag of its kind or ``[/]``. Marks right behind a tag belong to
    the text before it: ``[sad]그래[/].``

    Args:
        text: with tags.
        weigh: returns the weights of a mixing expression at an intensity (None: that of the call); its CorpusError is
            raised again with the place of the tag.

    Raises:
        TextError: if a bracket is no tag's, a tag is unknown (the nearest name is shown), or its number cannot be used.
    """
    spans: list[Span] = []
    manner = Manner()
    chars: list[tuple[str, int]] = []

    def end_words() -> None:
        spans.extend(_words(chars, manner, spans))
        chars.clear()

    for piece in _PIECE.finditer(text):
        if piece["bracket"] is not None:
            raise _stray(text, piece.start())
        if piece["inside"] is None:
            chars.append((piece["escaped"] or piece["char"], piece.start()))
            continue
        read = _read(piece["inside"], manner, weigh=weigh, text=text, place=piece.start())
        if read != manner:
            end_words()
        if isinstance(read, Silence):
            spans.append(read)
        else:
            manner = read
    end_words()
    return spans


def error_at(text: str, place: int, error: EmottsError) -> TextError:
    """Return an error whose message begins with the place of a character: ``line 2, column 5: ...``, from 1."""
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return TextError(
        f"line {line}, column {column}: {error.what}",
        where=error.where,
        found=error.found,
        wanted=error.wanted,
        remedy=error.remedy,
    )


def _words(chars: Sequence[tuple[str, int]], manner: Manner, spans: list[Span]) -> list[Words]:
    """Return the text of some characters, if any is left: marks and white space go to the text before them."""
    content = "".join(char for char, _ in chars)
    places = tuple(place for _, place in chars)
    before = spans[-1] if spans else None
    count = 0
    if isinstance(before, Words):
        marks = None if before.text[-1].isspace() else _CLOSING.match(content)
        count = marks.end() if marks else 0
        if not content[count:].strip():
            count = len(content)
        spans[-1] = replace(before, text=before.text + content[:count], places=before.places + places[:count])
    return [Words(content[count:], places[count:], manner)] if content[count:].strip() else []


def _read(inside: str, manner: Manner, *, weigh: Weigh, text: str, place: int) -> Manner | Silence:
    """Return the manner behind a tag, or the pause that it asks for."""
    try:
        if inside.strip() == _BACK:
            return Manner()
        if pause := _PAUSE.fullmatch(inside.strip()):
            seconds = float(pause["number"]) / (1000.0 if pause["unit"].lower() == "ms" else 1.0)
            return Silence(_within(seconds, (0.0, LONGEST_PAUSE_S), name="pause", unit=" s"))
        if speed := _SPEED.fullmatch(inside.strip()):
            return replace(manner, speed=_within(float(speed["number"]), CALL_RANGES["speed"], name="speed"))
        tag = read_tag(inside)
        return replace(manner, weights=tuple(weigh(tag.expression, tag.intensity)))
    except CorpusError as error:
        raise error_at(text, place, _explained(inside, error)) from error


def _within(value: float, allowed: tuple[float, float], *, name: str, unit: str = "") -> float:
    if math.isfinite(value) and allowed[0] <= value <= allowed[1]:
        return value
    raise CorpusError(f"{name} {value:g}{unit} cannot be used", wanted=f"from {allowed[0]:g} to {allowed[1]:g}{unit}")


def _explained(inside: str, error: CorpusError) -> EmottsError:
    """Return what is wrong with a tag: one that resembles pause or speed is meant as such."""
    if error.what.startswith(tuple(_COMMANDS)):
        return error
    word = _COMMAND.match(inside.strip().casefold())
    near = difflib.get_close_matches(word.group(), _COMMANDS, n=1, cutoff=0.75) if word else []
    if near:
        return TextError("tag cannot be read", found=f"[{inside}]", wanted=_COMMANDS[near[0]], remedy=_ESCAPE)
    remedy = _ESCAPE if error.remedy is None else f"{error.remedy}; {_ESCAPE}"
    return TextError(error.what, found=error.found or f"[{inside}]", wanted=error.wanted, remedy=remedy)


def _stray(text: str, place: int) -> TextError:
    opens = text[place] in "[［"
    return error_at(
        text,
        place,
        TextError(
            "a tag is not closed" if opens else "a bracket closes no tag",
            found=repr(text[place : place + 20] if opens else text[max(0, place - 19) : place + 1]),
            wanted="a tag in one line, such as [happy], [pause 0.5s] or [/]",
            remedy=_ESCAPE,
        ),
    )
