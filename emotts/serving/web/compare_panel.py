"""The text in all emotions, over intensities, or by several voices, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from emotts.serving.web.comparing import WAYS, entries_of
from emotts.serving.web.controls import Controls
from emotts.serving.web.elements import Comparison
from emotts.serving.web.words import Words
from emotts.voice import Voice

__all__ = ["ComparePanel"]


class ComparePanel:
    """Compares ways to speak the text of a tab.

    Args:
        words: of the page.
        controls: of the tab.
        voices: by name.
    """

    def __init__(self, words: Words, controls: Controls, voices: Mapping[str, Voice]) -> None:
        self._words = words
        self._controls = controls
        self._voices = voices
        names = list(voices)
        with ui.element("section").classes("web-card web-compare"):
            with ui.element("div").classes("web-row"):
                ways = {way: words(f"compare_{way}") for way in WAYS}
                self._way = ui.toggle(ways, value=WAYS[0], on_change=self._show).props("no-caps unelevated")
                self._blind = ui.checkbox(words("blind")).tooltip(words("blind_help"))
            self._chosen = ui.select(names, label=words("which_voices"), value=names[:2], multiple=True)
            self._chosen.props("dense outlined use-chips options-dense").classes("web-which")
            self._one_voice = ui.label(words("one_voice")).classes("web-note")
            button = ui.button(words("compare"), icon="compare_arrows", on_click=self._compare)
            button.props("unelevated no-caps color=primary").classes("web-compare-button")
        self._comparison = Comparison(words)
        self._show()

    def _show(self) -> None:
        by_voices = self._way.value == "voices"
        self._chosen.set_visibility(by_voices and len(self._voices) > 1)
        self._one_voice.set_visibility(by_voices and len(self._voices) == 1)

    def _compare(self) -> None:
        words = self._words
        if not self._controls.values["input"].strip():
            ui.notify(words("no_text"), type="warning", position="bottom")
            return
        chosen = list(self._chosen.value or ())
        entries = entries_of(str(self._way.value), self._controls, self._voices, chosen=chosen, words=words)
        if not entries:
            ui.notify(words("no_intensities"), type="warning", position="bottom")
            return
        self._comparison.start(entries, blind=bool(self._blind.value))
