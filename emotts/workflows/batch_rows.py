"""The table of a batch: a text for each row, and how it is spoken."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from emotts.audio.encoding import SOUND_FORMATS
from emotts.checkpoint.delivery import OPTIONS, Delivery, DeliveryOptions, option_value
from emotts.corpus.text_lines import read_lines
from emotts.corpus.transcripts.tracks.timed_table import read_csv_rows
from emotts.errors import ConfigError, EmottsError

__all__ = ["BatchRow", "read_batch"]

_COLUMNS = ("text", "name", *OPTIONS)
_SAME = {"file": "name"}
_OWN = "_"
"""Begins the names of columns that are the user's own."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff\\:*?"<>|]')
_NAME_BYTES = 150
_JSON_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class BatchRow:
    """A row: where it is written, its text, the file to write (relative, ``/`` between folders), how it is spoken.

    ``own`` has the user's own columns; ``problem`` is why the row cannot be spoken, None if it can.
    """

    where: str
    text: str
    file: str
    options: DeliveryOptions
    own: Mapping[str, Any] = field(default_factory=dict)
    problem: EmottsError | None = None


def read_batch(path: Path, *, ending: str, options: DeliveryOptions) -> list[BatchRow]:
    """Read a csv (tsv) or jsonl table: a column ``text``, perhaps ``name`` (or ``file``), and those of a delivery.

    Columns whose name begins with ``_`` are the user's own and go into the manifest.

    Args:
        path: the table, UTF-8; ``.jsonl`` has a JSON object a line, anything else the columns' names in its first row.
        ending: of the format, which a name without one gets.
        options: what a row does not say.

    Raises:
        ConfigError: if a column is unknown (with the nearest name), there is none for the text, or there are no rows.
        CorpusError: if the file cannot be read.
    """
    is_json = path.suffix.lower() in _JSON_LINES
    rows = [
        _row(values, where=f"{path}:{line}", number=number, ending=ending, options=options)
        for number, (line, values) in enumerate(_json_rows(path) if is_json else _csv_rows(path), 1)
    ]
    if not rows:
        raise ConfigError("the table has no rows", where=path)
    taken: dict[str, str] = {}
    for place, row in enumerate(rows):
        key = unicodedata.normalize("NFC", row.file).casefold()
        if row.problem is None and key in taken:
            problem = ConfigError("another row has the same name", where=row.where, found=row.file, wanted=taken[key])
            rows[place] = BatchRow(row.where, row.text, row.file, row.options, row.own, problem)
        taken.setdefault(key, f"a name other than that of {row.where}")
    return rows


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | EmottsError]]:
    lines = read_csv_rows(path)
    header = [name.strip() for name in lines[0][1]] if lines else []
    names = [_column(name, where=f"{path}:{lines[0][0]}") for name in header]
    _check_columns(names, where=path)
    for number, fields in lines[1:]:
        if len(fields) == len(names):
            yield number, dict(zip(names, fields, strict=True))
        else:
            wanted = f"{len(names)}, as many as in the first row"
            yield number, ConfigError("row has another number of fields", found=len(fields), wanted=wanted)


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | EmottsError]]:
    for number, line in read_lines(path):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, ConfigError("row is no JSON", found=str(error))
            continue
        if not isinstance(values, dict):
            yield number, ConfigError("row is no JSON object", found=line[:60])
            continue
        names = [_column(name, where=f"{path}:{number}") for name in values]
        _check_columns(names, where=f"{path}:{number}")
        yield number, dict(zip(names, values.values(), strict=True))


def _column(name: str, *, where: str) -> str:
    """Return the name of a column as it is used here."""
    folded = name.strip().casefold().replace("-", "_").replace(" ", "_")
    if name.startswith(_OWN) or folded in _COLUMNS or folded in _SAME:
        return name if name.startswith(_OWN) else _SAME.get(folded, folded)
    near = difflib.get_close_matches(folded, (*_COLUMNS, *_SAME), n=1, cutoff=0.5)
    raise ConfigError(
        f"unknown column {name!r}",
        where=where,
        wanted=f"one of {', '.join(_COLUMNS)}",
        remedy=f"{f'did you mean {near[0]!r}? ' if near else ''}Begin the name of a column of your own with {_OWN}",
    )


def _check_columns(names: list[str], *, where: object) -> None:
    if "text" not in names:
        raise ConfigError("there is no column for the text", where=where, found=", ".join(names), wanted="text")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(f"column {twice!r} is there twice", where=where, remedy="remove one of them")


def _row(
    values: dict[str, Any] | EmottsError, *, where: str, number: int, ending: str, options: DeliveryOptions
) -> BatchRow:
    file = f"{number:04}.{ending}"
    if isinstance(values, EmottsError):
        return BatchRow(where, "", file, options, problem=_placed(values, where))
    own = {name: value for name, value in values.items() if name.startswith(_OWN)}
    said = {
        name: str(value).strip()
        for name, value in values.items()
        if name not in own and value is not None and str(value).strip()
    }
    text = said.pop("text", "")
    try:
        if "name" in said:
            file = _file_name(said.pop("name"), ending=ending)
        merged = DeliveryOptions(**{**options, **{name: option_value(name, said[name]) for name in said}})  # type: ignore[typeddict-item]
        Delivery(**merged)
    except EmottsError as error:
        return BatchRow(where, text, file, options, own, _placed(error, where))
    return BatchRow(where, text, file, merged, own)


def _placed(error: EmottsError, where: str) -> EmottsError:
    return ConfigError(error.what, where=where, found=error.found, wanted=error.wanted, remedy=error.remedy)


def _is_usable(part: str) -> bool:
    return bool(part.strip(" .")) and not part.startswith(".") and len(part.encode()) <= _NAME_BYTES


def _file_name(name: str, *, ending: str) -> str:
    """Return the file of a name: inside the folder, with the ending of a format."""
    parts = name.split("/")
    # the search comes first: halves of pairs have no bytes to count
    if _FORBIDDEN.search(name) or any(not _is_usable(part) for part in parts):
        raise ConfigError(
            "name cannot be used",
            found=repr(name),
            wanted=f"a name inside the folder, such as intro or chapter1/intro, not hidden, up to {_NAME_BYTES} bytes",
        )
    has_ending = PurePosixPath(name).suffix.removeprefix(".").casefold() in SOUND_FORMATS
    return name if has_ending else f"{name}.{ending}"
