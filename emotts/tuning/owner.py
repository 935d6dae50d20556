"""Who works on a trial: a name that other processes can tell to be dead, where they can see it."""

from __future__ import annotations

import platform
import secrets
from pathlib import Path

import psutil

__all__ = ["is_dead", "new_owner"]

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")


def new_owner() -> str:
    """Return a name for this process that is new at every call: ``MACHINE PID@START NONCE``."""
    process = psutil.Process()
    return f"{_machine()} {process.pid}@{process.create_time():.2f} {secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Say whether a process is known to have ended; of one on another machine nothing is known."""
    machine, _, rest = owner.partition(" ")
    if machine != _machine():
        return False
    number, _, start = rest.partition(" ")[0].partition("@")
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
