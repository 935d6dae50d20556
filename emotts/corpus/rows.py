"""The rows that travel between the stages, and their JSON Lines files.

Every row carries its source time (recording, start, end) to the end of the pipeline.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from emotts.errors import CorpusError
from emotts.files import replacing

__all__ = ["Recording", "Reject", "Segment", "Utterance", "read_rows", "write_rows", "write_text"]


@dataclass(frozen=True)
class Recording:
    """One source file as it came in. ``file`` is relative to the folder of ``recordings.jsonl``."""

    file: str
    sha256: str
    sample_rate_hz: int
    channels: int
    duration_s: float
    speaker: str
    language: str
    emotion: str | None = None
    labels: str | None = None
    """The label track beside it (relative, as ``file``), if any."""
    script: str | None = None
    """The transcript script beside it (relative, as ``file``), if any."""


@dataclass(frozen=True)
class Segment:
    """One piece cut from a recording; ``wav`` is relative to the folder of ``segments.jsonl``.

    ``start_s`` and ``end_s`` are the times of the wav in the recording, kept silence included;
    ``speech_start_s`` and ``speech_end_s`` those of the speech inside it.
    """

    wav: str
    recording: str
    start_s: float
    end_s: float
    speech_start_s: float
    speech_end_s: float
    level_db: float
    speaker: str
    language: str
    emotion: str | None = None


@dataclass(frozen=True)
class Utterance:
    """One segment with its text and emotion, and where each of the two came from."""

    wav: str
    recording: str
    start_s: float
    end_s: float
    speaker: str
    language: str
    text: str
    emotion: str
    intensity: float
    text_source: str
    """``labels`` (label track), ``script`` or ``asr``."""
    emotion_source: str
    """``layout`` (folder), ``labels`` or ``script`` (a mark in the line)."""


@dataclass(frozen=True)
class Reject:
    """Something that came in and does not go on, with its reason."""

    stage: str
    recording: str
    start_s: float
    end_s: float
    reason: str
    detail: str = ""
    wav: str | None = None


Row = TypeVar("Row", Recording, Segment, Utterance, Reject)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file whole or not at all (temporary name, then rename)."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_rows(path: Path, rows: Iterable[Recording | Segment | Utterance | Reject]) -> None:
    """Write rows as JSON Lines, keys in field order, whole or not at all."""
    write_text(path, "".join(json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n" for row in rows))


def read_rows(path: Path, kind: type[Row]) -> list[Row]:
    """Read a JSON Lines file of one kind of row.

    Raises:
        CorpusError: if the file is missing, a line is not JSON, or its keys are not those of ``kind``.
    """
    if not path.is_file():
        raise CorpusError("file is missing", where=path, remedy="run `dvc repro` to make it")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        rows.append(_row(line, kind, where=f"{path}:{number}"))
    return rows


def _row(line: str, kind: type[Row], *, where: str) -> Row:
    try:
        values: dict[str, Any] = json.loads(line)
        return kind(**values)
    except (json.JSONDecodeError, TypeError) as error:
        raise CorpusError(
            f"line is not a {kind.__name__.lower()} row",
            where=where,
            found=f"{line[:80]!r} ({error})",
            wanted=f"a JSON object with {', '.join(field.name for field in dataclasses.fields(kind))}",
            remedy="delete the stage's output and run `dvc repro` again",
        ) from error
