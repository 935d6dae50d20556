"""Tables in Markdown, and how numbers are written in them."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["MISSING", "number", "percent", "table"]

MISSING = "–"
"""What stands for a metric that does not exist."""


def percent(value: float | None) -> str:
    """Return a fraction as whole percent."""
    return MISSING if value is None else f"{value:.0%}"


def number(value: float | None) -> str:
    """Return a value with one decimal, from 100 on without."""
    if value is None:
        return MISSING
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as a Markdown table; the first is its head."""
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])
