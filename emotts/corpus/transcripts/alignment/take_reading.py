"""The parts of a take: readings of lines of its script, accepted or not, and what belongs to no line."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emotts.corpus.settings import Retakes, Wording
from emotts.corpus.transcripts.alignment.acceptance import (
    NOT_IN_SCRIPT,
    READ_AGAIN,
    WORDING,
    Decision,
    Limits,
    Measures,
    decide,
    fits,
)
from emotts.corpus.transcripts.alignment.edits import Comparison, compare
from emotts.corpus.transcripts.alignment.phones import PhoneCosts, spoken_phones_of_heard
from emotts.corpus.transcripts.alignment.readings import (
    Reading,
    find_readings,
    inserted_phones,
    superseded,
    trim_readings,
)
from emotts.corpus.transcripts.alignment.search import ReadPiece, align
from emotts.corpus.transcripts.alignment.whole_hearing import hear_whole, spans_to_hear
from emotts.corpus.transcripts.take_recogniser import TakeRecogniser
from emotts.corpus.utterance_reader import TextReader

__all__ = ["Part", "Rules", "WrittenLine", "read_take"]

_FEW_PHONES = 6
_APART_MS = 700
"""A line of fewer phones must be so far from speech that is not accepted, or it may be a fragment of that."""
_HOPELESS = 2.0
"""A reading this many times too far from its lines is not heard again."""

Ids = NDArray[np.intp]


@dataclass(frozen=True)
class WrittenLine:
    """A line of a script and its phones, of which there is at least one."""

    text: str
    phones: Sequence[str]


@dataclass(frozen=True)
class Rules:
    """What is accepted."""

    limits: Limits
    wording: Wording
    retakes: Retakes


@dataclass(frozen=True)
class Part:
    """Consecutive pieces of a take.

    Attributes:
        pieces: numbers of the pieces.
        lines: numbers of the lines that were read; none where they are not in the script.
        heard: what was heard.
        reason: why it is rejected; None where it is accepted.
        confidence: in the lines' text.
        is_near: whether what was heard sounds like the lines; see
            :class:`emotts.corpus.transcripts.alignment.acceptance.Decision`.
        has_more: whether something else seems to be said within them; see there.
    """

    pieces: range
    lines: range
    heard: str
    reason: str | None
    confidence: float
    is_near: bool
    has_more: bool = False


def read_take(
    spans: Sequence[tuple[int, int]],
    lines: Sequence[WrittenLine],
    *,
    recogniser: TakeRecogniser,
    reader: TextReader,
    rules: Rules,
) -> list[Part]:
    """Return the parts of a take in order of time; every piece is in one of them.

    Args:
        spans: (start, end) in ms of its fine pieces, in order.
        lines: of its script.
        recogniser: hears pieces and readings.
        reader: turns what is heard into phones.
        rules: what is accepted.
    """
    take = _Take(spans, lines, recogniser=recogniser, reader=reader)
    readings = take.readings()
    parts = [take.part(reading, rules) for reading in readings]
    claimed = {piece for part in parts for piece in part.pieces}
    for piece in set(range(len(spans))) - claimed:
        parts.append(_outside(range(piece, piece + 1), take.texts[piece]))
    parts.sort(key=lambda part: part.pieces.start)
    parts = [_without_fragment(parts, number, spans=spans, lines=lines) for number in range(len(parts))]
    accepted = [number for number, part in enumerate(parts) if part.reason is None]
    given_up = superseded([parts[number].lines for number in accepted], retakes=rules.retakes)
    for number, again in zip(accepted, given_up, strict=True):
        if again:
            parts[number] = replace(parts[number], reason=READ_AGAIN)
    return parts


class _Take:
    """The pieces of a take as they were heard, and its script, in phones."""

    def __init__(
        self,
        spans: Sequence[tuple[int, int]],
        lines: Sequence[WrittenLine],
        *,
        recogniser: TakeRecogniser,
        reader: TextReader,
    ) -> None:
        self._spans, self._lines, self._recogniser, self._reader = spans, lines, recogniser, reader
        self.texts = [recogniser.heard(*span).text for span in spans]
        phones = [
            spoken_phones_of_heard(text, reader, seconds=(end - start) / 1000)
            for text, (start, end) in zip(self.texts, spans, strict=True)
        ]
        self._costs = PhoneCosts([phone for each in [*phones, *(line.phones for line in lines)] for phone in each])
        self._heard = [self._costs.ids(each) for each in phones]
        self._written = [self._costs.ids(line.phones) for line in lines]
        self._inserted: dict[int, int] = {}
        self._loose: set[int] = set()

    def readings(self) -> list[Reading]:
        """Return what was read, in order of time."""
        starts = np.cumsum([0, *(each.size for each in self._written)])
        script = np.concatenate(self._written)
        line_starts = starts[:-1].tolist()
        read = align(self._heard, script, line_starts=line_starts, costs=self._costs)
        found = find_readings(read, [each.size for each in self._heard], line_starts=line_starts, n_written=script.size)
        self._loose = {number for number, piece in enumerate(read) if self._is_loose(number, piece, script)}
        self._inserted = inserted_phones(read, [each.size for each in self._heard])
        return trim_readings(
            found, n_pieces=len(read), loose=self._loose, distance=lambda reading: self._by_pieces(reading).distance
        )

    def part(self, reading: Reading, rules: Rules) -> Part:
        """Return the part of the take that a reading is, accepted or not."""
        heard, decision = self._decided(reading, rules)
        if decision.reason is not None and self._loose.issuperset(reading.pieces):
            return _outside(reading.pieces, heard)
        return Part(
            reading.pieces,
            reading.lines,
            heard,
            decision.reason,
            decision.confidence,
            decision.is_near,
            decision.has_more,
        )

    def _decided(self, reading: Reading, rules: Rules) -> tuple[str, Decision]:
        """Return what was heard of a reading, and whether its text is accepted.

        The recogniser slips, most of all at the ends. If nothing but its phones speaks against a reading, it is heard
        once more, with some of the pauses around it, and accepted if that fulfils all rules.
        """
        pieces, inserted = self._by_pieces(reading), max(self._inserted.get(piece, 0) for piece in reading.pieces)
        pieces = replace(pieces, beyond=max(pieces.beyond, inserted))
        heard = " ".join(self.texts[piece] for piece in reading.pieces).strip()
        best = decide(Measures(pieces, None), limits=rules.limits, wording=rules.wording)
        if pieces.distance > _HOPELESS * rules.limits.distance:
            return heard, best
        text = " ".join(self._lines[line].text for line in reading.lines)
        sounding = [self._spans[piece] for piece in reading.pieces]
        for number, span in enumerate(spans_to_hear(reading.pieces, self._spans)):
            whole = hear_whole(span, text, sounding=sounding, recogniser=self._recogniser, reader=self._reader)
            measures = Measures(_nearer(pieces, whole.comparison, is_alone=len(reading.pieces) == 1), whole.fit)
            decision = decide(measures, limits=rules.limits, wording=rules.wording)
            if number == 0 or decision.reason is None:
                heard, best = whole.heard, decision
            if best.reason is None or not fits(whole.fit, limits=rules.limits, wording=rules.wording):
                break
        return heard, best

    def _by_pieces(self, reading: Reading) -> Comparison:
        heard = np.concatenate([self._heard[piece] for piece in reading.pieces])
        return compare(heard, self._lines_of(reading), costs=self._costs)

    def _lines_of(self, reading: Reading) -> Ids:
        return np.concatenate([self._written[line] for line in reading.lines])

    def _is_loose(self, number: int, piece: ReadPiece, script: Ids) -> bool:
        same = sum(int(self._heard[number][a] == script[b]) for a, b in piece.pairs)
        return same < len(self._heard[number]) / 2


def _outside(pieces: range, heard: str) -> Part:
    """Return pieces that stand for no line."""
    return Part(pieces, range(0), heard, NOT_IN_SCRIPT, 0.0, is_near=False)


def _without_fragment(
    parts: Sequence[Part], number: int, *, spans: Sequence[tuple[int, int]], lines: Sequence[WrittenLine]
) -> Part:
    """Return one of all parts; not accepted if it is a short line that may be a fragment of what is beside it."""
    part = parts[number]
    if part.reason is not None or sum(len(lines[line].phones) for line in part.lines) >= _FEW_PHONES:
        return part
    for before, after in itertools.pairwise(parts[max(0, number - 1) : number + 2]):
        other = before if after is part else after
        pause_ms = spans[after.pieces[0]][0] - spans[before.pieces[-1]][1]
        if other.reason is not None and pause_ms < _APART_MS:
            return replace(part, reason=WORDING, confidence=min(part.confidence, 0.0))
    return part


def _nearer(pieces: Comparison, whole: Comparison, *, is_alone: bool) -> Comparison:
    """Return what both hearings of a reading come to: its pieces each alone, and all of it at once.

    A sentence is heard best as a whole; only what is said too much is heard best in a piece of its own. If there is one
    piece only, ``is_alone``, nothing is said beside it.
    """
    return Comparison(
        distance=min(pieces.distance, whole.distance),
        beyond=min(pieces.beyond, whole.beyond) if is_alone else pieces.beyond,
        unheard=min(pieces.unheard, whole.unheard),
        omitted=min(pieces.omitted, whole.omitted),
    )
