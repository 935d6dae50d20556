"""Ctrl-C and SIGTERM stop a training run after the current step."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import TypeAlias

__all__ = ["InterruptFlag"]

Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None
"""A handler of a signal, as :func:`signal.signal` takes and returns it."""
_LOG = logging.getLogger(__name__)


class InterruptFlag:
    """While entered, the first SIGINT or SIGTERM only sets :attr:`wanted`; a second one raises KeyboardInterrupt.

    Outside the main thread, where signals cannot be caught, it does nothing.
    """

    def __init__(self) -> None:
        self.wanted = False
        self._former: dict[signal.Signals, Handler] = {}

    def __enter__(self) -> InterruptFlag:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._former[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, former in self._former.items():
            signal.signal(number, former)
        self._former = {}

    def _note(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True
        _LOG.warning("%s: finishing this step and writing a checkpoint", signal.Signals(number).name)
