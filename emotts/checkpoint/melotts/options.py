"""Typed access to the options of MeloTTS's ``config.json``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from emotts.errors import CheckpointError

__all__ = ["Options"]

Value = TypeVar("Value", int, float, bool, str)


class Options:
    """Typed access to a section (``model.``, ``data.``, or the whole: no prefix) that remembers what was read."""

    def __init__(self, values: Mapping[str, Any], *, prefix: str, where: Path) -> None:
        self.values = values
        self.prefix = prefix
        self.where = where
        self.read: set[str] = set()

    def get(self, name: str, kind: type[Value], default: Value | None = None) -> Value:
        """Return an option; without a default it must be there."""
        self.read.add(name)
        value = self.values.get(name, default)
        if kind is float and type(value) is int:
            return kind(value)
        if type(value) is not kind:
            raise self._unusable(name, value, wanted=kind.__name__)
        return value

    def count(self, name: str, default: int | None = None, *, least: int = 1) -> int:
        """Return a whole number that is at least ``least``; without a default it must be there."""
        value = self.get(name, int, default)
        if value < least:
            raise self._unusable(name, value, wanted=f"at least {least}")
        return value

    def counts(self, name: str) -> tuple[int, ...]:
        """Return an option that is a list of positive whole numbers."""
        self.read.add(name)
        value = self.values.get(name)
        if not _are_counts(value):
            raise self._unusable(name, value, wanted="a list of positive whole numbers")
        return tuple(value)

    def count_lists(self, name: str) -> tuple[tuple[int, ...], ...]:
        """Return an option that is a list of lists of positive whole numbers."""
        self.read.add(name)
        value = self.values.get(name)
        if not isinstance(value, list) or not all(_are_counts(entry) for entry in value):
            raise self._unusable(name, value, wanted="lists of positive whole numbers")
        return tuple(tuple(entry) for entry in value)

    def _unusable(self, name: str, value: object, *, wanted: str) -> CheckpointError:
        return CheckpointError(
            f"option {self.prefix}{name} cannot be used", where=self.where, found=repr(value), wanted=wanted
        )


def _are_counts(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(entry) is int and entry > 0 for entry in value)
