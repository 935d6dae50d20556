"""The commands that run several trainings: tune and ablate."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emotts.paths import find_root
from emotts.progress import progress_bar

if TYPE_CHECKING:
    from emotts.settings.yaml_editing import Change
    from emotts.workflows.tuning.study import Tuning

__all__ = ["studies_app"]

STORAGE_VARIABLE = "EMOTTS_STORAGE"
studies_app = typer.Typer()

Storage = Annotated[
    str | None,
    typer.Option(
        envvar=STORAGE_VARIABLE,
        help="postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///FILE; left out: optuna.db here.",
    ),
]


@studies_app.command()
def tune(
    study: Annotated[Path, typer.Argument(help="Such as experiments/lr-and-embedding.yaml.")],
    storage: Storage = None,
    worker: Annotated[
        bool, typer.Option("--worker", help="Only run trials, beside other processes; draw and write nothing.")
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Run no trials; write the best values so far into params.yaml.")
    ] = False,
    trial: Annotated[
        int | None, typer.Option(help="With --apply and several objectives: whose values to take.")
    ] = None,
) -> None:
    """Search for better settings, each trial a training of its own; or go on where a stopped study was."""
    from emotts.runtime import wait_briefly

    wait_briefly()
    from emotts.settings import load_study
    from emotts.settings.editing import apply_preset
    from emotts.workflows.tuning.study import Tuning

    logging.getLogger("emotts").setLevel(logging.INFO)
    root = find_root(Path())
    described = load_study(study.resolve(), root=root)
    with chdir(root):
        tuning = Tuning(described, root, url=storage)
        if apply:
            changes = apply_preset(root, tuning.write_results().file(trial))
            _show(changes, stages=tuning.readers([change.key for change in changes]))
            print(tuning.register_challenger())
            return
        again = _command(study, storage)
        _work(tuning, f"{again} --worker" if worker else again)
        if not worker:
            print("\n".join([*tuning.write_results().lines, "", f"take them over: {again} --apply"]), flush=True)
            print(tuning.register_challenger())


def _work(tuning: Tuning, command: str) -> None:
    """Run trials; say after Ctrl-C with which command the study goes on."""
    try:
        with progress_bar("reading", transient=True) as progress:
            tuning.work(progress=progress)
    except KeyboardInterrupt:
        print(f"the study waits; go on with: {command}", file=sys.stderr)
        raise


def _command(study: Path, storage: str | None) -> str:
    """Return the command that opens the same study again; an address from the environment is there again."""
    from emotts.addresses import shown_address

    command = f"emotts tune {shlex.quote(str(study))}"
    if storage is None or os.environ.get(STORAGE_VARIABLE) == storage:
        return command
    return f"{command} --storage {shlex.quote(shown_address(storage))}"


def _show(changes: Sequence[Change], *, stages: str) -> None:
    """Print the changed values, and the stages that they affect."""
    for change in changes:
        print(f"{change.key}: {change.before} -> {change.after}")
    print(f"{len(changes)} values of params.yaml changed" + (f"; `dvc repro` runs {stages} again" if stages else ""))


@studies_app.command()
def ablate(
    comparison: Annotated[Path, typer.Argument(help="Such as experiments/ablation.yaml.")],
) -> None:
    """Train and evaluate variants of the settings, and put their metrics into a table; or go on with it."""
    from emotts.runtime import wait_briefly

    wait_briefly()
    from emotts.settings import load_ablation
    from emotts.workflows.ablation import AblationRun

    logging.getLogger("emotts").setLevel(logging.INFO)
    root = find_root(Path())
    described = load_ablation(comparison.resolve(), root=root)
    with chdir(root), progress_bar("training", transient=True) as progress:
        table = AblationRun(described, root).run(progress=progress)
    print(table.read_text(encoding="utf-8"), end="")
    print(f"the table: {table}")
