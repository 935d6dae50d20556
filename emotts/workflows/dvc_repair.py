"""Repairing what a killed DVC or a full disk leaves behind: its table of locks, and ``dvc.lock``."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

import psutil

from emotts.files import write_text
from emotts.system_refusals import refusal_number

__all__ = ["keep_lock", "repair"]

_LOG = logging.getLogger(__name__)
_TABLE = Path(".dvc/tmp/rwlock")
_LOCK = Path("dvc.lock")
_COPY = Path(".emotts/dvc.lock")
"""The last ``dvc.lock`` that could be read."""
_DAMAGED = Path(".emotts/dvc.lock.damaged")


def repair(root: Path) -> list[str]:
    """Repair the files of DVC in a project where they cannot be read; return what was done, in sentences.

    Nothing is touched while another DVC works in the project.
    """
    broken_table, broken_lock = _is_broken(root / _TABLE, _read_table), _is_broken(root / _LOCK, _read_lock)
    if not (broken_table or broken_lock) or _dvc_works_in(root):
        return []
    done = []
    if broken_table:
        write_text(root / _TABLE, "{}")
        done.append(f"{_TABLE} was damaged, as after a kill: it was emptied")
    if broken_lock:
        done.append(_repair_lock(root))
    return done


def keep_lock(root: Path) -> None:
    """Keep a copy of ``dvc.lock`` if it can be read; where the disk does not take it, warn and keep the last one."""
    path = root / _LOCK
    if not path.is_file() or _is_broken(path, _read_lock):
        return
    try:
        write_text(root / _COPY, path.read_text(encoding="utf-8"))
    except OSError as error:
        if refusal_number(error) is None:
            raise
        _LOG.warning("%s was not copied to %s: %s", _LOCK, _COPY, error.strerror)


def _repair_lock(root: Path) -> str:
    (root / _DAMAGED).parent.mkdir(parents=True, exist_ok=True)
    (root / _LOCK).replace(root / _DAMAGED)
    copy = root / _COPY
    if copy.is_file() and not _is_broken(copy, _read_lock):
        write_text(root / _LOCK, copy.read_text(encoding="utf-8"))
        return f"{_LOCK} was damaged, as after a full disk: its last good copy is back (the damaged one: {_DAMAGED})"
    return f"{_LOCK} was damaged and there is no copy: it was moved to {_DAMAGED}, and the stages run again"


def _is_broken(path: Path, read: Callable[[str], bool]) -> bool:
    """Say whether a file that is there does not hold what DVC wants to read."""
    return path.is_file() and not read(path.read_text(encoding="utf-8", errors="replace"))


def _read_table(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _read_lock(text: str) -> bool:
    """Say whether DVC's own schema takes a text."""
    from dvc.exceptions import DvcException
    from dvc.schema import COMPILED_LOCKFILE_SCHEMA
    from dvc.utils.serialize import parse_yaml
    from voluptuous import Invalid

    try:
        COMPILED_LOCKFILE_SCHEMA(parse_yaml(text, str(_LOCK)))
    except (DvcException, Invalid):
        return False
    return True


def _dvc_works_in(root: Path) -> bool:
    """Say whether a DVC process, not this one or one above it, has the project as its folder."""
    own = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    for process in psutil.process_iter(["cmdline"]):
        words = [Path(word).name for word in (process.info["cmdline"] or [])[:4]]
        if process.pid in own or "dvc" not in words:
            continue
        try:
            if Path(process.cwd()) == root.resolve():
                return True
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return False
