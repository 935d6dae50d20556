"""A program that runs a server, and ends it and all that it started once its own standard input is closed.

Whoever started the guard holds the other end of that input, so the server ends with that process, however it ends: by
Ctrl-C, SIGTERM, SIGHUP or SIGKILL. It is run by its path (``python guard.py COMMAND ...``) in a session of its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

_GRACE_S = 5.0


def main() -> None:
    """Run the command of the arguments; exit with its status."""
    server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)  # it ends after the server, not before
    threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
    sys.exit(server.wait())


def _end_with_input(server: subprocess.Popen[bytes]) -> None:
    sys.stdin.buffer.read()
    if not hasattr(os, "killpg"):
        server.terminate()
        return
    os.killpg(os.getpgrp(), signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(timeout=_GRACE_S)
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
