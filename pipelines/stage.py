"""What all stages share: settings, log, progress, and how an error or an interruption ends a stage."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from emotts.config import Params, load_params
from emotts.errors import EmottsError
from pipelines.interrupt import INTERRUPTED, interruptible

__all__ = ["ProgressReport", "progress_bar", "run_stage"]

ProgressReport = Callable[[int, int, str], None]
_CONSOLE = Console(stderr=True)
_REFUSALS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE}
)
"""What the system refuses for reasons that the user can do something about."""


def run_stage(name: str, main: Callable[[Params], None]) -> None:
    """Run one stage in the current folder and exit with 0, 1 (a stated problem) or 130 (interrupted)."""
    handler = RichHandler(console=_CONSOLE, show_path=False, show_level=False, log_time_format="%H:%M:%S")
    logging.basicConfig(level=logging.WARNING, format=f"{name}: %(message)s", handlers=[handler])
    logging.getLogger("emotts").setLevel(logging.INFO)
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        with interruptible():
            main(load_params(Path("params.yaml")))
    except (EmottsError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _REFUSALS:
            raise
        _CONSOLE.print(f"[bold red]{name} stopped.[/bold red]")
        _CONSOLE.print(str(_stated(error)), markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        _CONSOLE.print(f"[yellow]{name} interrupted; `dvc repro` goes on from here.[/yellow]")
        sys.exit(INTERRUPTED)


def _stated(error: EmottsError | OSError) -> EmottsError:
    """Return a refusal of the system as an error that says what to do."""
    if isinstance(error, EmottsError):
        return error
    return EmottsError(
        "the system refuses to read or write",
        where=error.filename,
        found=error.strerror,
        remedy="check the permissions and the free space, then run `dvc repro` again",
    )


@contextmanager
def progress_bar(title: str) -> Iterator[ProgressReport]:
    """Show a progress bar on the terminal; yields ``report(done, total, note)``."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=_CONSOLE) as bar:
        task = bar.add_task(title, total=None, note="")

        def report(done: int, total: int, note: str = "") -> None:
            bar.update(task, completed=done, total=total, note=note)

        yield report
