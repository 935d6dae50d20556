"""Applying corrections, one after the other, to the pieces that they were made for."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from emotts.corpus.corrections.correction import Correction
from emotts.corpus.corrections.entry import NO_EMOTION, TWO_EMOTIONS, Entry
from emotts.corpus.corrections.pieces import MIN_PIECE_S, merged, moved, split
from emotts.emotions.emotion_set import EmotionSet

__all__ = ["Applied", "Unmatched", "apply_corrections", "find"]

_TOLERANCE_S = 0.5
"""A new segmentation keeps more or less silence, so the borders of a piece move by up to this much ..."""
_TOLERANCE = 0.25
"""... but never by more than this fraction of its length: what differs more may hold other words."""
_ROUNDING_S = 1e-6


@dataclass(frozen=True)
class Unmatched:
    """A correction that could not be applied, and why. ``line`` is its line in the file."""

    line: int
    correction: Correction
    why: str

    def to_line(self) -> str:
        """Return it as a line of JSON."""
        values = {"line": self.line, "why": self.why, **self.correction.to_dict()}
        return json.dumps(values, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Applied:
    """What the corrections made of the entries.

    ``len(entries)`` is the number of entries before, plus ``n_split``, less ``n_merged``.
    """

    entries: tuple[Entry, ...]
    unmatched: tuple[Unmatched, ...]
    n_split: int
    n_merged: int


def apply_corrections(
    entries: Iterable[Entry], corrections: Sequence[Correction], *, emotions: EmotionSet, where: object
) -> Applied:
    """Apply corrections in their order; each refers to the pieces as the earlier ones left them.

    Args:
        entries: of any number of recordings.
        corrections: those of the project.
        emotions: the emotion set of the project.
        where: the file of the corrections, for errors.

    Raises:
        CorpusError: if a correction names an unknown emotion; names its line.
    """
    work = _Work(emotions, where)
    for entry in entries:
        work.takes[entry.source.file].append(entry)
    for take in work.takes.values():
        take.sort(key=lambda entry: (entry.start_s, entry.end_s))
    for line, correction in enumerate(corrections, 1):
        why = work.apply(correction, line)
        if why is not None:
            work.unmatched.append(Unmatched(line, correction, why))
    done = tuple(entry for take in work.takes.values() for entry in take)
    return Applied(done, tuple(work.unmatched), work.n_split, work.n_merged)


def find(take: Sequence[Entry], start_s: float, end_s: float) -> int | None:
    """Return the place of the piece of a recording with these borders, or with the nearest ones within tolerance."""
    tolerance_s = min(_TOLERANCE_S, _TOLERANCE * (end_s - start_s))
    first = bisect_left(take, start_s - tolerance_s - _ROUNDING_S, key=_start)
    last = bisect_right(take, start_s + tolerance_s + _ROUNDING_S, key=_start)
    near = [place for place in range(first, last) if abs(take[place].end_s - end_s) <= tolerance_s + _ROUNDING_S]
    return min(near, key=lambda place: _distance_s(take[place], start_s, end_s), default=None)


def _start(entry: Entry) -> float:
    return entry.start_s


def _distance_s(entry: Entry, start_s: float, end_s: float) -> float:
    return abs(entry.start_s - start_s) + abs(entry.end_s - end_s)


@dataclass
class _Work:
    """The entries of each recording while they are corrected."""

    emotions: EmotionSet
    where: object
    takes: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    unmatched: list[Unmatched] = field(default_factory=list)
    n_split: int = 0
    n_merged: int = 0

    def apply(self, correction: Correction, line: int) -> str | None:
        """Apply one correction; return why it could not be, if so."""
        take = self.takes.get(correction.recording)
        if not take:
            return "there is no such recording"
        place = find(take, correction.start_s, correction.end_s)
        if place is None:
            return "no piece has these times"
        if correction.split_s is not None:
            return self._split(take, place, correction.split_s)
        if correction.merge_to_s is not None:
            return self._merge(take, place, correction.merge_to_s)
        if correction.cut_s is not None:
            return _cut(take, place, correction.cut_s)
        take[place] = self._valued(take[place], correction, line)
        return None

    def _valued(self, entry: Entry, correction: Correction, line: int) -> Entry:
        if correction.text is not None:
            return entry.changed("text", text=correction.text, reason=None)
        if correction.emotion is not None:
            emotion = self.emotions.resolve(correction.emotion, where=f"{self.where}:{line}")
            reason = None if entry.reason in (NO_EMOTION, TWO_EMOTIONS) else entry.reason
            return entry.changed("emotion", emotion=emotion, reason=reason)
        if correction.intensity is not None:
            return entry.changed("intensity", intensity=correction.intensity)
        accepted = correction.decision == "accept"
        return entry.changed(decision=correction.decision, reason=None if accepted else entry.reason)

    def _split(self, take: list[Entry], place: int, at_s: float) -> str | None:
        entry = take[place]
        if not entry.start_s + MIN_PIECE_S <= at_s <= entry.end_s - MIN_PIECE_S:
            return f"a part would be shorter than {MIN_PIECE_S} s"
        take[place : place + 1] = split(entry, at_s)
        self.n_split += 1
        return None

    def _merge(self, take: list[Entry], place: int, to_s: float) -> str | None:
        entry = take[place]
        following = find(take, take[place + 1].start_s, to_s) if place + 1 < len(take) else None
        if following != place + 1:
            return "the next piece does not end there"
        take[place : place + 2] = [merged(entry, take[following])]
        self.n_merged += 1
        return None


def _cut(take: list[Entry], place: int, cut_s: tuple[float, float]) -> str | None:
    changed = moved(take, place, cut_s)
    if changed is None:
        return f"a piece would be shorter than {MIN_PIECE_S} s, or reach beyond its neighbours"
    take[:] = changed
    return None
