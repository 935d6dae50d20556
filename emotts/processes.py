"""The id of a process; others on the same machine can tell by it whether the process is dead."""

from __future__ import annotations

import platform
from pathlib import Path

import psutil

__all__ = ["is_dead", "worker_id"]

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")


def worker_id() -> str:
    """Return the id of this process: ``MACHINE PID@START``."""
    process = psutil.Process()
    return f"{_machine()} {process.pid}@{process.create_time():.2f}"


def is_dead(worker: str) -> bool:
    """Say whether a process is known to have ended; of one on another machine nothing is known."""
    machine, _, rest = worker.partition(" ")
    if machine != _machine():
        return False
    number, _, start = rest.partition("@")
    try:
        process = psutil.Process(int(number))
        return f"{process.create_time():.2f}" != start or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _machine() -> str:
    """Name the machine, and the container in it, that process ids are counted in."""
    if _BOOT.is_file() and _PROCESSES.exists():
        return f"{_BOOT.read_text(encoding='ascii').strip()}/{_PROCESSES.readlink()}"
    return platform.node().replace(" ", "-")
