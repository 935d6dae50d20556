"""The elements of the review page, and where they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nicegui import ui

from emotts.emotions.intensity import MAX_INTENSITY
from emotts.serving.review.elements import Drafts, Keys, Waveform
from emotts.serving.review.filters import FILTERS
from emotts.serving.review.keys import KEYS, Key, emotion_keys
from emotts.serving.review.words import LANGUAGES, Words

__all__ = ["Actions", "Layout", "lay_out"]

_STYLE = Path(__file__).with_name("review.css")
_FIELD = ".review-text textarea"
_BUTTONS = (
    ("previous", "skip_previous", "flat"),
    ("play", "play_arrow", "flat"),
    ("next", "skip_next", "flat"),
    ("accept", "check", "unelevated color=positive"),
    ("reject", "close", "unelevated color=negative"),
    ("split", "content_cut", "flat"),
    ("merge", "merge_type", "flat"),
)


@dataclass(frozen=True)
class Actions:
    """What the page calls.

    Attributes:
        act: with the name of a key's action.
        typed: with what is in the text field.
        cut: with a new start and end in seconds.
        strengthen: with a new intensity.
        choose: with the name of a filter.
        speak: with a language of the page.
        restore: with the pieces and texts that were typed and never saved.
    """

    act: Callable[[str], Any]
    typed: Callable[[str], None]
    cut: Callable[[float, float], None]
    strengthen: Callable[[float], None]
    choose: Callable[[str], None]
    speak: Callable[[str], None]
    restore: Callable[[list[tuple[str, str]]], None]


@dataclass(frozen=True)
class Layout:
    """The elements that change."""

    progress: ui.linear_progress
    checked: ui.label
    note: ui.label
    filters: dict[str, ui.button]
    card: ui.element
    nothing: ui.label
    place: ui.label
    times: ui.label
    state: ui.label
    waveform: Waveform
    text: ui.textarea
    reading: ui.label
    hints: ui.label
    emotions: list[ui.button]
    intensity: ui.slider
    intensity_value: ui.label
    unmatched: ui.expansion
    unmatched_list: ui.label
    drafts: Drafts
    help: ui.dialog


def lay_out(words: Words, emotions: Sequence[str], *, store: str, actions: Actions) -> Layout:
    """Build the page of one tab.

    Args:
        words: what it says.
        emotions: names in the order of their ids.
        store: what the browser keeps texts for that are being typed.
        actions: what it calls.
    """
    ui.add_css(_STYLE)
    keys = (*KEYS, *emotion_keys(len(emotions)))
    Keys(keys, actions.act)
    dialog = _help(words, keys)
    with ui.element("main").classes("review"):
        progress, checked, note = _header(words, actions)
        filters = _filters(words, actions)
        unmatched, unmatched_list = _unmatched()
        nothing = ui.label(words("nothing")).classes("review-nothing")
        with ui.element("section").classes("review-card") as card:
            place, times, state = _heading()
            waveform = Waveform(actions.cut)
            _buttons(words, actions)
            text, reading, hints = _text(words, actions)
            chosen = _emotions(words, emotions, actions)
            intensity, value = _intensity(words, actions)
        ui.label(words("rerun")).classes("review-rerun")
    return Layout(
        *(progress, checked, note, filters, card, nothing, place, times, state, waveform, text, reading, hints),
        *(chosen, intensity, value, unmatched, unmatched_list),
        *(Drafts(_FIELD, store=store, on_found=actions.restore), dialog),
    )


def _header(words: Words, actions: Actions) -> tuple[ui.linear_progress, ui.label, ui.label]:
    with ui.element("header").classes("review-header"):
        ui.label(words("title")).classes("review-title")
        checked = ui.label().classes("review-checked")
        note = ui.label().classes("review-note")
        ui.element("div").classes("review-space")
        ui.button(words("undo"), icon="undo", on_click=lambda: actions.act("undo")).props("flat dense no-caps")
        ui.button(words("help"), icon="keyboard", on_click=lambda: actions.act("help")).props("flat dense no-caps")
        language = ui.select(dict(LANGUAGES), value=words.language, on_change=lambda event: actions.speak(event.value))
        language.props("dense borderless options-dense").classes("review-language")
    progress = ui.linear_progress(value=0, show_value=False, size="6px").classes("review-progress")
    return progress, checked, note


def _filters(words: Words, actions: Actions) -> dict[str, ui.button]:
    with ui.element("nav").classes("review-filters"):
        ui.label(words("filter"))
        return {name: _filter(name, actions) for name in FILTERS}


def _filter(name: str, actions: Actions) -> ui.button:
    button = ui.button(on_click=lambda: actions.choose(name)).props("flat dense no-caps rounded")
    return button.classes("review-filter").mark(f"filter-{name}")


def _unmatched() -> tuple[ui.expansion, ui.label]:
    with ui.expansion(icon="warning").classes("review-unmatched") as unmatched:
        return unmatched, ui.label().classes("review-lines")


def _heading() -> tuple[ui.label, ui.label, ui.label]:
    with ui.element("div").classes("review-heading"):
        place = ui.label().classes("review-place")
        times = ui.label().classes("review-times")
        return place, times, ui.label().classes("review-state")


def _buttons(words: Words, actions: Actions) -> None:
    with ui.element("div").classes("review-buttons"):
        for action, icon, props in _BUTTONS:
            button = ui.button(words(action), icon=icon, on_click=lambda action=action: actions.act(action))
            button.props(f"{props} no-caps").classes(f"review-{action}")


def _text(words: Words, actions: Actions) -> tuple[ui.textarea, ui.label, ui.label]:
    text = ui.textarea(words("text_field"), on_change=lambda event: actions.typed(event.value or ""))
    text.without_auto_validation().props("outlined autogrow").classes("review-text")
    with ui.element("div").classes("review-reading"):
        ui.label(words("reading")).classes("review-caption")
        reading = ui.label().classes("review-spoken")
    return text, reading, ui.label().classes("review-hints")


def _emotions(words: Words, emotions: Sequence[str], actions: Actions) -> list[ui.button]:
    buttons = []
    with ui.element("div").classes("review-emotions"):
        for number, name in enumerate(emotions, 1):
            button = ui.button(
                f"{number} {words(name)}", on_click=lambda number=number: actions.act(f"emotion_{number}")
            )
            buttons.append(button.props("outline no-caps dense").classes("review-emotion"))
    return buttons


def _intensity(words: Words, actions: Actions) -> tuple[ui.slider, ui.label]:
    with ui.element("div").classes("review-intensity"):
        ui.label(words("intensity")).classes("review-caption")
        slider = ui.slider(min=0.0, max=MAX_INTENSITY, step=0.1, value=1.0)
        slider.on("change", lambda event: actions.strengthen(round(float(event.args), 1)))
        return slider, ui.label().classes("review-value")


def _help(words: Words, keys: Sequence[Key]) -> ui.dialog:
    lines: dict[str, list[str]] = {}
    for key in keys:
        lines.setdefault(key.help, []).append(key.label)
    with ui.dialog() as dialog, ui.card():
        with ui.element("div").classes("review-keys"):
            for text, labels in lines.items():
                ui.label(" ".join(labels) if len(labels) < 5 else f"{labels[0]} - {labels[-1]}").classes("review-key")
                ui.label(words(text))
        ui.button(words("close"), on_click=dialog.close).props("flat no-caps")
    return dialog
