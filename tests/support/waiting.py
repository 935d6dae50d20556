"""Waiting for what comes about in another process or thread."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["wait_until"]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as something is so."""
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.01)
