"""The review page of one tab: what keys and buttons do, and what is shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Literal

from nicegui import ui

from emotts.corpus.corrections.entry import Entry
from emotts.emotions.intensity import MAX_INTENSITY
from emotts.errors import CorpusError
from emotts.serving.review.filters import FILTERS
from emotts.serving.review.layout import Actions, lay_out
from emotts.serving.review.shared import Review
from emotts.serving.review.showing import Display, piece_name
from emotts.serving.review.walk import Walk
from emotts.serving.review.words import Words

__all__ = ["ReviewPage"]

Kind = Literal["positive", "negative", "warning", "info", "ongoing"]
_STEP_S = 0.05
_STEP_INTENSITY = 0.1


class ReviewPage:
    """One tab."""

    def __init__(self, review: Review, words: Words, *, speak: Callable[[str], None]) -> None:
        self._review = review
        self._words = words
        self._tab = uuid.uuid4().hex
        self._filter = FILTERS[0]
        self._walk = Walk(review.session.entries)
        self._client = ui.context.client
        actions = Actions(self.act, self._typed, self._cut, self._strengthen, self._choose, speak, self._restore)
        self._layout = lay_out(words, review.emotions.names, store=review.session.name, actions=actions)
        self._display = Display(self._layout, review, words)
        review.listen(self._follow)
        self._client.on_delete(lambda: review.forget(self._follow))
        self._show(plays=False)

    @property
    def _entry(self) -> Entry | None:
        """The piece that is shown."""
        key = self._walk.key
        return next((entry for entry in self._review.session.entries if entry.key == key), None)

    async def act(self, action: str) -> None:
        """Do what a key or button stands for."""
        simple: dict[str, Callable[[], object]] = {
            "next": lambda: self._step(1),
            "previous": lambda: self._step(-1),
            "undo": self._undo,
            "filter": self._next_filter,
            "help": self._layout.help.open,
        }
        if action in simple:
            simple[action]()
        elif (entry := self._entry) is not None:
            await self._act_on(entry, action)

    async def _act_on(self, entry: Entry, action: str) -> None:
        if action in ("play", "play_from_cursor"):
            self._layout.waveform.play(from_cursor=action == "play_from_cursor")
        elif action in ("accept", "reject"):
            self._decide(entry, action)
        elif action == "split":
            await self._split(entry)
        elif action == "merge":
            self._merge(entry)
        elif action == "edit":
            self._layout.text.run_method("focus")
        elif action in ("weaker", "stronger"):
            step = _STEP_INTENSITY if action == "stronger" else -_STEP_INTENSITY
            self._strengthen(round(min(MAX_INTENSITY, max(0.0, entry.intensity + step)), 1))
        elif action.startswith("emotion_"):
            self._change(entry, emotion=self._review.emotions.names[int(action.removeprefix("emotion_")) - 1])
        else:
            edge, _, way = action.partition("_")
            step_s = _STEP_S if way == "later" else -_STEP_S
            moved = (step_s, 0.0) if edge == "start" else (0.0, step_s)
            self._cut(max(0.0, entry.start_s + moved[0]), entry.end_s + moved[1])

    def _change(self, entry: Entry, **what: object) -> bool:
        """Make a change and tell all tabs; say why where it cannot be made."""
        try:
            changed = self._review.session.change(entry, tab=self._tab, **what)
        except (CorpusError, OSError) as error:
            self._notify(_reason(error), "negative")
            return False
        if changed:
            self._review.tell()
        return True

    def _decide(self, entry: Entry, decision: str) -> None:
        if decision == "accept" and not (entry.text and entry.emotion):
            self._notify(self._words("no_emotion" if entry.text else "no_text"), "warning")
        elif self._change(entry, decision=decision):
            self._step(1)

    async def _split(self, entry: Entry) -> None:
        at_s = await self._layout.waveform.cursor()
        if at_s is None:
            self._notify(self._words("no_cursor"), "warning")
        else:
            self._change(entry, split_s=float(at_s))

    def _merge(self, entry: Entry) -> None:
        following = self._review.session.next_in_recording(entry)
        if following is None:
            self._notify(self._words("no_next"), "warning")
        else:
            self._change(entry, merge_to_s=following.end_s)

    def _cut(self, start_s: float, end_s: float) -> None:
        entry = self._entry
        if entry is not None:
            self._change(entry, cut_s=(start_s, end_s))
            self._show(plays=False)  # a cut that was refused is drawn where it was

    def _strengthen(self, intensity: float) -> None:
        entry = self._entry
        if entry is not None:
            self._change(entry, intensity=intensity)

    def _typed(self, value: str) -> None:
        """Save what is in the text field; the browser keeps what cannot be saved."""
        entry, text = self._entry, " ".join(value.split())
        if entry is None or not text:
            return
        self._layout.text.error = None
        if text == entry.text:
            self._layout.drafts.saved(piece_name(entry), text)
            return
        try:
            self._review.session.change(entry, tab=self._tab, text=text)
        except (CorpusError, OSError) as error:
            self._layout.text.error = _reason(error)
            return
        self._layout.drafts.saved(piece_name(entry), text)
        self._display.typing = True
        self._review.tell()
        self._display.typing = False

    def _restore(self, texts: list[tuple[str, str]]) -> None:
        """Save what was typed before the page or the server went away."""
        pieces = {piece_name(entry): entry for entry in self._review.session.entries}
        for piece, value in texts:
            entry, text = pieces.get(piece), " ".join(value.split())
            if entry is None and text:
                self._notify(self._words("orphan", text=text), "warning", stays=True)
                self._layout.drafts.forget(piece)
            elif entry is not None and text and self._change(entry, text=text):
                self._layout.drafts.forget(piece)
                self._walk.show(entry)
                self._notify(self._words("restored"), "info")
        self._show(plays=False)

    def _undo(self) -> None:
        try:
            undone = self._review.session.undo()
        except (CorpusError, OSError) as error:
            self._notify(_reason(error), "negative")
            return
        if undone is None:
            self._notify(self._words("no_undo"), "warning")
            return
        self._review.tell()
        middle_s = (undone.start_s + undone.end_s) / 2
        for entry in self._review.session.entries:
            if entry.source.file == undone.recording and entry.start_s <= middle_s <= entry.end_s:
                self._walk.show(entry)
                break
        self._show(plays=False)
        self._notify(self._words("undone", what=str(undone)), "info")

    def _step(self, by: int) -> None:
        if self._walk.step(by):
            self._show(plays=True)

    def _choose(self, name: str) -> None:
        self._filter = name
        self._walk = Walk(self._review.filters.of(self._review.session.entries)[name])
        self._show(plays=True)

    def _next_filter(self) -> None:
        self._choose(FILTERS[(FILTERS.index(self._filter) + 1) % len(FILTERS)])

    def _follow(self) -> None:
        """Show a change that was made here or in another tab."""
        self._walk.follow(self._review.session.entries)
        self._show(plays=False)

    def _show(self, *, plays: bool) -> None:
        self._display.show(self._entry, self._walk, self._filter, plays=plays)

    def _notify(self, text: str, kind: Kind, *, stays: bool = False) -> None:
        with self._client:
            ui.notify(text, type=kind, position="bottom", timeout=0 if stays else 5000, close_button=stays)


def _reason(error: CorpusError | OSError) -> str:
    return f"{error.what}: {error.found}" if isinstance(error, CorpusError) else str(error)
