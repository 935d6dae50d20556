"""Walking a source: every plain file below it, and what cannot be one, with the reason."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from emotts.audio.opening import SOUND_SUFFIXES

__all__ = ["STOPS_DVC", "PassedOver", "Walked", "walk"]

_PIPE = "is a pipe or device, not a sound file"
_NOT_UTF_8 = "the name of the file is not UTF-8"
STOPS_DVC: Mapping[str, str] = MappingProxyType({_PIPE: "remove it from the recordings", _NOT_UTF_8: "rename it"})
"""Reasons for which a file is passed over and at which DVC fails or waits without end, and what to do."""


@dataclass(frozen=True)
class PassedOver:
    """A file, a folder or a row of a table that is not taken in; ``where`` is its path, or ``file:line``."""

    where: Path | str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Walked:
    """The files of a source in the order of their paths.

    Attributes:
        source: the folder, or the folder of the one file.
        sounds: files whose ending is that of a sound file.
        others: all other plain files.
        passed: what is hidden, and folders and files of other kinds that cannot be read.
        lost: what is named as a sound file and cannot be one or cannot be read.
    """

    source: Path
    sounds: tuple[Path, ...]
    others: tuple[Path, ...]
    passed: tuple[PassedOver, ...]
    lost: tuple[PassedOver, ...] = ()

    @cached_property
    def places(self) -> dict[Path, str]:
        """The place of every sound and other file within the source, composed (NFC), with slashes."""
        start = len(self.source.as_posix().rstrip("/")) + 1 if self.source.as_posix() != "." else 0
        return {path: unicodedata.normalize("NFC", path.as_posix()[start:]) for path in (*self.sounds, *self.others)}


def walk(source: Path) -> Walked:
    """Return the files below a folder, or a single file with those beside it that have its stem.

    Links to files are followed, and those to folders outside of the source, each folder once.
    """
    if not source.is_dir():
        stem = unicodedata.normalize("NFC", source.stem).casefold()
        beside = [path for path in source.parent.iterdir() if path != source and _has_stem(path, stem)]
        return Walked(source.parent, (source,), tuple(sorted(path for path in beside if path.is_file())), ())
    sounds, others, passed, lost = [], [], [], []
    for path, reason in _files(source):
        if reason is not None and path.suffix.lower() in SOUND_SUFFIXES and not _is_hidden(path.name):
            lost.append(PassedOver(_shown(path), reason))
        elif reason is not None:
            passed.append(PassedOver(_shown(path), reason))
        elif path.suffix.lower() in SOUND_SUFFIXES:
            sounds.append(path)
        else:
            others.append(path)
    return Walked(source, tuple(sorted(sounds)), tuple(sorted(others)), tuple(passed), tuple(lost))


def _shown(path: Path) -> Path | str:
    """Return a path, with escapes where its name is not UTF-8 and so can neither be printed nor written."""
    shown = str(path).encode("utf-8", "backslashreplace").decode()
    return path if shown == str(path) else shown


def _has_stem(path: Path, stem: str) -> bool:
    name = unicodedata.normalize("NFC", path.name).casefold()
    return name.startswith(f"{stem}.") and path.suffix.lower() not in SOUND_SUFFIXES


def _files(source: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield every path that is no plain folder, with the reason why it is not taken, if there is one."""
    failed: list[tuple[Path, str]] = []
    root, seen = source.resolve(), set[Path]()

    def note(error: OSError) -> None:
        failed.append((Path(error.filename), f"folder cannot be read: {error.strerror}"))

    for folder, folders, names in os.walk(source, onerror=note, followlinks=True):
        here = Path(folder)
        own = []
        for name in sorted(folders):
            reason = _reason_of_folder(here / name, root, seen)
            if reason is None:
                own.append(name)
            else:
                yield here / name, reason
        folders[:] = own
        for name in sorted(names):
            yield here / name, _reason(here / name)
    yield from failed


def _reason_of_folder(path: Path, root: Path, seen: set[Path]) -> str | None:
    """Return why a folder is not entered, None where it is; links that are followed are added to ``seen``."""
    if _is_hidden(path.name):
        return "hidden folder"
    if not path.is_symlink():
        return None
    real = path.resolve()
    if real.is_relative_to(root) or root.is_relative_to(real) or real in seen:
        return "link to a folder that is read anyway"
    seen.add(real)
    return None


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _reason(path: Path) -> str | None:
    """Return why a path that is no folder cannot be taken in, None where it can."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return _NOT_UTF_8
    try:
        mode = path.stat().st_mode
    except OSError as error:
        what = "link that leads nowhere" if path.is_symlink() else "cannot be read"
        return f"{what}: {error.strerror}"
    if not stat.S_ISREG(mode):
        return _PIPE
    if _is_hidden(path.name):
        return "hidden file"
    if not os.access(path, os.R_OK):
        return "cannot be read: permission denied"
    return None
