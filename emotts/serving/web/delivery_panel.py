"""Speed, pitch, pauses, variation and seed."""

from __future__ import annotations

import random
from collections.abc import Callable

from nicegui import ui

from emotts.ranges import CALL_RANGES
from emotts.serving.web.controls import SHOWN_RANGES, Controls
from emotts.serving.web.number_control import NumberControl
from emotts.serving.web.words import Words

__all__ = ["DeliveryPanel"]

_MOST_SEED = 999_999
_PITCH = ("pitch_shift", "pitch_range")


class DeliveryPanel:
    """Chooses how a text is spoken besides its emotion.

    Args:
        words: of the page.
        controls: of the tab.
        on_change: called after each choice.
    """

    def __init__(self, words: Words, controls: Controls, *, on_change: Callable[[], None]) -> None:
        self._controls = controls
        self._on_change = on_change
        with ui.element("section").classes("web-card web-delivery"):
            more = ui.expansion(words("more"), icon="tune", value=True).classes("web-more").props("dense")
        with more:
            self._numbers = {name: self._number(words(name), name) for name in SHOWN_RANGES}
            self._no_pitch = ui.label(words("no_pitch")).classes("web-note")
            with ui.element("div").classes("web-seed"):
                self._seed = ui.number(words("seed"), min=0, precision=0, step=1, on_change=self._typed_seed)
                self._seed.props("dense outlined")
                dice = ui.button(icon="casino", on_click=self._roll).props(f'flat dense aria-label="{words("dice")}"')
                dice.tooltip(words("dice"))
                ui.button(words("reset"), icon="restart_alt", on_click=self._reset).props("flat dense no-caps")
        self._on_reset: Callable[[], None] = self.show
        self.show()

    def on_reset(self, shows: Callable[[], None]) -> None:
        """Call a function that shows all controls after they were set back."""
        self._on_reset = shows

    def show(self) -> None:
        """Show what the controls say."""
        for name, number in self._numbers.items():
            number.show(float(self._controls.values[name]))
        can_move = self._controls.voice.moves_pitch
        for name in _PITCH:
            self._numbers[name].enable(can_move)
        self._no_pitch.set_visibility(not can_move)
        self._seed.set_value(self._controls.values["seed"])

    def _number(self, label: str, name: str) -> NumberControl:
        def change(value: float) -> None:
            self._controls.values[name] = value
            self._on_change()

        return NumberControl(
            label, shown=SHOWN_RANGES[name], allowed=CALL_RANGES[name], on_change=change, mark=f"web-{name}"
        )

    def _typed_seed(self) -> None:
        value = self._seed.value
        if value is not None and 0 <= value < 2**53 and int(value) != self._controls.values["seed"]:
            self._controls.values["seed"] = int(value)
            self._on_change()

    def _roll(self) -> None:
        self._controls.values["seed"] = random.SystemRandom().randint(1, _MOST_SEED)
        self.show()
        self._on_change()

    def _reset(self) -> None:
        self._controls.reset()
        self._on_reset()
        self._on_change()
