"""The command about what people bring: import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from emotts.errors import ConfigError
from emotts.paths import find_root

__all__ = ["sources_app"]

sources_app = typer.Typer()


@sources_app.command(name="import")
def import_source(
    source: Annotated[Path, typer.Argument(help="A recording, a folder of recordings, or a corpus in any layout.")],
    layout: Annotated[
        str | None,
        typer.Option(help="Name of a layout (csv, esd ...), or your own yaml file; left out: what fits."),
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="MEANING=COLUMN of your table, such as text=sentence; may be repeated.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language spoken: KR, JP or EN; left out: as found.")] = None,
    speaker: Annotated[str | None, typer.Option(help="The speaker to take, or his or her name.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write it into params.yaml without asking.")] = False,
) -> None:
    """Show what is understood of recordings, before anything is computed, and write it into params.yaml."""
    from emotts.settings.editing import set_source
    from emotts.workflows.importing import named_layout, understand

    root = find_root(Path())
    wanted = named_layout(layout, _columns(column or []))
    understood = understand(root, source, layout=wanted, language=language, speaker=speaker)
    for line in understood.lines():
        print(line)
    print(f"  params.yaml: project.language {understood.language}, recording.speaker {understood.speaker}")
    if understood.problems:
        print(f"nothing is written: mend the {len(understood.problems)} text files named above, then try again")
        raise typer.Exit(1)
    if not (yes or layout is not None or _agreed()):
        print("nothing is written")
        return
    set_source(
        root, recording=source, language=understood.language, speaker=understood.speaker, layout=understood.layout
    )
    print("written into params.yaml; go on with `emotts check` and `emotts run`")


def _columns(options: list[str]) -> dict[str, str]:
    pairs = [option.partition("=") for option in options]
    bad = next((option for option, pair in zip(options, pairs, strict=True) if not (pair[0] and pair[2])), None)
    if bad is not None:
        raise ConfigError("column cannot be read", found=repr(bad), wanted="MEANING=COLUMN, such as text=sentence")
    return {meaning: column for meaning, _, column in pairs}


def _agreed() -> bool:
    """Ask whether it is right; a program that runs without a terminal must say --yes."""
    if not sys.stdin.isatty():
        raise ConfigError(
            "nobody is there to ask", wanted="--yes, or the layout's name with --layout", remedy="add --yes to write it"
        )
    return typer.confirm("Is that right? It is written into params.yaml", default=True)
