"""A slider with a number beside it."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

__all__ = ["NumberControl"]


class NumberControl:
    """One number that can be slid or typed.

    Args:
        label: its name.
        shown: least, most and step of the slider.
        allowed: least and most that may be typed.
        on_change: called with every new value that a person chose.
        mark: class of the element.
    """

    def __init__(
        self,
        label: str,
        *,
        shown: tuple[float, float, float],
        allowed: tuple[float, float],
        on_change: Callable[[float], None],
        mark: str,
    ) -> None:
        self._allowed = allowed
        self._on_change = on_change
        self._value: float | None = None
        low, high, step = shown
        with ui.element("div").classes(f"web-number {mark}"):
            ui.label(label).classes("web-caption")
            self._slider = ui.slider(
                min=low, max=high, step=step, value=low, on_change=lambda event: self._set(event.value)
            )
            self._slider.props(f'aria-label="{label}"')
            self._number = ui.number(
                min=allowed[0], max=allowed[1], step=step, on_change=lambda event: self._set(event.value)
            )
            self._number.props(f'dense outlined aria-label="{label}"')

    def show(self, value: float) -> None:
        """Show a value that came from elsewhere."""
        self._value = value
        self._slider.set_value(value)
        self._number.set_value(value)

    def enable(self, is_enabled: bool) -> None:
        """Let it be moved, or not."""
        self._slider.set_enabled(is_enabled)
        self._number.set_enabled(is_enabled)

    def _set(self, value: float | None) -> None:
        if value is None or self._value is None:
            return
        low, high = self._allowed
        chosen = round(min(high, max(low, float(value))), 3)
        if chosen != self._value:
            self.show(chosen)
            self._on_change(chosen)
