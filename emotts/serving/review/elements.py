"""The parts of the review page that are written in JavaScript."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from nicegui import events
from nicegui.awaitable_response import AwaitableResponse
from nicegui.element import Element

from emotts.corpus.corrections.entry import Entry
from emotts.serving.review.keys import Key
from emotts.serving.review.sounds import Window

__all__ = ["Drafts", "Keys", "Waveform"]


class Waveform(Element, component="waveform.js"):
    """A piece with the sound around it: drawn, played, its cut dragged.

    Args:
        on_cut: called with start and end in the recording, in seconds, where the cut was dragged.
    """

    def __init__(self, on_cut: Callable[[float, float], None]) -> None:
        super().__init__()
        self._props["others"] = []
        self._count = 0

        def cut(event: events.GenericEventArguments) -> None:
            on_cut(float(event.args["start_s"]), float(event.args["end_s"]))

        self.on("cut", cut)

    def show(self, entry: Entry, window: Window, *, others: Sequence[Entry], ahead: Window | None, plays: bool) -> None:
        """Show a piece.

        Args:
            entry: the piece.
            window: the part of the recording that is drawn.
            others: the pieces around it.
            ahead: a part that will probably be wanted next.
            plays: play it when it is loaded, if it is not what is shown already.
        """
        self._count += 1
        self._props["count"] = self._count
        self._props["from"] = window.start_s
        self._props["start"] = entry.start_s
        self._props["end"] = entry.end_s
        self._props["others"] = [[other.start_s, other.end_s] for other in others]
        self._props["ahead"] = None if ahead is None else ahead.url
        if window.url != self._props.get("url"):
            self._props["plays"] = plays
            self._props["url"] = window.url

    def play(self, *, from_cursor: bool) -> None:
        """Play the piece, or stop."""
        self.run_method("play", from_cursor)

    def cursor(self) -> AwaitableResponse:
        """Return the time of the cursor in the recording, in seconds, or None."""
        return self.run_method("position")


class Keys(Element, component="keys.js"):
    """Listens to keys; ``on_act`` is called with the action of each."""

    def __init__(self, keys: Sequence[Key], on_act: Callable[[str], Any]) -> None:
        super().__init__()
        self._props["table"] = [dataclasses.asdict(key) for key in keys]
        self.on("act", lambda event: on_act(str(event.args["action"])))


class Drafts(Element, component="drafts.js"):
    """Keeps in the browser what is typed into a field, until it is saved.

    Args:
        field: selector of the field.
        store: what the texts are kept for; pages with another one have texts of their own.
        on_found: called with (piece, text) of every text that was typed in this browser and never saved.
    """

    def __init__(self, field: str, *, store: str, on_found: Callable[[list[tuple[str, str]]], None]) -> None:
        super().__init__()
        self._props["field"] = field
        self._props["store"] = store

        def found(event: events.GenericEventArguments) -> None:
            on_found([(str(each["piece"]), str(each["text"])) for each in event.args["texts"]])

        self.on("found", found)

    def show(self, piece: str) -> None:
        """Tell which piece the field shows."""
        self._props["piece"] = piece

    def saved(self, piece: str, text: str) -> None:
        """Forget a text that is on the disk, unless more was typed meanwhile."""
        self.run_method("saved", piece, text)

    def forget(self, piece: str) -> None:
        """Forget whatever was typed for a piece."""
        self.run_method("forget", piece)
