"""Praat's TextGrid, in its long and its short form, read strictly: what its header promises must be there.

Both forms hold the same values in the same order, words in quotes and plain numbers. The long form only puts names in
front of them, so both are read as one stream of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from emotts.corpus.text_lines import read_text
from emotts.corpus.transcripts.tracks.cue import Cue
from emotts.errors import CorpusError

__all__ = ["read_textgrid"]

_VALUE = re.compile(r'"((?:[^"]|"")*)"|(?<![\w\[.])(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w\].])|(<exists>)|(")')
_TEXT_TIERS = ("text", "texts", "transcript", "transcription", "sentence", "sentences", "utterance", "utterances")
_EMOTION_TIERS = ("emotion", "emotions", "감정", "感情")
_INTENSITY_TIERS = ("intensity", "강도")
_BORDER_S = 0.1
_MOST = 1_000_000
"""No recording has more tiers or intervals: a larger number is a damaged file."""


@dataclass(frozen=True)
class _Interval:
    start_s: float
    end_s: float
    text: str
    line: int


def read_textgrid(path: Path) -> list[Cue]:
    """Return the intervals with a text of the tier with the sentences.

    That is the tier called ``text`` (``sentence``, ``utterance`` ...), or the only one. Tiers called ``emotion`` and
    ``intensity`` say those of the sentences that begin in their intervals.

    Raises:
        CorpusError: naming file and line, if it is no TextGrid, breaks off, or has no tier that is surely the one.
    """
    tiers = _tiers(_Values(path), path)
    emotions = _named(tiers, _EMOTION_TIERS)
    intensities = _named(tiers, _INTENSITY_TIERS)
    rest = {name: tier for name, tier in tiers.items() if tier is not emotions and tier is not intensities}
    sentences = _named(rest, _TEXT_TIERS) or (next(iter(rest.values())) if len(rest) == 1 else None)
    if sentences is None:
        raise CorpusError(
            "no tier is surely the one with the sentences",
            where=path,
            found=", ".join(map(repr, tiers)) or "no tier of intervals",
            wanted="one tier of intervals, or one called 'text'",
            remedy="rename the tier with the sentences to 'text'",
        )
    return [
        Cue(
            each.start_s,
            each.end_s,
            each.text,
            each.line,
            _over(emotions, each, path=path),
            _over(intensities, each, path=path),
        )
        for each in sentences
        if each.text.strip()
    ]


def _named(tiers: dict[str, list[_Interval]], names: tuple[str, ...]) -> list[_Interval] | None:
    return next((tier for name, tier in tiers.items() if name.strip().casefold() in names), None)


def _over(tier: list[_Interval] | None, sentence: _Interval, *, path: Path) -> str:
    """Return what a tier says over a sentence; a border of a tenth of a second inside it does not count."""
    said = {}
    for each in tier or ():
        overlap_s = min(each.end_s, sentence.end_s) - max(each.start_s, sentence.start_s)
        if each.text.strip() and overlap_s > _BORDER_S:
            said[each.text.strip()] = each
    if len(said) > 1:
        raise CorpusError(
            "a sentence lies across a border of another tier",
            where=f"{path}:{sentence.line}",
            found=f"{sentence.text[:40]!r} at {sentence.start_s:g}-{sentence.end_s:g} s: {', '.join(said)}",
            remedy="move the border to the pause, or cut the sentence in two",
        )
    return next(iter(said), "")


class _Values:
    """The values of a file in their order, with the line of each."""

    def __init__(self, path: Path) -> None:
        text = read_text(path)
        self._path = path
        self._line = 1
        self._values = self._read(text)
        if "ooTextFile" not in text[:200] or "TextGrid" not in text[:400]:
            raise CorpusError(
                "file is no TextGrid", where=path, found=repr(text[:40]), wanted='File type = "ooTextFile"'
            )

    def _read(self, text: str) -> Iterator[str | float]:
        at = 0
        for match in _VALUE.finditer(text):
            self._line += text.count("\n", at, match.start())
            at = match.start()
            word, number, exists, open_quote = match.groups()
            if open_quote:
                raise self.broken("a text that is not closed")
            yield word.replace('""', '"') if word is not None else exists or float(number)

    @property
    def line(self) -> int:
        """The line of the last value."""
        return self._line

    def word(self) -> str:
        """Return the next value, which must be text."""
        value = next(self._values, None)
        if not isinstance(value, str):
            raise self.broken("the end of the file" if value is None else f"the number {value:g}", wanted="a text")
        return value

    def number(self) -> float:
        """Return the next value, which must be a number."""
        value = next(self._values, None)
        if not isinstance(value, float):
            raise self.broken("the end of the file" if value is None else repr(value[:40]), wanted="a number")
        return value

    def skip(self, *kinds: Literal["word", "number"]) -> None:
        """Pass over values of these kinds."""
        for kind in kinds:
            if kind == "word":
                self.word()
            else:
                self.number()

    def count(self) -> int:
        """Return the next value, which must be a whole number of parts."""
        value = self.number()
        if not (value.is_integer() and 0 <= value <= _MOST):
            raise self.broken(f"the number {value:g}", wanted="a number of tiers or intervals")
        return int(value)

    def broken(self, found: str, *, wanted: str | None = None) -> CorpusError:
        """Return the error of a file that does not go on as it must."""
        return CorpusError(
            "TextGrid is damaged or breaks off",
            where=f"{self._path}:{self._line}",
            found=found,
            wanted=wanted,
            remedy="save it again in Praat",
        )


def _tiers(values: _Values, path: Path) -> dict[str, list[_Interval]]:
    """Return the tiers of intervals by name; tiers of points have no lengths and are passed over."""
    values.skip("word", "word", "number", "number")
    if values.word() != "<exists>":
        raise values.broken("no tiers", wanted="<exists>")
    tiers: dict[str, list[_Interval]] = {}
    for _ in range(values.count()):
        kind, name = values.word(), values.word()
        values.skip("number", "number")
        n_parts = values.count()
        if kind == "TextTier":
            for _ in range(n_parts):
                values.skip("number", "word")
        elif kind != "IntervalTier":
            raise values.broken(repr(kind[:40]), wanted="IntervalTier or TextTier")
        elif name in tiers:
            raise CorpusError(f"two tiers are called {name!r}", where=path, remedy="rename one in Praat")
        else:
            tiers[name] = [
                _Interval(values.number(), values.number(), values.word(), values.line) for _ in range(n_parts)
            ]
    return tiers
