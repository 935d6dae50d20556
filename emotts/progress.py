"""Reporting progress, and the one progress bar that shows it on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["Progress", "progress_bar"]


class Progress(Protocol):
    """Called now and then while something goes on."""

    def __call__(self, done: int, total: int, note: str, /) -> None:
        """Report ``done`` of ``total`` parts, and in ``note`` what is being done."""


@contextmanager
def progress_bar(title: str, *, transient: bool = False) -> Iterator[Progress]:
    """Show a progress bar on standard error, and yield what to report to.

    Args:
        title: stands in front of the bar.
        transient: remove the bar at the end, and show none at all where standard error is not a terminal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    hidden = transient and not sys.stderr.isatty()
    with Bar(*columns, console=Console(stderr=True), transient=transient, disable=hidden) as bar:
        task = bar.add_task(title, total=None, note="")

        def report(done: int, total: int, note: str, /) -> None:
            bar.update(task, completed=done, total=total, note=note)

        yield report
