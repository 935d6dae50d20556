"""What the page shows of the piece and of the whole review."""

from __future__ import annotations

from nicegui import ui

from emotts.corpus.corrections.entry import Entry
from emotts.corpus.rows import Reject
from emotts.serving.review.layout import Layout
from emotts.serving.review.shared import Review
from emotts.serving.review.sounds import Window
from emotts.serving.review.walk import Walk
from emotts.serving.review.words import Words

__all__ = ["Display", "piece_name"]

_MARGIN_S = 0.4
"""The sound that is drawn stays the same while a cut is moved, as long as this much is left around the piece."""


class Display:
    """Fills the elements of a tab. ``typing`` is True while the text comes from its own text field."""

    def __init__(self, layout: Layout, review: Review, words: Words) -> None:
        self.typing = False
        self._layout = layout
        self._review = review
        self._words = words
        self._window: Window | None = None
        self._shown: tuple[str, str] | None = None

    def show(self, entry: Entry | None, walk: Walk, chosen: str, *, plays: bool) -> None:
        """Show a piece and how far the review is.

        Args:
            entry: the piece; None where the filter has none.
            walk: the way of the tab through the pieces.
            chosen: the filter.
            plays: play the piece.
        """
        self._progress(chosen)
        self._layout.card.set_visibility(entry is not None)
        self._layout.nothing.set_visibility(entry is None)
        if entry is not None:
            self._layout.place.set_text(self._words("place", number=walk.place + 1, count=len(walk)))
            self._heading(entry)
            self._text(entry)
            self._emotion(entry)
            self._sound(entry, walk, plays=plays)

    def _progress(self, chosen: str) -> None:
        review, words, layout = self._review, self._words, self._layout
        entries, done = review.session.entries, review.session.n_checked
        layout.checked.set_text(words("checked", done=done, total=len(entries)))
        layout.progress.set_value(done / max(1, len(entries)))
        measuring = words("measuring", done=review.n_measured, total=review.n_to_measure)
        layout.note.set_text(measuring if review.n_to_measure else "")
        for name, found in review.filters.of(entries).items():
            button = layout.filters[name]
            button.set_text(f"{words(name)} {len(found)}")
            _mark(button, "chosen", name == chosen)
        unmatched = review.session.unmatched
        layout.unmatched.set_visibility(bool(unmatched))
        layout.unmatched.set_text(words("unmatched", count=len(unmatched)))
        layout.unmatched_list.set_text("\n".join(f"{each.line}: {each.correction} ({each.why})" for each in unmatched))

    def _heading(self, entry: Entry) -> None:
        words, measured = self._words, self._review.measures.of(entry.key)
        parts = [entry.source.file, f"{_clock(entry.start_s)} - {_clock(entry.end_s)}", f"{entry.length_s:.2f} s"]
        n_phones = self._review.readings.of(entry.text).n_phones if entry.text else 0
        if n_phones:
            parts.append(words("phones", rate=n_phones / entry.length_s))
        if measured is not None and measured.snr_db is not None:
            parts.append(words("snr", snr=measured.snr_db))
        self._layout.times.set_text(" · ".join(parts))
        state = self._layout.state
        if entry.decision == "reject":
            state.set_text(words("rejected"))
        elif entry.problem is not None:
            state.set_text(words("not_used", reason=words(entry.problem)))
        else:
            state.set_text(words("used" if entry.decision is None else "accepted"))
        _mark(state, "accept", entry.decision == "accept" and entry.problem is None)
        _mark(state, "unused", entry.problem is not None)

    def _text(self, entry: Entry) -> None:
        words, layout = self._words, self._layout
        shown = (piece_name(entry), entry.text or "")
        if shown != self._shown and not self.typing:  # else it has what is being typed, saved or not
            layout.drafts.show(shown[0])
            layout.text.set_value(shown[1])
            layout.text.error = None
        self._shown = shown
        hints = []
        heard = self._review.filters.heard.get(entry.key)
        if heard is not None and heard != entry.emotion:
            hints.append(words("heard", emotion=words(heard)))
        recognised = entry.row.heard if isinstance(entry.row, Reject) else None
        if recognised and recognised != entry.text:
            hints.append(words("recognised", text=recognised))
        reading = self._review.readings.of(entry.text) if entry.text else None
        if reading is not None and reading.left_out:
            hints.append(words("left_out", signs=" ".join(reading.left_out)))
        if reading is not None and reading.error is not None:
            hints.append(reading.error)
        layout.reading.set_text("" if reading is None else reading.spoken)
        layout.hints.set_text(" · ".join(hints))

    def _emotion(self, entry: Entry) -> None:
        for name, button in zip(self._review.emotions.names, self._layout.emotions, strict=True):
            is_chosen = name == entry.emotion
            _mark(button, "chosen", is_chosen)
            button.props("unelevated" if is_chosen else "outline", remove="outline" if is_chosen else "unelevated")
        self._layout.intensity.set_value(entry.intensity)
        self._layout.intensity_value.set_text(f"{entry.intensity:.1f}")

    def _sound(self, entry: Entry, walk: Walk, *, plays: bool) -> None:
        if plays or not self._holds(entry):
            self._window = self._review.sounds.window(entry)
        if self._window is None:
            return
        entries = self._review.session.entries
        others = [other for other in entries if other is not entry and _overlaps(other, self._window)]
        ahead = next((other for other in entries if other.key == walk.next_key), None)
        self._layout.waveform.show(entry, self._window, others=others, ahead=self._ahead(ahead), plays=plays)

    def _ahead(self, entry: Entry | None) -> Window | None:
        return None if entry is None else self._review.sounds.window(entry)

    def _holds(self, entry: Entry) -> bool:
        """Tell whether the sound that is drawn already has the piece and some sound around it."""
        window = self._window
        if window is None or window.recording != entry.source.file:
            return False
        before_s = min(_MARGIN_S, entry.start_s)
        after_s = min(_MARGIN_S, entry.source.duration_s - entry.end_s)
        is_inside = window.start_s <= entry.start_s - before_s and window.end_s >= entry.end_s + after_s
        return is_inside and window.end_s - window.start_s < 2 * entry.length_s + 4 * _MARGIN_S + 3.0


def piece_name(entry: Entry) -> str:
    """Return the name of a piece by which the browser keeps what is typed for it."""
    return "|".join(map(str, entry.key))


def _overlaps(entry: Entry, window: Window) -> bool:
    is_here = entry.source.file == window.recording
    return is_here and entry.start_s < window.end_s and entry.end_s > window.start_s


def _mark(element: ui.element, name: str, is_set: bool) -> None:
    element.classes(add=name) if is_set else element.classes(remove=name)


def _clock(time_s: float) -> str:
    minutes, seconds = divmod(time_s, 60)
    return f"{int(minutes)}:{seconds:05.2f}"
