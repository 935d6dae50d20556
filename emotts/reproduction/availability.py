"""Whether what a run was made from can still be had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from emotts.config import BASES, flatten
from emotts.reproduction.data_store import DataStore
from emotts.reproduction.ingredients import Ingredients
from emotts.tracking.git import ask_git

__all__ = ["AGAIN", "HERE", "MISSING", "SPARED", "Item", "check_ingredients", "named_paths"]

HERE, AGAIN, SPARED, MISSING = "here", "computed again", "not needed", "MISSING"
RAW = "data/raw"
SOURCE = "recording.source"
PATHS = (SOURCE, "base", "evaluate.sentences", "text.bert_folder", "train.replay_corpus")
"""The settings that name files or folders."""


@dataclass(frozen=True)
class Item:
    """One thing that a run was made from.

    Attributes:
        state: ``here``; ``computed again`` (not here, but ``dvc repro`` makes it from what is); ``not needed``;
            ``MISSING``.
        note: where it is, or what to do.
    """

    name: str
    state: str
    note: str

    def line(self) -> str:
        """Return the item as a line of text."""
        return f"{self.state:<16}{self.name}: {self.note}"


def check_ingredients(root: Path, ingredients: Ingredients, *, store: DataStore) -> list[Item]:
    """Say of everything that a run was made from whether it can be had."""
    items = [_code(root, ingredients), Item("params.yaml", HERE, "kept in the run")]
    if ingredients.changes:
        count = len([line for line in ingredients.changes.splitlines() if line.startswith(b"diff --git ")])
        items.append(Item("changes beside the commit", HERE, f"in {count} files, kept in the run as a patch"))
    raw = ingredients.outs.get(RAW)
    raw_there = raw is not None and store.locate(raw).there
    named = [_named(root, ingredients, key, value, raw_there) for key, value in named_paths(ingredients).items()]
    source_there = all(item.state == HERE for item in named if item.name == SOURCE)
    return [*items, *named, *_outs(ingredients, store=store, source_there=source_there)]


def _code(root: Path, ingredients: Ingredients) -> Item:
    commit = ingredients.commit
    if commit is None:
        return Item("code", MISSING, "the project was not under git when the run was made")
    if ask_git(root, "cat-file", "-e", f"{commit}^{{commit}}") is None:
        return Item("code", MISSING, f"commit {commit} is not in this repository; fetch it: git fetch --all")
    return Item("code", HERE, f"commit {commit[:12]}")


def named_paths(ingredients: Ingredients) -> dict[str, Path]:
    """Return the files and folders that a run's settings name, by the setting's key."""
    settings = flatten(yaml.safe_load(ingredients.settings))
    named = {key: settings.get(key) for key in PATHS}
    return {key: Path(value) for key, value in named.items() if isinstance(value, str) and value not in BASES}


def _named(root: Path, ingredients: Ingredients, key: str, path: Path, raw_there: bool) -> Item:
    """Say whether a file or folder that the settings name is in the commit or on this machine."""
    if not path.is_absolute() and ask_git(root, "cat-file", "-e", f"{ingredients.commit}:./{path}") is not None:
        return Item(key, HERE, f"{path} in the commit")
    if (root / path).exists():
        return Item(key, HERE, f"{path} as it is now on this machine; git does not keep it")
    if key == SOURCE and raw_there:
        return Item(
            key, SPARED, f"{path} has gone, but {RAW} holds a copy: start with `dvc repro --downstream segment`"
        )
    return Item(key, MISSING, f"{path} is neither in the commit nor on this machine; put it there")


def _outs(ingredients: Ingredients, *, store: DataStore, source_there: bool) -> list[Item]:
    """Say of what the stages wrote whether the cache or the remote has it, or ``dvc repro`` can make it again."""
    found = {path: store.locate(digest) for path, digest in sorted(ingredients.outs.items())}
    begun = source_there or (RAW in found and found[RAW].there)
    items = [] if RAW in found else [Item(RAW, AGAIN if begun else MISSING, "the run does not name its hash")]
    for path, where in found.items():
        note = f"{where} ({ingredients.outs[path][:8]})"
        if not where.there and not begun:
            note += "; where another machine has it: `dvc push` there, `dvc fetch` here"
        items.append(Item(path, HERE if where.there else AGAIN if begun else MISSING, note))
    return items
