"""The rows that one stage passes to the next, and their JSON Lines files.

Every row carries its source time (recording, start, end) to the end of the pipeline.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from emotts.errors import CorpusError
from emotts.files import replacing
from emotts.paths import is_inside

__all__ = ["Doubt", "Recording", "Reject", "Segment", "Utterance", "read_rows", "write_rows"]

_OPTIONAL = "optional"


def optional(default: Any) -> Any:
    """Return a field that is written only where it differs from its default."""
    return dataclasses.field(default=default, metadata={_OPTIONAL: True})


@dataclass(frozen=True, slots=True)
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
    is_clip: bool = optional(False)
    """Whether it is one utterance, which is not cut at its pauses."""
    text: str | None = optional(None)
    """What is said in a clip."""
    intensity: float | None = optional(None)
    """What its layout says of the intensity."""
    told_by: str | None = optional(None)
    """Where its texts came from: a file of the source, or ``file:line``."""
    is_cut_off: bool = optional(False)
    """Whether the file ends before its sound does; ``duration_s`` is the length of what is there."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
    """``given`` (with the clip), ``labels`` (label track), ``script`` or ``recogniser``."""
    emotion_source: str
    """``layout`` (folder, name or table), ``labels`` or ``script`` (a mark in the line)."""
    folder: Literal["segments", "labels"] = optional("segments")
    """Whose folder ``wav`` is relative to: that of the segments, or that of ``utterances.jsonl``, where a segment was
    cut anew along the lines of a script."""
    line: int | None = optional(None)
    """Its (first) line in the script."""
    confidence: float | None = optional(None)
    """How sure an aligned or recognised text is: 1 is certain, 0 is just accepted."""
    intensity_source: str | None = optional(None)
    """As ``emotion_source``; None where nothing says it, and it is taken as 1."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that came in and does not go on, with its reason."""

    stage: str
    recording: str
    start_s: float
    end_s: float
    reason: str
    detail: str = ""
    wav: str | None = None
    line: int | None = optional(None)
    """Line of the script that was to be read there."""
    script: str | None = optional(None)
    """What the script says."""
    heard: str | None = optional(None)
    """What the recogniser heard."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text that should be checked by ear; ``reason`` is None where it was accepted."""

    recording: str
    start_s: float
    end_s: float
    confidence: float
    """1 is certain, 0 is the least that is accepted."""
    reason: str | None
    line: int | None
    text: str | None
    heard: str
    wav: str | None


Row = TypeVar("Row", Recording, Segment, Utterance, Reject, Doubt)

_FILES: Mapping[type, tuple[str, ...]] = MappingProxyType({Recording: ("file", "labels", "script")})
"""Fields that name a file, relative to the folder of the rows; of all other rows it is ``wav``."""
_Types = Mapping[str, tuple[tuple[type, ...], tuple[str, ...]]]
_STAGES: Mapping[str, str] = MappingProxyType(
    {"recordings.jsonl": "recording", "segments.jsonl": "segment", "utterances.jsonl": "label"}
)


def write_rows(path: Path, rows: Iterable[Recording | Segment | Utterance | Reject | Doubt]) -> None:
    """Write rows as JSON Lines, keys in field order, whole or not at all; optional keys only where set."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            stream.write(json.dumps(_values(row), ensure_ascii=False) + "\n")


def read_rows(path: Path, kind: type[Row]) -> list[Row]:
    """Read the rows of a JSON Lines file.

    Raises:
        CorpusError: if the file is missing, or a line is no such row or names a file elsewhere; it names file and line.
    """
    if not path.is_file():
        raise CorpusError("file is missing", where=path, remedy="run `dvc repro` to make it")
    types = _types(kind)
    rows = []
    try:
        with path.open(encoding="utf-8", newline="\n") as stream:
            for number, line in enumerate(stream, 1):
                rows.append(_row(line.rstrip("\n"), kind, types=types, path=path, number=number))
    except UnicodeDecodeError as error:
        raise CorpusError("file is not UTF-8", where=path, found=error, remedy=_remedy(path)) from error
    return rows


def _values(row: Recording | Segment | Utterance | Reject | Doubt) -> dict[str, Any]:
    values = {}
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if not (field.metadata.get(_OPTIONAL) and value == field.default):
            values[field.name] = value
    return values


def _remedy(path: Path) -> str:
    stage = _STAGES.get(path.name)
    return "run the stage that writes it again" if stage is None else f"write it again: `dvc repro --force {stage}`"


def _row(line: str, kind: type[Row], *, types: _Types, path: Path, number: int) -> Row:
    where = f"{path}:{number}"
    try:
        values: dict[str, Any] = json.loads(line)
        row = kind(**values)
        _check_types(row, types)
    except (ValueError, TypeError, RecursionError) as error:
        raise CorpusError(
            f"line is not a {kind.__name__.lower()} row",
            where=where,
            found=f"{line[:80]!r} ({error})",
            wanted=f"a JSON object with {', '.join(field.name for field in dataclasses.fields(kind))}",
            remedy=_remedy(path),
        ) from error
    for name in _FILES.get(kind, ("wav",)):
        file = getattr(row, name)
        if file is not None and not is_inside(file):
            raise CorpusError(
                f"{name} is outside of the folder of the row",
                where=where,
                found=repr(file[:80]),
                wanted="a path below that folder",
                remedy=_remedy(path),
            )
    return row


def _check_types(row: object, types: _Types) -> None:
    """Raise TypeError where a value is of another type than its field."""
    for name, (kinds, words) in types.items():
        value = getattr(row, name)
        if (value not in words) if words else (type(value) not in kinds):
            raise TypeError(f"{name} is {value!r:.40}")
        if isinstance(value, float) and not math.isfinite(value):
            raise TypeError(f"{name} is {value}")


def _types(kind: type) -> _Types:
    """Return of each field the types and, where it has only some words, these."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        is_words = get_origin(hint) is Literal
        kinds = () if is_words else get_args(hint) or (hint,)
        found[name] = ((*kinds, int) if float in kinds else kinds, get_args(hint) if is_words else ())
    return found
