"""What the system refuses for reasons that a user can do something about: a full disk, missing permissions."""

from __future__ import annotations

import errno
import os
import re
import shutil

from emotts.errors import EmottsError

__all__ = ["refusal_number", "stated_refusal"]

_REFUSALS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE}
)
_NUMBER = re.compile(r"\[Errno (\d+)\]")


def refusal_number(error: OSError) -> int | None:
    """Return the number of the refusal that an error stands for; None where it is a fault of the program.

    ``shutil.Error``, which copying a folder raises, has no number of its own: its first file that has one counts.
    """
    numbers = [error.errno]
    if isinstance(error, shutil.Error):
        numbers = [int(number) for number in _NUMBER.findall(str(error))]
    return next((number for number in numbers if number in _REFUSALS), None)


def stated_refusal(error: OSError, *, again: str) -> EmottsError | None:
    """Return a refusal as an error that says what to do; None where it is a fault of the program.

    Args:
        error: the system's.
        again: the command that goes on afterwards.
    """
    number = refusal_number(error)
    if number is None:
        return None
    return EmottsError(
        "the system refuses to read or write",
        where=error.filename,
        found=os.strerror(number),
        remedy=f"check the permissions and the free space, then run {again} again",
    )
