"""A comparison on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from emotts.comparison.changes import Change
from emotts.comparison.compare import Comparison
from emotts.comparison.differences import Difference

__all__ = ["CONFIDENCE", "comparison_tables", "difference_text", "number_text"]

CONFIDENCE = (
    "Differences are to the first run. In brackets: the 95 % interval that the spoken clips give (Newcombe's for "
    "accuracies, paired where both runs spoke the same sentences; bootstrap for probabilities, cer and mcd_db). "
    "'unsure' means that it holds 0. What is not measured clip by clip has no interval. It is the clips of these "
    "voices that vary, not the training: two seeds of one setting may differ by more."
)
_STYLES = {"better": "green", "worse": "red"}


def comparison_tables(comparison: Comparison) -> list[Table]:
    """Return tables of the figures and of what was changed; those without a row are left out."""
    names = [escape(results.run.title) for results in comparison.results]
    changed = (("what was set otherwise", comparison.settings), ("other data or code", comparison.data))
    tables = [_figures(comparison, names), *(_changes(title, rows, names) for title, rows in changed)]
    return [table for table in tables if table.row_count]


def _figures(comparison: Comparison, names: Sequence[str]) -> Table:
    table = Table("figure", title="figures", title_justify="left")
    table.add_column(names[0], justify="right")
    for name in names[1:]:
        table.add_column(name, justify="right")
        table.add_column("difference")
    for row in comparison.figures:
        cells = [number_text(row.values[0])]
        for value, found in zip(row.values[1:], row.differences, strict=True):
            cells += [number_text(value), _styled(found)]
        table.add_row(row.name, *cells)
    return table


def _changes(title: str, rows: Sequence[Change], names: Sequence[str]) -> Table:
    table = Table("", *names, title=title, title_justify="left")
    for row in rows:
        table.add_row(escape(row.key), *("-" if value is None else escape(value) for value in row.values))
    return table


def _styled(found: Difference | None) -> str:
    text = escape(difference_text(found))
    style = None if found is None else _STYLES.get(found.verdict)
    return text if style is None else f"[{style}]{text}[/{style}]"


def number_text(value: float | None) -> str:
    """Return a figure as it is shown, ``-`` where there is none."""
    return "-" if value is None else f"{value:.3f}" if abs(value) < 1e5 else f"{value:.4g}"


def difference_text(found: Difference | None) -> str:
    """Return a difference as it is shown: value, interval, verdict."""
    if found is None:
        return ""
    interval = "" if found.low is None else f" [{found.low:+.3f}, {found.high:+.3f}]"
    return f"{found.value:+.3f}{interval} {found.verdict}".rstrip()
