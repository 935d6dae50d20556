"""The parts of the page that are written in JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui.element import Element

from emotts.serving.web.comparing import Entry
from emotts.serving.web.words import Words

__all__ = ["Comparison", "KeyGate", "MixingSquare", "SpeechPlayer", "WordReadings"]

_PLAYER_WORDS = ("play", "stop", "download", "waveform", "mel", "history", "forget", "broken")
_COMPARISON_WORDS = ("play", "play_all", "vote", "vote_help", "votes", "broken")


class KeyGate(Element, component="js/key_gate.js", esm={"emotts-web": "js"}):
    """Asks for the key of the server; ``on_given`` is called with what was typed, or is known in this tab."""

    def __init__(self, words: Words, on_given: Callable[[str], Any]) -> None:
        super().__init__()
        self._props["words"] = words.several("key", "enter", "wrong_key")
        self._props["refused"] = 0
        self.on("given", lambda event: on_given(str(event.args["key"])))

    def refuse(self) -> None:
        """Say that the key is wrong."""
        self._props["refused"] += 1


class SpeechPlayer(Element, component="js/speech_player.js", esm={"emotts-web": "js"}):
    """Asks the API for speech and plays it while it is spoken, draws it, saves it, and lists what was spoken before.

    Args:
        words: of the page.
        names: what emotions and styles are called.
        on_chosen: called with a request that the browser kept: of a take that was chosen, or of the page before it was
            loaded again.
    """

    def __init__(
        self, words: Words, names: Mapping[str, str], on_chosen: Callable[[Mapping[str, object]], None]
    ) -> None:
        super().__init__()
        self._props["words"] = words.several(*_PLAYER_WORDS)
        self._props["names"] = dict(names)
        self._props["draft"] = None
        self.on("chosen", lambda event: on_chosen(event.args["body"]))

    def keep(self, body: Mapping[str, object]) -> None:
        """Keep what the controls say, until the page is loaded again in this tab."""
        self._props["draft"] = dict(body)

    def speak(self, body: Mapping[str, object]) -> None:
        """Speak a request of the API; what sounds is stopped."""
        self.run_method("speak", dict(body))


class Comparison(Element, component="js/comparison.js", esm={"emotts-web": "js"}):
    """One text spoken in several ways, side by side."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._props["words"] = words.several(*_COMPARISON_WORDS)

    def start(self, entries: Sequence[Entry], *, blind: bool) -> None:
        """Speak entries; ``blind``: in any order, their names hidden until one is voted for."""
        self.run_method("start", [{"name": entry.name, "body": entry.body} for entry in entries], blind)


class MixingSquare(Element, component="js/mixing_square.js", esm={"emotts-web": "js"}):
    """A square whose corners are emotions; ``on_moved`` is called with the place of its point, 0 to 1."""

    def __init__(self, label: str, on_moved: Callable[[float, float], None]) -> None:
        super().__init__()
        self._props["label"] = label
        self.on("moved", lambda event: on_moved(float(event.args["x"]), float(event.args["y"])))

    def show(self, point: tuple[float, float], *, used: bool) -> None:
        """Show the point; ``used``: whether its mixture is what is spoken."""
        self._props["point"] = list(point)
        self._props["used"] = used


class WordReadings(Element, component="js/word_readings.js", esm={"emotts-web": "js"}):
    """The words of a text, each with how it is read."""

    def __init__(self) -> None:
        super().__init__()
        self._props["read"] = []

    def show(self, read: Sequence[Mapping[str, str]]) -> None:
        """Show words: each with ``word``, ``reading``, ``phones`` and ``kind``."""
        self._props["read"] = [dict(each) for each in read]
