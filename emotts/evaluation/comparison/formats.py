"""A comparison of runs as CSV, JSON or Markdown, for other programs and for reports."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from emotts.evaluation.comparison.changes import Change
from emotts.evaluation.comparison.compare import Comparison, MetricRow
from emotts.evaluation.comparison.differences import Difference
from emotts.evaluation.comparison.tables import difference_text, value_text

__all__ = ["as_csv", "as_json", "as_markdown"]

_COLUMNS = (
    *("metric", "runs", "value", "sd", "seeds"),
    *("difference", "low", "high", "seeds_low", "seeds_high", "outcome"),
)


def as_csv(comparison: Comparison) -> str:
    """Return one line a metric and group of runs; what does not exist is empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in comparison.metrics:
        writer.writerows(_csv_rows(row, comparison.titles))
    return stream.getvalue()


def _csv_rows(row: MetricRow, titles: Sequence[str]) -> Iterator[list[Any]]:
    for title, found, against in zip(titles, row.spreads, (None, *row.differences), strict=True):
        if found is not None:
            yield [row.name, title, found.mean, found.sd, found.count, *_compared(against)]


def _compared(found: Difference | None) -> tuple[Any, ...]:
    if found is None:
        return (None,) * 6
    return found.value, found.low, found.high, found.seeds_low, found.seeds_high, found.outcome


def as_json(comparison: Comparison) -> str:
    """Return everything: runs, metrics with spreads and differences, changed settings and data, remarks."""
    content = {
        "runs": [
            {"title": group.title, "run_ids": [each.run.run_id for each in group.results]}
            for group in comparison.groups
        ],
        "metrics": [dataclasses.asdict(row) for row in comparison.metrics],
        "settings": {change.key: change.values for change in comparison.settings},
        "data": {change.key: change.values for change in comparison.data},
        "remarks": comparison.remarks,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_markdown(comparison: Comparison) -> str:
    """Return the tables of the metrics, settings and data, and the remarks."""
    titles = [_cell(title) for title in comparison.titles]
    heads = ["metric", titles[0], *(text for title in titles[1:] for text in (title, "difference"))]
    lines = _table(heads, (_metric_cells(row) for row in comparison.metrics))
    for head, changes in (("setting", comparison.settings), ("data or code", comparison.data)):
        if changes:
            lines += ["", *_table([head, *titles], map(_change_cells, changes))]
    lines += ["", *(f"- {remark}" for remark in comparison.remarks)] if comparison.remarks else []
    return "\n".join(lines) + "\n"


def _metric_cells(row: MetricRow) -> list[str]:
    compared = zip(row.spreads[1:], row.differences, strict=True)
    others = [text for each, found in compared for text in (value_text(each), difference_text(found))]
    return [f"`{row.name}`", value_text(row.spreads[0]), *others]


def _change_cells(change: Change) -> list[str]:
    return [f"`{change.key}`", *("-" if value is None else _cell(value) for value in change.values)]


def _table(heads: Sequence[str], rows: Iterator[list[str]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return [*lines, *(f"| {' | '.join(cells)} |" for cells in rows)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
