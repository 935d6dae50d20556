"""Speaking the rows of a table into a folder; what is finished and unchanged is not spoken again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from emotts.audio.encoding import format_of
from emotts.audio.io import write_sound
from emotts.checkpoint.delivery import Delivery
from emotts.errors import ConfigError, EmottsError
from emotts.files import locked, write_text
from emotts.progress import Progress
from emotts.voice import Voice
from emotts.workflows.batch_rows import BatchRow

__all__ = ["MANIFEST", "BatchOutcome", "speak_batch"]

MANIFEST = "manifest.jsonl"
_HALF = re.compile("[\ud800-\udfff]")
_LOCK = ".batch.lock"
Entry = dict[str, Any]


@dataclass(frozen=True)
class BatchOutcome:
    """How many rows were spoken and how many were finished before; the messages of those that failed."""

    n_spoken: int
    n_kept: int
    problems: tuple[str, ...]


def speak_batch(
    voice: Voice,
    rows: Sequence[BatchRow],
    folder: Path,
    *,
    markup: bool = True,
    force: bool = False,
    progress: Progress | None = None,
) -> BatchOutcome:
    """Speak every row into its file and list all in the folder's ``manifest.jsonl``.

    A row's line is in the manifest before its file is there whole, so that a file is known again however the process
    ended. At the end the manifest has one line a row, in the order of the table.

    Args:
        voice: speaks.
        rows: as of :func:`emotts.workflows.batch_rows.read_batch`.
        folder: is made if it is missing.
        markup: as of :meth:`Voice.speak`.
        force: overwrite files that are not of an earlier batch.
        progress: told after every row.

    Raises:
        ConfigError: if another process writes into the folder, or the manifest is not that of a batch.
    """
    with locked(folder / _LOCK, wait=False) as held:
        if not held:
            raise ConfigError("another process writes a batch there", where=folder, remedy="wait for its end")
        manifest = folder / MANIFEST
        speaker = _RowSpeaker(voice, folder, known=_read_manifest(manifest, force=force), markup=markup, force=force)
        entries = []
        with manifest.open("a", encoding="utf-8", newline="\n") as journal:
            for number, row in enumerate(rows, 1):
                entries.append({"row": number, **speaker.speak(row, number=number, journal=journal)})
                if progress is not None:
                    progress(number, len(rows), row.file)
        write_text(manifest, "".join(_line(entry) for entry in entries))
    problems = tuple(entry["error"] for entry in entries if "error" in entry)
    return BatchOutcome(speaker.n_spoken, len(rows) - speaker.n_spoken - len(problems), problems)


class _RowSpeaker:
    """Speaks rows, one after the other."""

    def __init__(
        self, voice: Voice, folder: Path, *, known: Mapping[str, Sequence[Entry]], markup: bool, force: bool
    ) -> None:
        self.n_spoken = 0
        self._voice = voice
        self._identity = voice.identity()
        self._folder = folder
        self._known = known
        self._markup = markup
        self._force = force

    def speak(self, row: BatchRow, *, number: int, journal: TextIO) -> Entry:
        """Return the manifest's entry of a row, after its file was written if it was not there."""
        told: Entry = {"file": row.file, "text": row.text, **row.own}
        try:
            if row.problem is not None:
                raise row.problem
            return self._spoken(row, told, number=number, journal=journal)
        except EmottsError as error:
            placed = error if error.where is not None else _with_place(error, row.where)
            known = self._known.get(row.file, ())
            return {**told, "error": str(placed), **({"before": known[-1]} if known else {})}

    def _spoken(self, row: BatchRow, told: Entry, *, number: int, journal: TextIO) -> Entry:
        path = self._path(row)
        asked = [self._identity, row.text, row.options, format_of(path), self._markup]
        key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        known = self._known.get(row.file, ())
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        for entry in known:
            if digest is not None and (entry["key"], entry["sha256"]) == (key, digest):
                return {**entry, **told}
        if path.exists() and not self._force and digest not in [entry["sha256"] for entry in known]:
            raise ConfigError(
                "a file that no batch wrote so is there",
                where=path,
                remedy="name the row otherwise, move the file away, or overwrite it by --force",
            )
        speech = self._voice.speak(row.text, markup=self._markup, **row.options)
        content = speech.encoded(format_of(path), where=path)
        delivery = Delivery(**row.options)
        entry = {
            **told,
            "reading": " ".join(read.normalised_text for read in self._voice.reading(row.text, markup=self._markup)),
            "emotion": delivery.emotion,
            "seed": delivery.seed,
            "seconds": round(speech.duration_s, 3),
            "sha256": hashlib.sha256(content).hexdigest(),
            "key": key,
        }
        journal.write(_line({"row": number, **entry}))
        journal.flush()
        write_sound(path, content)
        self.n_spoken += 1
        return entry

    def _path(self, row: BatchRow) -> Path:
        """Return the path of a row's file; raises ConfigError if a link leads it out of the folder."""
        path = self._folder / row.file
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise ConfigError("name leads out of the folder", where=row.where, found=row.file)
        return path


def _with_place(error: EmottsError, where: str) -> EmottsError:
    return type(error)(error.what, where=where, found=error.found, wanted=error.wanted, remedy=error.remedy)


def _line(entry: Entry) -> str:
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    # a text from JSON may hold halves of pairs, which UTF-8 has not
    return line if line.isascii() or not _HALF.search(line) else json.dumps(entry) + "\n"


def _read_manifest(path: Path, *, force: bool) -> dict[str, list[Entry]]:
    """Return the entries of finished rows by file; a last line that was cut off is removed from the manifest.

    Raises:
        ConfigError: if it is no manifest of a batch and may not be overwritten.
    """
    known: dict[str, list[Entry]] = {}
    *whole, cut_off = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.is_file() else [""]
    for number, line in enumerate(whole, 1):
        entry = _entry(line)
        if entry is None and not force:
            raise ConfigError(
                "that is no manifest of a batch",
                where=f"{path}:{number}",
                found=line[:60].strip(),
                remedy="write into another folder, or overwrite it by --force",
            )
        finished = entry.get("before", entry) if entry is not None else {}
        if "sha256" in finished:
            known.setdefault(finished["file"], []).append({name: finished[name] for name in finished if name != "row"})
    if cut_off:
        write_text(path, "".join(f"{line}\n" for line in whole))
    return known


def _entry(line: str) -> Entry | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_ours = isinstance(entry, dict) and "file" in entry and ({"sha256", "key"} <= set(entry) or "error" in entry)
    return entry if is_ours else None
