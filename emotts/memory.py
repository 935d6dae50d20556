"""How memory is kept for the next tensors of a computation on a CPU."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Parameters of ``mallopt`` in glibc's ``malloc.h``."""
_LARGEST = 2**31 - 1


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
