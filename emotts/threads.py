"""How the threads of a computation wait for each other; to be settled before torch is imported."""

from __future__ import annotations

import os

__all__ = ["wait_briefly"]

_SPINS = "3000"
"""Some microseconds: longer than the way from one small operation to the next, shorter than a time slice."""


def wait_briefly() -> None:
    """Let threads spin for a moment before they sleep, unless the environment says otherwise.

    Threads that spin without end make a step ten times slower once another program needs a core; threads that sleep
    at once make the many small operations of a training step no faster than one thread does.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)  # libgomp, which torch brings along, prefers this one
