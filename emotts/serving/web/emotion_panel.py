"""The emotion: buttons, intensity, and the square that mixes four of them."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from emotts.emotions.intensity import MAX_INTENSITY
from emotts.serving.web.controls import Controls, names_of
from emotts.serving.web.elements import MixingSquare
from emotts.serving.web.mixing import CENTRE, corner_of, first_corners, mixed
from emotts.serving.web.number_control import NumberControl
from emotts.serving.web.words import Words

__all__ = ["EmotionPanel"]

_STEP = 0.05


class EmotionPanel:
    """Chooses the emotion and its intensity.

    Args:
        words: of the page.
        controls: of the tab.
        on_change: called after each choice.
    """

    def __init__(self, words: Words, controls: Controls, *, on_change: Callable[[], None]) -> None:
        self._words = words
        self._controls = controls
        self._on_change = on_change
        self._point = CENTRE
        self._corners: list[str] = []
        self._buttons: dict[str, ui.button] = {}
        with ui.element("section").classes("web-card web-emotion"):
            ui.label(words("emotion")).classes("web-head")
            self._row = ui.element("div").classes("web-emotions")
            self._intensity = NumberControl(
                words("intensity"),
                shown=(0.0, MAX_INTENSITY, _STEP),
                allowed=(0.0, MAX_INTENSITY),
                on_change=lambda value: self._set(intensity=value),
                mark="web-intensity",
            )
            with ui.expansion(words("mixture"), icon="tonality", value=True).classes("web-mixture").props("dense"):
                ui.label(words("mixture_help")).classes("web-note")
                self._selects = [self._corner(place) for place in (0, 1)]
                self._square = MixingSquare(words("mixture"), self._moved)
                self._selects += [self._corner(place) for place in (2, 3)]
        self.choose_names()

    def choose_names(self) -> None:
        """Take the emotions and styles of the voice that is chosen."""
        names = names_of(self._controls.voice)
        labels = {name: self._words(name) for name in names}
        self._corners, self._point = first_corners(names), CENTRE
        self._row.clear()
        with self._row:
            self._buttons = {name: self._button(name) for name in names}
        for select, corner in zip(self._selects, self._corners, strict=True):
            select.set_options(labels, value=corner)
        self.show()

    def show(self) -> None:
        """Show what the controls say."""
        emotion = self._controls.values["emotion"]
        for name, button in self._buttons.items():
            is_chosen = name == emotion
            button.classes(add="chosen") if is_chosen else button.classes(remove="chosen")
            button.props("unelevated" if is_chosen else "outline", remove="outline" if is_chosen else "unelevated")
        self._intensity.show(self._controls.values["intensity"])
        is_mixed = emotion == mixed(self._corners, *self._point)
        self._square.show(self._point, used=is_mixed)

    def _button(self, name: str) -> ui.button:
        button = ui.button(self._words(name), on_click=lambda: self._choose(name))
        return button.props(f"no-caps dense aria-label={name}").classes(f"web-emotion-button web-emotion-{name}")

    def _corner(self, place: int) -> ui.select:
        select = ui.select({}, on_change=lambda event: self._set_corner(place, event.value))
        return select.props("dense options-dense borderless").classes(f"web-corner web-corner-{place}")

    def _set_corner(self, place: int, name: str | None) -> None:
        if name is not None and self._corners and name != self._corners[place]:
            self._corners[place] = name
            self._moved(*self._point)

    def _choose(self, name: str) -> None:
        self._point = corner_of(name, self._corners) or self._point
        self._set(emotion=name)

    def _moved(self, x: float, y: float) -> None:
        self._point = (min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))
        self._set(emotion=mixed(self._corners, *self._point))

    def _set(self, **values: object) -> None:
        self._controls.values.update(values)
        self.show()
        self._on_change()
