"""A comparison of runs as tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from emotts.evaluation.comparison.changes import Change
from emotts.evaluation.comparison.compare import Comparison
from emotts.evaluation.comparison.differences import Difference
from emotts.evaluation.comparison.seeds import Spread

__all__ = ["CONFIDENCE", "comparison_tables", "difference_text", "number_text", "value_text"]

CONFIDENCE = (
    "Differences are to the first run. In brackets: the 95 % interval that the spoken clips give (Newcombe's for "
    "accuracies, paired where both runs spoke the same sentences; bootstrap for probabilities, cer and mcd_db). "
    "'unsure' means that it holds 0. What is not measured clip by clip has no interval. It is the clips of these "
    "voices that vary, not the training: two seeds of one setting may differ by more. Between groups of several seeds, "
    "'seeds' is followed by the 95 % interval of Welch's t over them, and a clip counts once, however many spoke it."
)
_STYLES = {"better": "green", "worse": "red"}


def comparison_tables(comparison: Comparison) -> list[Table]:
    """Return tables of the metrics and of what was changed; those without a row are left out."""
    names = [escape(title) for title in comparison.titles]
    changed = (("what was set otherwise", comparison.settings), ("other data or code", comparison.data))
    tables = [_metrics(comparison, names), *(_changes(title, rows, names) for title, rows in changed)]
    return [table for table in tables if table.row_count]


def _metrics(comparison: Comparison, names: Sequence[str]) -> Table:
    table = Table("metric", title="metrics", title_justify="left")
    table.add_column(names[0], justify="right")
    for name in names[1:]:
        table.add_column(name, justify="right")
        table.add_column("difference")
    for row in comparison.metrics:
        cells = [value_text(row.spreads[0])]
        for each, found in zip(row.spreads[1:], row.differences, strict=True):
            cells += [value_text(each), _styled(found)]
        table.add_row(row.name, *cells)
    return table


def _changes(title: str, rows: Sequence[Change], names: Sequence[str]) -> Table:
    table = Table("", *names, title=title, title_justify="left")
    for row in rows:
        table.add_row(escape(row.key), *("-" if value is None else escape(value) for value in row.values))
    return table


def _styled(found: Difference | None) -> str:
    text = escape(difference_text(found))
    style = None if found is None else _STYLES.get(found.outcome)
    return text if style is None else f"[{style}]{text}[/{style}]"


def value_text(found: Spread | None) -> str:
    """Return a metric of a group as it is shown: of several seeds, mean, standard deviation and their number."""
    if found is None or found.sd is None:
        return number_text(None if found is None else found.mean)
    return f"{number_text(found.mean)} ± {number_text(found.sd)} ({found.count} seeds)"


def number_text(value: float | None) -> str:
    """Return a metric as it is shown, ``-`` where there is none."""
    return "-" if value is None else f"{value:.3f}" if abs(value) < 1e5 else f"{value:.4g}"


def difference_text(found: Difference | None) -> str:
    """Return a difference as it is shown: value, interval over clips, interval over seeds, outcome."""
    if found is None:
        return ""
    clips = "" if found.low is None else f" [{found.low:+.3f}, {found.high:+.3f}]"
    seeds = "" if found.seeds_low is None else f" seeds [{found.seeds_low:+.3f}, {found.seeds_high:+.3f}]"
    return f"{found.value:+.3f}{clips}{seeds} {found.outcome}".rstrip()
