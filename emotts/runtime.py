"""The threads, the memory and the end of the process; threads must be set before torch is imported."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

__all__ = ["INTERRUPTED", "end_with_parent", "keep_few_lengths", "keep_freed_memory", "wait_briefly"]

INTERRUPTED = 130
"""Exit status of a program that Ctrl-C ended, as shells have it."""

_SPINS = "3000"
"""Some microseconds: longer than the way from one small operation to the next, shorter than a time slice."""
_LENGTHS = "64"
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Parameters of ``mallopt`` in glibc's ``malloc.h``."""
_LARGEST = 2**31 - 1
_SET_PARENT_DEATH_SIGNAL = 1
"""``PR_SET_PDEATHSIG`` of Linux's ``sys/prctl.h``."""


def wait_briefly() -> None:
    """Let threads spin for a moment before they sleep, unless the environment says otherwise.

    Threads that spin without end make a step ten times slower once another program needs a core; threads that sleep
    at once make the many small operations of a training step no faster than one thread does.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)  # libgomp, which torch brings along, prefers this one


def keep_few_lengths() -> None:
    """Let oneDNN keep the operations of few lengths of sound, unless the environment says otherwise; before the first.

    Every length has convolutions of its own. Of a thousand, as is the default, a process that speaks and never ends
    would keep what takes its memory up, and would rarely meet the same length again.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _LENGTHS)


def keep_freed_memory(*, at_most_mb: int | None = None) -> bool:
    """Let the process keep freed memory for its next tensors, from now on.

    Otherwise every large tensor is asked of the system anew and filled with zeros page by page: some hundred thousand
    pages in a training step of the full-size model, and a fifth of the time that it takes to speak. Peaks stay the
    same.

    Args:
        at_most_mb: give back what exceeds this; None keeps everything to the end of the process.

    Returns:
        Whether it could be done: only with glibc, so not on macOS, Windows or Alpine.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    threshold = _LARGEST if at_most_mb is None else min(at_most_mb * 2**20, _LARGEST)
    return bool(mallopt(_MMAP_MAX, 0)) and bool(mallopt(_TRIM_THRESHOLD, threshold))


def end_with_parent(number: signal.Signals) -> bool:
    """Let the system send this process a signal when its parent ends, even by SIGKILL.

    A child calls this itself, or is started with it as ``preexec_fn``.

    Args:
        number: SIGINT interrupts, so that work in progress is kept; SIGTERM ends.

    Returns:
        Whether it could be done: only on Linux.
    """
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, int(number), 0, 0, 0) == 0)
