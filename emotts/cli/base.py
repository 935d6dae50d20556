"""The commands about base voices: fetch and train."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from emotts.paths import find_root
from emotts.progress import progress_bar

__all__ = ["base_app"]

base_app = typer.Typer(help="Voices that a training can start from.", no_args_is_help=True)


@base_app.command(name="fetch")
def base_fetch(
    language: Annotated[str, typer.Argument(help="KR, JP or EN.")],
) -> None:
    """Download MeloTTS's published voice of a language into the hub's cache, or check what is there."""
    from emotts.checkpoint.melotts.published import fetch, published_voice

    voice = published_voice(language)
    folder = fetch(voice)
    print(f"{voice.name}: {voice.repository} at {voice.revision}")
    for name, digest in voice.sha256.items():
        print(f"  {folder}/{name}  sha256 {digest}")
    print(f"use it with `base: {voice.name}` in params.yaml (and experiments/presets/melotts.yaml)")


@base_app.command(name="train")
def base_train(
    recipe: Annotated[Path, typer.Argument(help="Such as experiments/base-compact-ko.yaml.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write the voice into; left out: models/base/NAME of the recipe.")
    ] = None,
    phase: Annotated[str | None, typer.Option(help="One phase of the recipe; left out: all, in order.")] = None,
) -> None:
    """Train a base voice by its recipe, or go on where a stopped training was."""
    from emotts.runtime import wait_briefly

    wait_briefly()
    from emotts.settings import load_recipe
    from emotts.workflows.base_voice import BaseTraining

    logging.getLogger("emotts").setLevel(logging.INFO)
    root = find_root(Path())
    training = BaseTraining(load_recipe(recipe, root=root), root, out)
    with progress_bar("reading", transient=True) as progress:
        written = training.run(phase, progress=progress)
    print(f"{training.folder}: written" if written else f"phase {phase} is done")
