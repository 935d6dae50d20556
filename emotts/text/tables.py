"""Tables of the front ends: tsv files beside the code, one entry a line, the first line naming the columns."""

from __future__ import annotations

from importlib.resources import files

__all__ = ["read_pairs", "read_table"]


def read_table(package: str, name: str) -> list[list[str]]:
    """Return the rows of ``data/name`` in a package without its first line and its comments (``# ...``)."""
    text = files(package).joinpath("data", name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("# ")]
    return [line.split("\t") for line in lines[1:]]


def read_pairs(package: str, name: str) -> dict[str, str]:
    """Return a table of two columns: what is written, and its form."""
    return {row[0]: row[1] for row in read_table(package, name)}
