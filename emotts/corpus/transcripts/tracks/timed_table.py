"""Tables with times (csv, tsv): a text in each row, its start and end, and perhaps its emotion and intensity."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from emotts.corpus.columns import NAMES, find_columns
from emotts.corpus.text_lines import read_text
from emotts.corpus.transcripts.tracks.clock import has_colon, read_time
from emotts.corpus.transcripts.tracks.cue import Cue
from emotts.errors import CorpusError

__all__ = ["named_unit", "read_csv_rows", "read_timed_table"]

_PLAIN = ("start", "end", "text", "emotion", "intensity")
"""The columns of a table without names, as far as there are so many."""
_UNITS: Mapping[str, float] = MappingProxyType({"ms": 0.001, "msec": 0.001, "milliseconds": 0.001, "밀리초": 0.001})
_TIME = re.compile(r"[\d.,:]*\d")
_SLACK_S = 1.0

Row = tuple[int, Sequence[str]]


def read_timed_table(path: Path, *, duration_s: float | None = None) -> list[Cue]:
    """Return the rows of a table with the columns start, end (or duration), text, and maybe emotion and intensity.

    The first row names the columns; without names they are start, end, text, emotion, intensity. Times are seconds,
    ``h:m:s``, or milliseconds where the column's name ends in ``ms``, or where they would lie behind the end of the
    recording as seconds and fit as milliseconds.

    Args:
        path: the table; commas, semicolons or tabs between the fields.
        duration_s: length of the recording; None: plain numbers without a unit are seconds.

    Raises:
        CorpusError: naming file and line, if a column is missing, a row has too few fields, or a time cannot be read.
    """
    rows = read_csv_rows(path)
    if not rows:
        raise CorpusError("table has no rows", where=path, remedy="export it again, or remove the file")
    columns, units = _columns(rows[0], path)
    if columns is not None:
        rows = rows[1:]
    else:
        columns = {name: place for place, name in enumerate(_PLAIN[: len(rows[0][1])])}
    unit_s = _unit(rows, columns, units, duration_s=duration_s)
    return [_cue(row, columns, unit_s, path) for row in rows]


def read_csv_rows(path: Path) -> list[Row]:
    """Return the rows of a csv or tsv file with the line that each ends in; blank rows are left out.

    Raises:
        CorpusError: if it is no text in UTF-8 or UTF-16, or its quotes do not close.
    """
    text = read_text(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = "\t" if "\t" in first else max(",;|", key=first.count)
    source = io.StringIO(text, newline="")
    if separator == "\t":  # between tabs a quote is part of the text
        reader = csv.reader(source, delimiter=separator, quoting=csv.QUOTE_NONE, strict=True)
    else:
        reader = csv.reader(source, delimiter=separator, strict=True)
    rows: list[Row] = []
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                rows.append((reader.line_num, fields))
    except csv.Error as error:
        raise CorpusError(
            "table cannot be read",
            where=f"{path}:{rows[-1][0] + 1 if rows else 1}",
            found=str(error),
            remedy="close the quotes there; a quote inside a quoted text is written twice",
        ) from error
    return rows


def _columns(first: Row, path: Path) -> tuple[dict[str, int] | None, tuple[float | None, float | None]]:
    """Return the places of the columns by their names, and the units that the names of the times carry.

    None and no units where the first row holds times and no names.
    """
    number, fields = first
    if len(fields) >= 2 and all(_TIME.fullmatch(field.strip()) for field in fields[:2]):
        return None, (None, None)
    columns = find_columns(fields, NAMES)
    missing = [name for name in ("start", "text") if name not in columns]
    if "end" not in columns and "duration" not in columns:
        missing.insert(1, "end")
    if missing:
        raise CorpusError(
            f"table lacks the column {' and '.join(missing)}",
            where=f"{path}:{number}",
            found=", ".join(field.strip() for field in fields),
            wanted="start, end, text (and emotion, intensity)",
            remedy="name the columns so in the first row",
        )
    start = named_unit(fields[columns["start"]])
    return columns, (start, named_unit(fields[columns.get("end", columns.get("duration", 0))]))


def named_unit(name: str) -> float | None:
    """Return the seconds that a number counts in a column of this name, None where the name has no unit."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return next(
        (_UNITS[word] for word in words if word in _UNITS), 1.0 if {"s", "sec", "seconds"} & set(words) else None
    )


def _unit(
    rows: Sequence[Row],
    columns: Mapping[str, int],
    named: tuple[float | None, float | None],
    *,
    duration_s: float | None,
) -> float:
    """Return the seconds that a plain number counts."""
    if named[0] is not None or named[1] is not None:
        return named[0] or named[1] or 1.0
    written = [fields[columns["start"]] for _, fields in rows if len(fields) > columns["start"]]
    plain = [float(each) for each in written if each.strip().isdecimal()]
    if duration_s is None or not plain or len(plain) < len(written):
        return 1.0
    latest = max(plain)
    return 0.001 if latest > duration_s + _SLACK_S and latest / 1000 <= duration_s + _SLACK_S else 1.0


def _cue(row: Row, columns: Mapping[str, int], unit_s: float, path: Path) -> Cue:
    number, fields = row
    where = f"{path}:{number}"
    needed = max(columns[name] for name in ("start", "end", "duration", "text") if name in columns)
    if len(fields) <= needed:
        raise CorpusError(
            "row has too few fields", where=where, found=f"{len(fields)}: {fields}"[:80], wanted=f"{needed + 1} or more"
        )
    values = {name: fields[place] for name, place in columns.items() if place < len(fields)}
    start_s = read_time(values["start"], where=where, unit_s=_unit_of(values["start"], unit_s))
    if "end" in values:
        end_s = read_time(values["end"], where=where, unit_s=_unit_of(values["end"], unit_s))
    else:
        end_s = start_s + read_time(values["duration"], where=where, unit_s=_unit_of(values["duration"], unit_s))
    return Cue(start_s, end_s, values["text"], number, values.get("emotion", ""), values.get("intensity", ""))


def _unit_of(written: str, unit_s: float) -> float:
    return 1.0 if has_colon(written) else unit_s
