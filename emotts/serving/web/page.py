"""The page of one tab of a browser: its parts, and what they tell each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui

from emotts.serving.api.settings import ServeSettings
from emotts.serving.web.about_panel import about_panel
from emotts.serving.web.compare_panel import ComparePanel
from emotts.serving.web.controls import Controls, names_of
from emotts.serving.web.delivery_panel import DeliveryPanel
from emotts.serving.web.elements import SpeechPlayer
from emotts.serving.web.emotion_panel import EmotionPanel
from emotts.serving.web.facts import VoiceFacts
from emotts.serving.web.text_panel import TextPanel
from emotts.serving.web.words import LANGUAGES, Words
from emotts.voice import Voice

__all__ = ["VoicePage"]

_TABS = ("speak", "compare", "about")


class VoicePage:
    """One tab.

    Args:
        voices: by name.
        facts: what is known of them, by the same names.
        settings: bounds of the API.
        words: what it says.
        speak_language: called with the language that is chosen for the page.
    """

    def __init__(
        self,
        voices: Mapping[str, Voice],
        facts: Mapping[str, VoiceFacts],
        settings: ServeSettings,
        words: Words,
        *,
        speak_language: Callable[[str], None],
    ) -> None:
        self._voices = voices
        self._words = words
        self._controls = Controls(voices)
        self._most = settings.max_characters
        self._shown: dict[str, ui.element] = {}
        with ui.element("main").classes("web"):
            self._header(speak_language)
            with ui.element("div").classes("web-given") as given:
                self._text = TextPanel(words, self._controls, most=self._most, on_change=self._changed)
                self._voice_choice()
            with ui.element("div") as speaking:
                self._speak_tab()
            with ui.element("div").classes("web-compare-tab") as comparing:
                ComparePanel(words, self._controls, voices)
            with ui.element("div") as about:
                about_panel(words, voices, facts)
        self._given = given
        self._shown = {"speak": speaking, "compare": comparing, "about": about}
        self._show_tab("speak")

    def _header(self, speak_language: Callable[[str], None]) -> None:
        with ui.element("header").classes("web-header"):
            ui.label("emotts").classes("web-title")
            with ui.tabs(on_change=lambda event: self._show_tab(str(event.value))) as tabs:
                shown = {name: ui.tab(name, label=self._words(f"{name}_tab")) for name in _TABS}
            for name, tab in shown.items():
                tab.classes(f"web-tab-{name}")
            tabs.set_value(_TABS[0])
            tabs.props("dense no-caps inline-label").classes("web-tabs")
            ui.element("div").classes("web-space")
            language = ui.select(
                dict(LANGUAGES), value=self._words.language, on_change=lambda event: speak_language(event.value)
            )
            language.props("dense borderless options-dense").classes("web-language")

    def _show_tab(self, name: str) -> None:
        for each, element in self._shown.items():
            element.set_visibility(each == name)
        if self._shown:
            self._given.set_visibility(name != "about")

    def _voice_choice(self) -> None:
        with ui.element("div").classes("web-voices") as row:
            self._voice = ui.select(
                list(self._voices),
                label=self._words("voice"),
                value=self._controls.values["voice"],
                on_change=lambda event: self._choose_voice(event.value),
            )
            self._speaker = ui.select(
                [], label=self._words("speaker"), on_change=lambda event: self._choose_speaker(event.value)
            )
            for select in (self._voice, self._speaker):
                select.props("dense outlined options-dense")
        self._voice.set_visibility(len(self._voices) > 1)
        several = any(len(voice.description.own_speakers) > 1 for voice in self._voices.values())
        row.set_visibility(len(self._voices) > 1 or several)
        self._show_voice()

    def _speak_tab(self) -> None:
        words = self._words
        names = {name: words(name) for voice in self._voices.values() for name in names_of(voice)}
        with ui.element("div").classes("web-speak"):
            with ui.element("div").classes("web-controls"):
                self._emotion = EmotionPanel(words, self._controls, on_change=self._changed)
            with ui.element("div").classes("web-result"):
                button = ui.button(words("speak"), icon="record_voice_over", on_click=self._speak)
                button.props("unelevated no-caps size=lg color=primary").classes("web-speak-button")
                self._player = SpeechPlayer(words, names, self._take)
            with ui.element("div").classes("web-further"):
                self._delivery = DeliveryPanel(words, self._controls, on_change=self._changed)
                self._delivery.on_reset(self._show)

    def _changed(self) -> None:
        self._player.keep(self._controls.body())

    def _speak(self) -> None:
        body = self._controls.body()
        if not body["input"].strip():
            ui.notify(self._words("no_text"), type="warning", position="bottom")
            return
        self._player.speak(body)

    def _take(self, body: Mapping[str, object]) -> None:
        """Let the controls say what a request said that the browser kept."""
        before = self._controls.values["voice"]
        if not self._controls.take(body):
            return
        if self._controls.values["voice"] != before:
            self._emotion.choose_names()
        self._show()
        self._changed()

    def _choose_voice(self, name: str) -> None:
        if name == self._controls.values["voice"]:
            return
        self._controls.choose_voice(name)
        self._emotion.choose_names()
        self._show()
        self._changed()

    def _choose_speaker(self, name: str | None) -> None:
        if name is not None and name != self._controls.values["speaker"]:
            self._controls.values["speaker"] = name
            self._changed()

    def _show(self) -> None:
        """Show what the controls say, everywhere."""
        self._show_voice()
        self._text.show()
        self._emotion.show()
        self._delivery.show()

    def _show_voice(self) -> None:
        self._voice.set_value(self._controls.values["voice"])
        speakers = self._controls.voice.description.own_speakers
        self._speaker.set_options(list(speakers), value=self._controls.values["speaker"])
        self._speaker.set_visibility(len(speakers) > 1)
