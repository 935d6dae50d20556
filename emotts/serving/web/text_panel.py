"""The text with its markup, how each word is read, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import run, ui

from emotts.errors import EmottsError
from emotts.serving.api.errors import shown
from emotts.serving.web.controls import Controls
from emotts.serving.web.elements import WordReadings
from emotts.serving.web.words import Words
from emotts.voice import Voice

__all__ = ["TextPanel"]

_TAGS = (
    ("[happy]", "tag_emotion"),
    ("[sad:0.6]", "tag_intensity"),
    ("[happy:0.7+sad:0.3 0.8]", "tag_mixture"),
    ("[pause 0.5s]", "tag_pause"),
    ("[speed 0.9]", "tag_speed"),
    ("[/]", "tag_back"),
    (r"\[ \]", "tag_bracket"),
)
_TYPING_MS = 250


class TextPanel:
    """The text field and what is known of its text.

    Args:
        words: of the page.
        controls: of the tab.
        most: characters that a text may have.
        on_change: called when the text or its markup changed.
    """

    def __init__(self, words: Words, controls: Controls, *, most: int, on_change: Callable[[], None]) -> None:
        self._words = words
        self._controls = controls
        self._most = most
        self._on_change = on_change
        self._is_reading = self._is_new = False
        with ui.element("section").classes("web-card web-text"):
            self._text = ui.textarea(words("text"), on_change=self._typed)
            self._text.props(f"outlined autogrow debounce={_TYPING_MS} maxlength={most}").classes("web-input")
            self._count = ui.label().classes("web-note web-count")
            self._failure = ui.label().classes("web-failure web-markup-error").props("role=alert")
            self._readings = WordReadings()
            self._help()
        self.show()

    def show(self) -> None:
        """Show the text of the controls."""
        self._text.set_value(self._controls.values["input"])
        self._markup.set_value(not self._controls.values["markup"])
        self.read()

    def read(self) -> None:
        """Read the text anew, beside everything else."""
        self._count.set_text(self._words("count", count=len(self._controls.values["input"]), most=self._most))
        self._is_new = True
        if not self._is_reading:
            self._is_reading = True
            ui.timer(0.0, self._read, once=True)

    def _help(self) -> None:
        words = self._words
        with ui.expansion(words("markup"), icon="help_outline").classes("web-help").props("dense"):
            with ui.element("div").classes("web-tags"):
                for tag, meaning in _TAGS:
                    ui.label(tag).classes("web-tag")
                    ui.label(words(meaning))
            self._markup = ui.checkbox(words("tag_off"), on_change=lambda event: self._set_markup(not event.value))

    def _typed(self) -> None:
        text = self._text.value or ""
        if text != self._controls.values["input"]:
            self._controls.values["input"] = text
            self._changed()

    def _set_markup(self, markup: bool) -> None:
        if markup != self._controls.values["markup"]:
            self._controls.values["markup"] = markup
            self._changed()

    def _changed(self) -> None:
        self.read()
        self._on_change()

    async def _read(self) -> None:
        """Show how the text is read, until it is that of the field; one text at a time, in another thread."""
        try:
            while self._is_new:
                self._is_new = False
                values = self._controls.values
                if not values["input"].strip() or len(values["input"]) > self._most:
                    self._readings.show([])
                    self._failure.set_text("")
                    continue
                await self._read_one(self._controls.voice, values["input"], markup=values["markup"])
        finally:
            self._is_reading = False

    async def _read_one(self, voice: Voice, text: str, *, markup: bool) -> None:
        try:
            read = await run.io_bound(voice.words, text, markup=markup)
        except EmottsError as error:
            self._failure.set_text(shown(error))
            self._readings.show([])
            return
        self._failure.set_text("")
        self._readings.show(
            [
                {
                    "word": word.word,
                    "reading": word.reading,
                    "phones": " ".join(word.phones),
                    "kind": word.source.replace(" ", "-"),
                }
                for word in read or ()
            ]
        )
