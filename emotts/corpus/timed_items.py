"""Corpus items whose phones have known durations: ``durations.jsonl`` of a rendered corpus."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts.corpus.lists import CorpusItem
from emotts.errors import CorpusError
from emotts.files import write_text

__all__ = ["DURATIONS_FILE", "TimedItem", "read_timed_items", "write_timed_items"]

DURATIONS_FILE = "durations.jsonl"

_ITEM_FIELDS = tuple(field.name for field in dataclasses.fields(CorpusItem))
_LIST_FIELDS = ("phones", "tones", "word2ph")
_FIELDS = (*_ITEM_FIELDS, "durations_s")


@dataclass(frozen=True)
class TimedItem:
    """A row of a corpus list, and how long each of its phones lasts; together the durations are the whole clip."""

    item: CorpusItem
    durations_s: tuple[float, ...]


def write_timed_items(path: Path, items: Iterable[TimedItem]) -> None:
    """Write items as JSON Lines, whole or not at all.

    Raises:
        CorpusError: naming the row's wav, if there is not one positive duration a phone, or counts do not match.
    """
    rows = []
    for timed in items:
        _check(timed, where=f"{path}: row of {timed.item.wav}")
        rows.append({**dataclasses.asdict(timed.item), "durations_s": [round(value, 6) for value in timed.durations_s]})
    write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def read_timed_items(path: Path) -> list[TimedItem]:
    """Read what :func:`write_timed_items` wrote.

    Raises:
        CorpusError: naming file and line, if the file is missing, a line is not such a row, or counts do not match.
    """
    if not path.is_file():
        raise CorpusError("file is missing", where=path, remedy="render the corpus, or train without known durations")
    items = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path}:{number}"
        timed = _timed_item(_row(line, where=where))
        _check(timed, where=where)
        items.append(timed)
    return items


def _row(line: str, *, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError("line is not JSON", where=where, found=f"{line[:80]!r} ({error})") from error
    if not isinstance(row, dict) or set(row) != set(_FIELDS):
        raise CorpusError(
            "line is not a row of durations", where=where, found=repr(line[:80]), wanted=f"keys {', '.join(_FIELDS)}"
        )
    return row


def _timed_item(row: Mapping[str, Any]) -> TimedItem:
    values: dict[str, Any] = {name: tuple(row[name]) if name in _LIST_FIELDS else row[name] for name in _ITEM_FIELDS}
    return TimedItem(CorpusItem(**values), tuple(row["durations_s"]))


def _check(timed: TimedItem, *, where: str) -> None:
    counts = (len(timed.item.phones), len(timed.item.tones), sum(timed.item.word2ph), len(timed.durations_s))
    if len(set(counts)) != 1:
        raise CorpusError(
            "counts do not match",
            where=where,
            found="{} phones, {} tones, word2ph adds up to {}, {} durations".format(*counts),
            wanted="four equal numbers",
        )
    wrong = next((value for value in timed.durations_s if not (math.isfinite(value) and value > 0)), None)
    if wrong is not None:
        raise CorpusError("a duration is not a time", where=where, found=f"{wrong} s", wanted="more than 0 s")
