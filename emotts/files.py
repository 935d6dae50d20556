"""Writing files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replacing"]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary name in the folder of ``path`` that becomes ``path`` at the end of the block.

    On any error or Ctrl-C, at whatever moment, the temporary file vanishes and ``path`` stands as it was. The folder
    is made where it is missing.
    """
    temporary = path.with_name(f".{path.name[:80]}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
