"""What all tabs of the review page share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nicegui import background_tasks, run

from emotts.corpus.corrections.entry import Entry, Key
from emotts.emotions.emotion_set import EmotionSet
from emotts.serving.review.filters import Filters
from emotts.serving.review.measuring import Measures, Readings
from emotts.serving.review.session import Session
from emotts.serving.review.sounds import Sounds

__all__ = ["Review"]

_PAUSE_S = 0.02
"""Between two pieces that are measured, so that the page answers at once."""
_TOLD_EVERY = 10
"""Pieces measured between two looks at how far it is."""


@dataclass
class Review:
    """The review of a project.

    Attributes:
        session: the pieces and their corrections.
        sounds: parts of the recordings.
        readings: how texts are read.
        measures: what is measured of the sound.
        filters: which pieces need an ear.
        doubts: reads which texts the stage ``label`` doubts.
        emotions: the emotion set of the project.
        n_measured: pieces measured of this pass.
        n_to_measure: pieces of this pass; 0 where all is measured.
    """

    session: Session
    sounds: Sounds
    readings: Readings
    measures: Measures
    filters: Filters
    doubts: Callable[[], Mapping[Key, float]]
    emotions: EmotionSet
    n_measured: int = 0
    n_to_measure: int = 0
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    def reload(self) -> None:
        """Read everything anew, as after `dvc repro`; raises as :meth:`Session.reload`."""
        self.session.reload()
        self.sounds.know({entry.source.file: entry.source for entry in self.session.entries})
        self.filters.doubts = self.doubts()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call a function after every change."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Do not call it any more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def tell(self) -> None:
        """Call all listeners, and measure pieces that are new."""
        self.measure()
        for listener in list(self._listeners):
            listener()

    def measure(self) -> None:
        """Measure in the background what is not measured yet."""
        if self.n_to_measure:
            return
        new = [entry for entry in self.session.entries if self.measures.is_new(entry.key)]
        if new:
            self.n_measured, self.n_to_measure = 0, len(new)
            background_tasks.create(self._measured(new), name="measuring")

    async def _measured(self, entries: Sequence[Entry]) -> None:
        try:
            for entry in entries:
                await run.io_bound(self.measures.measure, entry)
                self.n_measured += 1
                if self.n_measured % _TOLD_EVERY == 0:
                    self.tell()
                await asyncio.sleep(_PAUSE_S)
            heard = await run.io_bound(self.measures.label_errors, self.session.entries)
            self.filters.heard = heard or {}
        finally:
            self.n_measured = self.n_to_measure = 0
        self.tell()
