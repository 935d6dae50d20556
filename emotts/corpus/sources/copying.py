"""Copying and hashing files of any size."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from emotts.errors import CorpusError
from emotts.files import replacing

__all__ = ["copy_file", "sha256_of"]

_FICLONE = 0x40049409
"""Linux's request for a copy-on-write clone (``linux/fs.h``)."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal; memory does not grow with the file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's content, whole or not at all, as a copy-on-write clone where the file system can.

    Never as a hard link: what later protects or changes the copy must not touch the user's own file.

    Raises:
        CorpusError: if the source cannot be read or the disk does not take the copy.
    """
    try:
        with replacing(target) as temporary, source.open("rb") as reader, temporary.open("wb") as writer:
            if not _clone(reader.fileno(), writer.fileno()):
                shutil.copyfileobj(reader, writer, length=1 << 20)
    except OSError as error:
        raise CorpusError(
            "file cannot be copied",
            where=source,
            found=str(error),
            wanted=f"a copy at {target}",
            remedy="check the permissions and the free space",
        ) from error


def _clone(source: int, target: int) -> bool:
    if sys.platform != "linux":
        return False
    try:
        import fcntl

        fcntl.ioctl(target, _FICLONE, source)
    except (ImportError, OSError):
        return False
    return True
