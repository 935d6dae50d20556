"""The rows of a layout's tables, each given to the sound that it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from emotts.corpus.sources.layout import Table
from emotts.corpus.sources.pattern import Pattern
from emotts.corpus.sources.sound_index import SoundIndex
from emotts.corpus.sources.table import TableRow, read_rows_of
from emotts.corpus.sources.walk import PassedOver, Walked
from emotts.errors import CorpusError

__all__ = ["Listed", "read_listed"]


@dataclass(frozen=True)
class Listed:
    """The rows of each sound, the rows that belong to none, the tables read, and why other files are no tables."""

    rows: Mapping[Path, list[TableRow]]
    rejected: tuple[PassedOver, ...]
    tables: tuple[Path, ...]
    failed: tuple[tuple[Path, CorpusError], ...]


def read_listed(walked: Walked, table: Table, *, keys: Callable[[], Mapping[Path, str]]) -> Listed:
    """Read all tables of a source that a layout knows.

    Args:
        walked: the files of the source.
        table: the layout's table.
        keys: returns the names of the sounds that the table's column holds, where the layout composes them.
    """
    pattern = Pattern(table.file)
    rows: dict[Path, list[TableRow]] = defaultdict(list)
    rejected: list[PassedOver] = []
    tables, failed = [], []
    index: SoundIndex | None = None
    for path in walked.others:
        place = walked.places[path]
        parts = None if path.name in table.besides else pattern.match(place)
        if parts is None:
            continue
        try:
            found, bad = read_rows_of(path, table)
        except CorpusError as error:
            failed.append((path, error))
            continue
        tables.append(path)
        index = index or SoundIndex(walked, keys())
        rejected += [PassedOver(each.where, "row cannot be read", each.reason) for each in bad]
        folder = PurePosixPath(place).parent.as_posix()
        for row in found:
            named = row.values["file"]
            sounds = index.find(named, folder=folder)
            if len(sounds) == 1:
                rows[sounds[0]].append(TableRow(row.path, row.line, {**parts, **row.values}))
            else:
                rejected.append(_unplaced(row, named, sounds))
    return Listed(rows, tuple(rejected), tuple(tables), tuple(failed))


def _unplaced(row: TableRow, named: str, sounds: list[Path]) -> PassedOver:
    if sounds:
        shown = ", ".join(str(path) for path in sounds[:3])
        return PassedOver(row.where, "row names several sound files", f"{named[:80]!r}: {shown}")
    return PassedOver(row.where, "row names no sound file of the source", repr(named[:80]))
