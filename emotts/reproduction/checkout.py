"""Checking out what a run was made from into a folder of its own."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from emotts.corpus.rows import write_text
from emotts.errors import ConfigError
from emotts.reproduction.availability import named_paths
from emotts.reproduction.data_store import DataStore
from emotts.reproduction.ingredients import Ingredients
from emotts.tracking.git import ask_git
from emotts.tracking.store import store_uri

__all__ = ["check_out", "next_steps"]


def check_out(root: Path, ingredients: Ingredients, *, store: DataStore, folder: Path) -> Path:
    """Make a git worktree with a run's code, settings and data, on the project's DVC cache; return its project folder.

    What the cache and the remote lack is left out: ``dvc repro`` makes it.

    Args:
        root: the project.
        ingredients: of the run; its commit must be in the repository.
        store: the project's cache and remote.
        folder: the worktree to make; it must not exist, or be empty.

    Raises:
        ConfigError: if the folder is in use, or git or DVC refuses.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError("the folder is in use", where=folder, wanted="a new or an empty folder")
    commit = str(ingredients.commit)
    _run(["git", "-C", str(root), "worktree", "add", "--quiet", "--detach", str(folder.resolve()), commit])
    place = folder.resolve() / (ask_git(root, "rev-parse", "--show-prefix") or "").strip()
    if ingredients.changes:
        _run(["git", "-C", str(place), "apply", "--whitespace=nowarn", "-"], given=ingredients.changes)
    write_text(place / "params.yaml", ingredients.settings)
    lock = {"schema": "2.0", "stages": {name: dict(stage) for name, stage in ingredients.stages.items()}}
    importlib.import_module("dvc.utils.serialize").dump_yaml(str(place / "dvc.lock"), lock)
    _link_outside(root, place, ingredients)
    _share_store(place, store)
    there = [path for path, digest in ingredients.outs.items() if store.locate(digest).there]
    fetched = [path for path in there if store.locate(ingredients.outs[path]).remote]
    for command in (["fetch", *fetched] if fetched else [], ["checkout", "--force", *there] if there else []):
        if command:
            _run(_dvc("--cd", str(place), *command, "--quiet"))
    return place


def _link_outside(root: Path, place: Path, ingredients: Ingredients) -> None:
    """Link what the settings name inside the project and git does not keep, such as the recordings."""
    for path in named_paths(ingredients).values():
        inside = not path.is_absolute() and ".." not in path.parts
        if inside and (root / path).exists() and not (place / path).exists():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).symlink_to((root / path).resolve())


def _share_store(place: Path, store: DataStore) -> None:
    """Let the worktree use the project's cache, and its remote where that is a folder of this machine."""
    _run(_dvc("--cd", str(place), "config", "--local", "cache.dir", str(store.cache_folder)))
    if store.local_remote is not None:
        name, remote = store.local_remote
        _run(_dvc("--cd", str(place), "remote", "modify", "--local", name, "url", str(remote)))


def _dvc(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "dvc", *arguments]


def _run(command: Sequence[str], *, given: bytes | None = None) -> None:
    environment = {**os.environ, "DVC_NO_ANALYTICS": "1"}
    done = subprocess.run(command, input=given, capture_output=True, check=False, env=environment)
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", errors="replace").strip()
        raise ConfigError("checking out failed", where=" ".join(command), found=said)


def next_steps(root: Path, place: Path) -> list[str]:
    """Return what to type to make the run again, tracked beside the old one; and to be rid of the folder."""
    return [
        f"cd {place}",
        f"MLFLOW_TRACKING_URI={store_uri(root)} dvc repro",
        f"git -C {root} worktree remove --force {place}   # when you are done with it",
    ]
