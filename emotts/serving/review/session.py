"""The pieces of a project as they are corrected so far, and the changes that are made to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import pydantic

from emotts.corpus.corrections.applying import Applied, Unmatched, apply_corrections
from emotts.corpus.corrections.correction import Correction
from emotts.corpus.corrections.corrections_file import CorrectionsFile
from emotts.corpus.corrections.entry import Entry
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError
from emotts.schema import explain

__all__ = ["Session"]

_DIGITS = 3


class Session:
    """What all tabs of the page show. Every change is on the disk before it is shown.

    Args:
        load: reads the pieces as the stage ``label`` left them, before any correction.
        path: the file of the corrections.
        lock: the file by which processes wait for each other.
        emotions: the emotion set of the project.
    """

    def __init__(self, load: Callable[[], Sequence[Entry]], path: Path, *, lock: Path, emotions: EmotionSet) -> None:
        self._load = load
        self._path = path
        self._file = CorrectionsFile(path, lock=lock)
        self._emotions = emotions
        self._base: Sequence[Entry] = ()
        self._corrections: tuple[Correction, ...] = ()
        self._applied = Applied((), (), 0, 0)
        self._typed: tuple[str, Correction] | None = None
        self.reload()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All pieces, by recording and time."""
        return self._applied.entries

    @property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """Corrections that match nothing any more."""
        return self._applied.unmatched

    @property
    def name(self) -> str:
        """What it is told from the sessions of other projects by."""
        return str(self._path.resolve())

    @property
    def n_checked(self) -> int:
        """Pieces that were accepted or rejected in the review."""
        return sum(entry.decision is not None for entry in self.entries)

    def reload(self) -> None:
        """Read everything anew, as after `dvc repro`.

        Raises:
            CorpusError: if a file is missing or a line cannot be read.
        """
        self._base = self._load()
        self._show(self._file.read())

    def next_in_recording(self, entry: Entry) -> Entry | None:
        """Return the piece behind one in its recording."""
        place = self.entries.index(entry) + 1
        following = self.entries[place] if place < len(self.entries) else None
        return following if following is not None and following.source.file == entry.source.file else None

    def change(self, entry: Entry, *, tab: str = "", **what: object) -> bool:
        """Correct a piece; ``what`` is one of :data:`emotts.corpus.corrections.correction.CHANGES`.

        Args:
            entry: the piece.
            tab: who types a text. A text goes on in the line of the one before, while nothing else was changed.
            what: the change.

        Returns:
            Whether that changes anything; what the piece has already is not written again.

        Raises:
            CorpusError: if the change cannot be made; nothing is written.
            OSError: if the disk does not take it.
        """
        if all(getattr(entry, name, None) == value for name, value in what.items()):
            return False
        correction = self._correction(entry, what)
        tried = apply_corrections(self.entries, (correction,), emotions=self._emotions, where=self._path)
        if tried.unmatched:
            raise CorpusError("this change cannot be made", found=tried.unmatched[0].why)
        shown = self._corrections
        after = self._file.add(correction, instead_of=self._before(correction, tab))
        if after == (*shown, correction):  # nobody else wrote: what was tried is what is there now
            self._corrections, self._applied = after, dataclasses.replace(tried, unmatched=self.unmatched)
        else:
            self._show(after)
        self._typed = (tab, correction) if correction.text is not None else None
        return True

    def undo(self) -> Correction | None:
        """Take the last correction of the file back, and return it; None where there is none."""
        undone, left = self._file.take_back()
        self._typed = None
        self._show(left)
        return undone

    def _before(self, correction: Correction, tab: str) -> Correction | None:
        """Return the text that is typed on in the same tab, if it is the same piece's."""
        if correction.text is None or self._typed is None or self._typed[0] != tab:
            return None
        last = self._typed[1]
        return last if _piece(last) == _piece(correction) else None

    def _correction(self, entry: Entry, what: dict[str, object]) -> Correction:
        values = {name: _rounded(value) for name, value in what.items()}
        times = {"start_s": _rounded(entry.start_s), "end_s": _rounded(entry.end_s)}
        try:
            return Correction.model_validate({"recording": entry.source.file, **times, **values})
        except pydantic.ValidationError as error:
            reasons = "; ".join(problem.text for problem in explain(error, Correction))
            raise CorpusError("this change cannot be made", found=reasons) from error

    def _show(self, corrections: tuple[Correction, ...]) -> None:
        self._corrections = corrections
        self._applied = apply_corrections(self._base, corrections, emotions=self._emotions, where=self._path)


def _piece(correction: Correction) -> tuple[str, float, float]:
    return correction.recording, correction.start_s, correction.end_s


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, _DIGITS)
    return tuple(_rounded(part) for part in value) if isinstance(value, tuple) else value
