"""Interrupting a stage by Ctrl-C without a traceback, while it is imported, at work, or done."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from emotts.runtime import INTERRUPTED

__all__ = ["interruptible", "quiet_until_started"]

_AGAIN_S = 0.01


def quiet_until_started() -> None:
    """End the process at once on Ctrl-C until :func:`interruptible` is entered; nothing has been written by then.

    An exception instead would surface as a traceback, or as a failed import where it hits a compiled module. A process
    that was started to ignore Ctrl-C goes on ignoring it.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt on Ctrl-C while entered, and ignore it afterwards: the process is about to end.

    Where the exception cannot go through (callbacks of compiled code, finalizers), it is raised again a moment later;
    where compiled code turns it into a failure of its own, it takes that failure's place.
    Does nothing where :func:`quiet_until_started` was not called.
    """
    if signal.getsignal(signal.SIGINT) is not _end:
        yield
        return
    asked = False

    def raise_interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.default_int_handler(number, frame)

    sys.unraisablehook = _raise_again
    signal.signal(signal.SIGINT, raise_interrupt)
    try:
        yield
    except Exception as error:
        if asked:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    os.write(2, b"interrupted before it began; `dvc repro` starts it again.\n")
    os._exit(INTERRUPTED)


def _raise_again(lost: Any) -> None:
    if lost.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(lost)
        return
    # sent to the process, so that it wakes the main thread
    timer = threading.Timer(_AGAIN_S, os.kill, [os.getpid(), signal.SIGINT])
    timer.daemon = True
    timer.start()
