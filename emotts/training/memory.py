"""How memory is kept between two steps of a training on a CPU."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Parameters of ``mallopt`` in glibc's ``malloc.h``."""
_NEVER = 2**31 - 1


def keep_freed_memory() -> bool:
    """Let the process keep freed memory for its next tensors, for as long as it lives.

    Otherwise every large tensor is asked of the system anew and filled with zeros page by page, some hundred thousand
    times a step of the full-size model. The peak stays the same; what was freed is not given back before the end.

    Returns:
        Whether it could be done: only with glibc, so not on macOS, Windows or Alpine.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_MMAP_MAX, 0)) and bool(mallopt(_TRIM_THRESHOLD, _NEVER))
