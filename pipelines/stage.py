"""The frame of every stage: settings, log, and how an error or an interruption ends it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.logging import RichHandler

from emotts.errors import EmottsError
from emotts.paths import PARAMS
from emotts.runtime import INTERRUPTED, end_with_parent
from emotts.settings import Params, load_params
from emotts.system_refusals import stated_refusal
from emotts.workflows.leftovers import remove_project_leftovers
from pipelines.interrupt import interruptible

__all__ = ["run_stage"]

_CONSOLE = Console(stderr=True)
_DVC_STAGE = "DVC_STAGE"
"""What DVC sets in the environment of a stage's command."""


def run_stage(name: str, main: Callable[[Params], None]) -> None:
    """Run one stage in the current folder and exit with 0, 1 (a stated problem) or 130 (interrupted).

    A stage that DVC started is interrupted when DVC is gone: nobody would take its result, and the next `dvc repro`
    starts the stage again.
    """
    handler = RichHandler(console=_CONSOLE, show_path=False, show_level=False, log_time_format="%H:%M:%S")
    logging.basicConfig(level=logging.WARNING, format=f"{name}: %(message)s", handlers=[handler])
    logging.getLogger("emotts").setLevel(logging.INFO)
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        with interruptible():
            if _DVC_STAGE in os.environ:
                end_with_parent(signal.SIGINT)
            params = load_params(PARAMS)
            remove_project_leftovers(Path())
            main(params)
    except (EmottsError, OSError) as error:
        stated = stated_refusal(error, again="`dvc repro`") if isinstance(error, OSError) else error
        if stated is None:
            raise
        _CONSOLE.print(f"[bold red]{name} stopped.[/bold red]")
        _CONSOLE.print(str(stated), markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        _CONSOLE.print(f"[yellow]{name} interrupted; `dvc repro` goes on from here.[/yellow]")
        sys.exit(INTERRUPTED)
