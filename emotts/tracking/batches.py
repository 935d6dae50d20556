"""Entries of a spool in the portions that MLflow takes in one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from emotts.tracking.segment import Entry

__all__ = ["Batch", "batches"]

_MOST = {"metrics": 900, "params": 100, "tags": 100}
"""So many of them go into one call; MLflow takes at most 1,000 metrics, 100 parameters and 100 tags."""


@dataclass(frozen=True)
class Batch:
    """What goes to MLflow in one call.

    Attributes:
        kind: of its entries.
        items: of metrics (name, value, time in milliseconds, step), of parameters and tags (name, value); the content
            of one entry of any other kind.
        end: the position behind the last entry that is whole with this batch; None: the next batch goes on with it.
    """

    kind: str
    items: tuple[Any, ...]
    end: int | None

    def halves(self) -> tuple[Batch, Batch]:
        """Return it in two parts."""
        middle = len(self.items) // 2
        return replace(self, items=self.items[:middle], end=None), replace(self, items=self.items[middle:])


def batches(entries: Iterable[Entry]) -> Iterator[Batch]:
    """Yield entries in batches, in their order; neighbours of one kind go together as far as MLflow takes them."""
    waiting: Batch | None = None
    for entry in entries:
        for part in _parts(entry):
            together = 0 if waiting is None else len(waiting.items) + len(part.items)
            if waiting is not None and waiting.kind == part.kind and together <= _MOST.get(part.kind, 0):
                waiting = Batch(part.kind, waiting.items + part.items, part.end)
                continue
            if waiting is not None:
                yield waiting
            waiting = part
    if waiting is not None:
        yield waiting


def _parts(entry: Entry) -> Iterator[Batch]:
    """Yield an entry in parts that are not too large."""
    if entry.kind not in _MOST:
        yield Batch(entry.kind, (entry.content,), entry.end)
        return
    items, most = _items(entry), _MOST[entry.kind]
    for start in range(0, len(items), most):
        last = start + most >= len(items)
        yield Batch(entry.kind, items[start : start + most], entry.end if last else None)


def _items(entry: Entry) -> tuple[Any, ...]:
    values, content = entry.content["values"], entry.content
    if entry.kind == "metrics":
        return tuple((name, value, content["time_ms"], content["step"]) for name, value in values.items())
    return tuple(values.items())
