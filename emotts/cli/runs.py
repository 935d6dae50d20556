"""The commands about tracked runs: compare, promote and reproduce."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emotts.errors import ConfigError
from emotts.paths import PARAMS, find_root

if TYPE_CHECKING:
    from rich.table import Table

    from emotts.evaluation.comparison.compare import Comparison

__all__ = ["runs_app"]

runs_app = typer.Typer()
_WIDTH = 250


@runs_app.command()
def compare(
    runs: Annotated[
        list[str],
        typer.Argument(
            help="Two or more: a run's id, the beginning of it, its name, or an alias (@champion, @challenger). "
            "'vs' between them makes groups of runs that differ in the seed: A1 A2 A3 vs B1 B2 B3."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Also write a page (html) where the runs' sentences play.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show curves, prosody and the metrics of reference speech too.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the metrics as CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    as_md: Annotated[bool, typer.Option("--md", help="Print the tables in Markdown.")] = False,
) -> None:
    """Show runs side by side: metrics with the confidence of their differences, and what was changed."""
    from emotts.evaluation.comparison import compare as comparing
    from emotts.evaluation.comparison.page import write_page
    from emotts.settings.former_names import former_keys

    chosen = [name for name, wanted in (("csv", as_csv), ("json", as_json), ("md", as_md)) if wanted]
    if len(chosen) > 1:
        raise ConfigError("one format at a time", found=" ".join(f"--{name}" for name in chosen))
    groups = comparing.grouped(runs)
    root = find_root(Path())
    names = [name for group in groups for name in group]
    with tempfile.TemporaryDirectory(prefix="emotts-") as folder:
        results = comparing.read_results(
            root, names, model=_registered_name(root), folder=Path(folder), former_keys=former_keys()
        )
        parts = iter(results)
        comparison = comparing.compare_groups(
            [comparing.RunGroup(tuple(next(parts) for _ in group)) for group in groups], everything=everything
        )
        if output is not None:
            write_page(comparison, output)
    _print(comparison, chosen[0] if chosen else None, output=output)


def _print(comparison: Comparison, format_: str | None, *, output: Path | None) -> None:
    """Print a comparison in a format, or as tables; ``output`` is the page that was written."""
    from emotts.evaluation.comparison import formats
    from emotts.evaluation.comparison.tables import CONFIDENCE, comparison_tables

    if format_ is not None:
        write = {"csv": formats.as_csv, "json": formats.as_json, "md": formats.as_markdown}[format_]
        sys.stdout.write(write(comparison))
        return
    _show(comparison_tables(comparison))
    for remark in comparison.remarks:
        print(f"note: {remark}")
    print(CONFIDENCE if output is None else f"{CONFIDENCE}\n{output}: to listen, open it in a browser")


@runs_app.command()
def promote(
    run: Annotated[str, typer.Argument(help="A run's id, the beginning of it, or its name.")],
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Even if a metric is surely worse, or nothing known.")
    ] = False,
) -> None:
    """Make a run's voice the champion (models:/NAME@champion), unless a headline metric is surely worse."""
    from emotts.evaluation.comparison.tables import comparison_tables
    from emotts.workflows.promotion import plan_promotion
    from emotts.workflows.promotion import promote as move

    root = find_root(Path())
    model = _registered_name(root)
    plan = plan_promotion(root, run, model=model)
    if plan.comparison is not None:
        _show(comparison_tables(plan.comparison))
        for remark in plan.comparison.remarks:
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
    """Say whether the code, settings and data of a run are available, and check them out into a folder of their own."""
    from emotts.tracking.dvc_store import DataStore
    from emotts.tracking.provenance import read_provenance
    from emotts.tracking.runs import find_run
    from emotts.workflows.reproduction import MISSING, check_out, check_provenance, next_steps

    root = find_root(Path())
    provenance = read_provenance(root, find_run(root, run, model=_registered_name(root)))
    store = DataStore(root)
    items = check_provenance(root, provenance, store=store)
    print(provenance.run.title)
    for item in items:
        print(f"  {item.line()}")
    if any(item.state == MISSING for item in items):
        print("it cannot be made again as long as something is MISSING")
        raise typer.Exit(1)
    if into is None:
        print(f"check it out with: emotts reproduce {provenance.run.run_id[:8]} --into FOLDER")
        return
    place = check_out(root, provenance, store=store, folder=into)
    print("checked out; make it again with")
    for line in next_steps(root, place):
        print(f"  {line}")


def _registered_name(root: Path) -> str:
    """Return the name that a project registers its voices under."""
    from emotts.settings import load_params

    return load_params(root / PARAMS).export.registered_name


def _show(tables: Iterable[Table]) -> None:
    """Print tables, as wide as they are where it is not on a terminal."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    for table in tables:
        console.print(table)
