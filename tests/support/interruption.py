"""Ctrl-C in the middle of a command, as a terminal sends it: to the whole process group."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from support.prepared import half_written
from support.project import Project

Moment = Callable[[int], bool]
"""Whether the moment has come, for a process's id."""

INTERRUPTED = (130, -signal.SIGINT)
"""What a shell calls 130: the exit status, and (where an import was hit) Python's own death by the signal."""


def appears(path: Path) -> Moment:
    """Return the moment at which a file or folder is there."""
    return lambda pid: path.exists()


def something_in(folder: Path) -> Moment:
    """Return the moment at which a folder holds its first file, temporary ones included."""
    return lambda pid: any(path.is_file() for path in folder.rglob("*"))


def changes(path: Path) -> Moment:
    """Return the moment at which a file was written again."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    return lambda pid: path.exists() and path.stat().st_mtime_ns != before


def maps(library: str) -> Moment:
    """Return the moment at which a process has a library in memory: it is still busy with its imports."""
    return lambda pid: library in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")


def seconds_after(begun: Moment, delay_s: float) -> Moment:
    """Return the moment so long after another one."""
    ends: list[float] = []

    def has_come(pid: int) -> bool:
        if not ends and begun(pid):
            ends.append(time.monotonic() + delay_s)
        return bool(ends) and time.monotonic() > ends[0]

    return has_come


def interrupt(project: Project, *command: str, moment: Moment) -> subprocess.CompletedProcess[str]:
    """Start a command, send SIGINT to its process group when the moment has come, and wait for its end."""
    process = project.start(*command)
    while process.poll() is None and not moment(process.pid):
        time.sleep(0.002)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=300)
    return subprocess.CompletedProcess(command, process.returncode, output)


def check_interrupted(
    done: subprocess.CompletedProcess[str], project: Project, *, status: tuple[int, ...] = INTERRUPTED
) -> None:
    """It ended as interrupted, without a traceback, and left nothing half written."""
    assert done.returncode in status, done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    assert half_written(project) == []
