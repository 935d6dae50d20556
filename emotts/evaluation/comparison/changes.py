"""The settings, data and code that differ between runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emotts.tracking.runs import Run

__all__ = ["Change", "data_changes", "setting_changes"]

_DATA = ("data.", "models.", "git.commit", "git.changes")


@dataclass(frozen=True)
class Change:
    """A key and its value in every run, None where a run lacks it."""

    key: str
    values: tuple[str | None, ...]


def setting_changes(runs: Sequence[Run]) -> list[Change]:
    """Return the settings that are not the same in all runs."""
    return _changes([run.params for run in runs])


def data_changes(runs: Sequence[Run]) -> list[Change]:
    """Return the hashes of data, classifier and code, and the digests of data sets, that differ between runs."""
    tables = []
    for run in runs:
        tags = {key: value for key, value in run.tags.items() if key.startswith(_DATA)}
        tables.append(tags | {f"dataset {name}": digest for name, digest in run.data.items()})
    return _changes(tables)


def _changes(tables: Sequence[Mapping[str, str]]) -> list[Change]:
    rows = [Change(key, tuple(table.get(key) for table in tables)) for key in sorted(set().union(*tables))]
    return [row for row in rows if len(set(row.values)) > 1]
