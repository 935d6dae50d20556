"""Reading the table of a layout: a row for each clip, with the line that it stands in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.columns import NAMES, find_columns
from emotts.corpus.sources.layout import Table
from emotts.corpus.text_lines import read_lines
from emotts.corpus.transcripts.tracks.timed_table import named_unit, read_csv_rows
from emotts.errors import CorpusError

__all__ = ["BadRow", "TableRow", "read_rows_of"]

_MIN_USABLE = 0.5
_SOUND = "file"


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its file and line, and its values by the names of the columns."""

    path: Path
    line: int
    values: dict[str, str]

    @property
    def where(self) -> str:
        """The row's place, ``file:line``."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read, and why."""

    where: str
    reason: str


def read_rows_of(path: Path, table: Table) -> tuple[list[TableRow], list[BadRow]]:
    """Return the rows of a table that can be read, and the others.

    Raises:
        CorpusError: if the file is no such table: not UTF-8, without a column for the file, empty, or with more rows
            that cannot be read than rows that can.
    """
    if table.format == "jsonl":
        rows, bad = _json_rows(path, table)
    elif table.format == "csv":
        rows, bad = _named_rows(path, table)
    else:
        rows, bad = _plain_rows(path, table)
    if not rows or len(rows) < _MIN_USABLE * (len(rows) + len(bad)):
        raise CorpusError(
            "file is no such table",
            where=bad[0].where if bad else path,
            found=bad[0].reason if bad else "no rows",
            wanted=_wanted(table),
        )
    return rows, bad


def _wanted(table: Table) -> str:
    if table.format == "rows":
        return (" TAB " if table.separator == "\t" else table.separator).join(table.columns)
    return "rows with the keys file and text" if table.format == "jsonl" else "names of the columns in its first row"


def _plain_rows(path: Path, table: Table) -> tuple[list[TableRow], list[BadRow]]:
    names = [column.removesuffix("?") for column in table.columns]
    least = sum(not column.endswith("?") for column in table.columns)
    rows: list[TableRow] = []
    bad: list[BadRow] = []
    for number, line in read_lines(path):
        if not line.strip():
            continue
        fields = line.split(table.separator)
        if not rows and not bad and _SOUND in find_columns(fields, NAMES):
            raise CorpusError(
                "first row names the columns", where=f"{path}:{number}", found=line[:80], wanted=_wanted(table)
            )
        if least <= len(fields) <= len(names):
            values = {name: field.strip() for name, field in zip(names, fields, strict=False) if name != "_"}
            rows.append(TableRow(path, number, values))
        else:
            bad.append(BadRow(f"{path}:{number}", f"{len(fields)} fields instead of {_wanted(table)}"))
    return rows, bad


def _named_rows(path: Path, table: Table) -> tuple[list[TableRow], list[BadRow]]:
    lines = read_csv_rows(path)
    if not lines:
        return [], []
    header = lines[0][1]
    columns = find_columns(header, table.column_names)
    _check_file_column(columns, header, f"{path}:{lines[0][0]}")
    rows: list[TableRow] = []
    bad: list[BadRow] = []
    for number, fields in lines[1:]:
        if len(fields) != len(header):
            bad.append(BadRow(f"{path}:{number}", f"{len(fields)} fields, {len(header)} columns"))
        else:
            values = {name: fields[place].strip() for name, place in columns.items()}
            rows.append(TableRow(path, number, values | _in_seconds(values, header, columns)))
    return rows, bad


def _in_seconds(values: dict[str, str], header: Sequence[str], columns: dict[str, int]) -> dict[str, str]:
    """Return the times whose columns count another unit, in seconds."""
    units = {name: named_unit(header[columns[name]]) for name in ("start", "end", "duration") if name in columns}
    return {
        name: f"{float(values[name]) * unit:.6f}"
        for name, unit in units.items()
        if unit not in (None, 1.0) and values[name].isdecimal()
    }


def _check_file_column(columns: dict[str, int], header: Sequence[str], where: str) -> None:
    if _SOUND not in columns:
        raise CorpusError(
            "table has no column for the sound file",
            where=where,
            found=", ".join(name.strip() for name in header)[:200],
            wanted="file, path, wav or the like in its first row",
            remedy="name the columns so, or map them in a layout of your own (--layout FILE)",
        )


def _json_rows(path: Path, table: Table) -> tuple[list[TableRow], list[BadRow]]:
    rows: list[TableRow] = []
    bad: list[BadRow] = []
    for number, line in read_lines(path):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            bad.append(BadRow(f"{path}:{number}", f"no json: {error}"[:120]))
            continue
        if not isinstance(values, dict):
            bad.append(BadRow(f"{path}:{number}", "no json object"))
            continue
        keys = list(values)
        columns = find_columns(keys, table.column_names)
        said = {name: values[keys[place]] for name, place in columns.items()}
        plain = {name: str(value).strip() for name, value in said.items() if isinstance(value, str | int | float)}
        if _SOUND in plain:
            rows.append(TableRow(path, number, plain))
        else:
            bad.append(BadRow(f"{path}:{number}", f"no key for the sound file among {', '.join(keys)[:80]}"))
    return rows, bad
