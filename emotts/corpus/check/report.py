"""The parts of a data report: findings with place and remedy, tables, and their plain text."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from emotts.errors import EmottsError

__all__ = ["DataReport", "Finding", "Severity", "Table", "counted", "finding_of", "listed", "times"]

Severity = Literal["error", "warning", "note"]

_HEADINGS: tuple[tuple[Severity, str, str], ...] = (
    ("error", "Errors", "the pipeline would stop at each of these"),
    ("warning", "Warnings", "these cost data or quality"),
    ("note", "Notes", "good to know"),
)
_WIDTH = 110
_MAX_LISTED = 6


@dataclass(frozen=True)
class Finding:
    """One thing to know about the data.

    Attributes:
        severity: ``error`` where the pipeline would stop, ``warning`` where data or quality is lost, else ``note``.
        where: file, ``file:line``, or file and time.
        what: what is the matter, with the metrics.
        remedy: what to do about it; empty where nothing need be done.
    """

    severity: Severity
    where: str
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Table:
    """Metrics under a title; every row has as many cells as ``columns``."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> list[str]:
        """Return the table as text: the first column to the left, the others to the right."""
        grid = [self.columns, *self.rows]
        widths = [max(_width(row[place]) for row in grid) for place in range(len(self.columns))]
        text = [self.title]
        for row in grid:
            first, *others = (" " * (widths[place] - _width(cell)) for place, cell in enumerate(row))
            cells = [row[0] + first, *(pad + cell for pad, cell in zip(others, row[1:], strict=True))]
            text.append(("  " + "  ".join(cells)).rstrip())
        return text


@dataclass(frozen=True)
class DataReport:
    """All that was found, and the metrics behind it."""

    findings: tuple[Finding, ...]
    tables: tuple[Table, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether the pipeline would stop at this data."""
        return any(finding.severity == "error" for finding in self.findings)

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity, in their order."""
        return [finding for finding in self.findings if finding.severity == severity]

    def lines(self) -> list[str]:
        """Return the report as lines of text: tables, then errors, warnings and notes, then the counts."""
        text: list[str] = []
        for table in self.tables:
            text += [*table.lines(), ""]
        for severity, heading, meaning in _HEADINGS:
            found = self.of(severity)
            if found:
                text.append(f"{heading} ({len(found)}): {meaning}")
                for finding in found:
                    text += _finding_lines(finding)
                text.append("")
        counts = Counter(finding.severity for finding in self.findings)
        text.append(", ".join(counted(counts[severity], severity) for severity, _, _ in _HEADINGS))
        return text


def finding_of(error: EmottsError, *, where: str = "", severity: Severity = "error") -> Finding:
    """Return an error of the library as a finding; ``where`` is used where the error names no place."""
    what = error.what
    for name, value in (("found", error.found), ("wanted", error.wanted)):
        if value is not None:
            what += f"; {name}: {value}"
    return Finding(severity, error.where or where, what, error.remedy or "")


def counted(number: int, name: str) -> str:
    """Return a number with its noun: ``1 piece``, ``2 pieces``."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def listed(places: Iterable[object], *, most: int = _MAX_LISTED) -> str:
    """Return places as one text; of many, the first ones and the number of the others."""
    shown = [str(place) for place in places]
    if len(shown) <= most:
        return ", ".join(shown)
    return f"{', '.join(shown[:most])} and {len(shown) - most} more"


def times(spans: Iterable[tuple[float, float]]) -> str:
    """Return stretches of time, in seconds, as one text."""
    return listed(f"{start_s:.1f}-{end_s:.1f} s" for start_s, end_s in spans)


def _finding_lines(finding: Finding) -> Sequence[str]:
    def wrapped(text: str, first: str, rest: str) -> list[str]:
        return textwrap.wrap(
            text,
            _WIDTH,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )

    lines = [f"  {finding.where}", *wrapped(finding.what, "      ", "      ")]
    if finding.remedy:
        lines += wrapped(finding.remedy, "      to do: ", "             ")
    return lines


def _width(text: str) -> int:
    """Return the columns that a text takes on a terminal: two for each East Asian character."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
