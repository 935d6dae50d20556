"""A function does one thing, and that fits on a screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from support.places import REPOSITORY

MOST_LINES = 40
CODE = sorted(path for name in ("emotts", "pipelines") for path in (REPOSITORY / name).rglob("*.py"))


def lengths(path: Path) -> Iterator[tuple[str, int]]:
    """Yield place and lines of every function of a file; the docstring counts, decorators do not."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            place = f"{path.relative_to(REPOSITORY)}:{node.lineno} {node.name}"
            yield place, node.end_lineno - node.lineno + 1


def test_no_function_is_too_long() -> None:
    found = dict(length for path in CODE for length in lengths(path))
    assert len(found) > 1000, "the code is not where it was"
    too_long = [f"{place}: {lines} lines" for place, lines in found.items() if lines > MOST_LINES]
    assert not too_long, "\n".join(too_long)
