"""The commands about runs that were tracked: compare, promote, reproduce."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emotts.errors import ConfigError

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["runs_app"]

runs_app = typer.Typer()
_WIDTH = 250


@runs_app.command()
def compare(
    runs: Annotated[
        list[str], typer.Argument(help="Two or more: a run's id, the beginning of it, its name, or @champion.")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Also write a page (html) where the runs' sentences play.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show curves, prosody and the figures of real speech too.")
    ] = False,
) -> None:
    """Show runs side by side: figures with the confidence of their differences, and what was changed."""
    from emotts import project
    from emotts.comparison import compare as comparing
    from emotts.comparison.page import write_page
    from emotts.comparison.tables import CONFIDENCE, comparison_tables

    if len(runs) < 2:
        raise ConfigError("one run cannot be compared", found=runs[0], wanted="two runs or more")
    root = project.find_root(Path())
    with tempfile.TemporaryDirectory(prefix="emotts-") as folder:
        results = comparing.read_results(root, runs, model=_registered_name(root), folder=Path(folder))
        comparison = comparing.compare_results(results, everything=everything)
        if output is not None:
            write_page(comparison, output)
    _show(comparison_tables(comparison))
    for remark in comparison.remarks:
        print(f"note: {remark}")
    print(CONFIDENCE if output is None else f"{CONFIDENCE}\n{output}: to listen, open it in a browser")


@runs_app.command()
def promote(
    run: Annotated[str, typer.Argument(help="A run's id, the beginning of it, or its name.")],
    by: Annotated[str, typer.Option(help="The figure that decides.")] = "emotion_accuracy.balanced",
    anyway: Annotated[bool, typer.Option("--anyway", help="Even if that figure is worse, or missing.")] = False,
) -> None:
    """Make a run's voice the champion (models:/NAME@champion), unless it is worse than the present one."""
    from emotts import project
    from emotts.comparison.compare import compare_results, read_results
    from emotts.comparison.promotion import plan_promotion
    from emotts.comparison.promotion import promote as move
    from emotts.comparison.tables import comparison_tables

    root = project.find_root(Path())
    model = _registered_name(root)
    plan = plan_promotion(root, run, model=model, by=by)
    if plan.champion_run is not None and plan.champion_run.run_id != plan.run.run_id:
        with tempfile.TemporaryDirectory(prefix="emotts-") as folder:
            names = (plan.champion_run.run_id, plan.run.run_id)
            comparison = compare_results(read_results(root, names, model=model, folder=Path(folder)))
        _show(comparison_tables(comparison))
        for remark in comparison.remarks:
            print(f"note: {remark}", flush=True)
    move(root, plan, anyway=anyway)
    before = "there was none" if plan.champion is None else f"before: version {plan.champion.version}"
    print(f"models:/{model}@champion is version {plan.version.version}, of {plan.run.title} ({before})")


@runs_app.command()
def reproduce(
    run: Annotated[str, typer.Argument(help="A run's id, the beginning of it, its name, or @champion.")],
    into: Annotated[
        Path | None, typer.Option(help="Check everything out into this new folder; left out: only say what is there.")
    ] = None,
) -> None:
    """Say whether the code, settings and data of a run can be had, and check them out into a folder of their own."""
    from emotts import project
    from emotts.reproduction.availability import MISSING, check_ingredients
    from emotts.reproduction.checkout import check_out, next_steps
    from emotts.reproduction.data_store import DataStore
    from emotts.reproduction.ingredients import read_ingredients
    from emotts.tracking.runs import find_run

    root = project.find_root(Path())
    ingredients = read_ingredients(root, find_run(root, run, model=_registered_name(root)))
    store = DataStore(root)
    items = check_ingredients(root, ingredients, store=store)
    print(ingredients.run.title)
    for item in items:
        print(f"  {item.line()}")
    if any(item.state == MISSING for item in items):
        print("it cannot be made again as long as something is MISSING")
        raise typer.Exit(1)
    if into is None:
        print(f"check it out with: emotts reproduce {ingredients.run.run_id[:8]} --into FOLDER")
        return
    place = check_out(root, ingredients, store=store, folder=into)
    print("checked out; make it again with")
    for line in next_steps(root, place):
        print(f"  {line}")


def _registered_name(root: Path) -> str:
    """Return the name that a project registers its voices under."""
    from emotts.config import load_params

    return load_params(root / "params.yaml").export.registered_name


def _show(tables: Iterable[Table]) -> None:
    """Print tables, as wide as they are where it is not on a terminal."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    for table in tables:
        console.print(table)
