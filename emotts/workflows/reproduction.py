"""Reproducing a run: checking whether its code, settings and data are available, and checking them out."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emotts.errors import ConfigError
from emotts.files import write_text
from emotts.tracking.dvc_store import DataStore
from emotts.tracking.git import ask_git
from emotts.tracking.provenance import SOURCE, Provenance
from emotts.tracking.store import VARIABLE, is_own_store, store_uri

__all__ = ["AGAIN", "HERE", "MISSING", "NOT_NEEDED", "Item", "check_out", "check_provenance", "next_steps"]

HERE, AGAIN, NOT_NEEDED, MISSING = "here", "computed again", "not needed", "MISSING"
_RAW = "data/raw"


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


def check_provenance(root: Path, provenance: Provenance, *, store: DataStore) -> list[Item]:
    """Return whether everything that a run was made from is available."""
    items = [_code(root, provenance), Item("params.yaml", HERE, "kept in the run")]
    if provenance.changes:
        count = len([line for line in provenance.changes.splitlines() if line.startswith(b"diff --git ")])
        items.append(Item("changes beside the commit", HERE, f"in {count} files, kept in the run as a patch"))
    raw = provenance.outs.get(_RAW)
    raw_available = raw is not None and store.locate(raw).available
    named = [_named(root, provenance, key, value, raw_available) for key, value in provenance.named_paths.items()]
    source_there = all(item.state == HERE for item in named if item.name == SOURCE)
    return [*items, *named, *_outs(provenance, store=store, source_there=source_there)]


def _code(root: Path, provenance: Provenance) -> Item:
    commit = provenance.commit
    if commit is None:
        return Item("code", MISSING, "the project was not under git when the run was made")
    if ask_git(root, "cat-file", "-e", f"{commit}^{{commit}}") is None:
        return Item("code", MISSING, f"commit {commit} is not in this repository; fetch it: git fetch --all")
    return Item("code", HERE, f"commit {commit[:12]}")


def _named(root: Path, provenance: Provenance, key: str, path: Path, raw_available: bool) -> Item:
    """Return whether a file or folder that the settings name is in the commit or on this machine."""
    if not path.is_absolute() and ask_git(root, "cat-file", "-e", f"{provenance.commit}:./{path}") is not None:
        return Item(key, HERE, f"{path} in the commit")
    if (root / path).exists():
        return Item(key, HERE, f"{path} as it is now on this machine; git does not keep it")
    if key == SOURCE and raw_available:
        return Item(
            key, NOT_NEEDED, f"{path} has gone, but {_RAW} holds a copy: start with `dvc repro --downstream segment`"
        )
    return Item(key, MISSING, f"{path} is neither in the commit nor on this machine; put it there")


def _outs(provenance: Provenance, *, store: DataStore, source_there: bool) -> list[Item]:
    """Return whether the cache or the remote has what the stages wrote, or ``dvc repro`` can make it again."""
    found = {path: store.locate(digest) for path, digest in sorted(provenance.outs.items())}
    begun = source_there or (_RAW in found and found[_RAW].available)
    items = [] if _RAW in found else [Item(_RAW, AGAIN if begun else MISSING, "the run does not name its hash")]
    for path, where in found.items():
        note = f"{where} ({provenance.outs[path][:8]})"
        if not where.available and not begun:
            note += "; where another machine has it: `dvc push` there, `dvc fetch` here"
        items.append(Item(path, HERE if where.available else AGAIN if begun else MISSING, note))
    return items


def check_out(root: Path, provenance: Provenance, *, store: DataStore, folder: Path) -> Path:
    """Make a git worktree with a run's code, settings and data, on the project's DVC cache; return its project folder.

    What the cache and the remote lack is left out: ``dvc repro`` makes it.

    Args:
        root: the project.
        provenance: of the run; its commit must be in the repository.
        store: the project's cache and remote.
        folder: the worktree to make; it must not exist, or be empty.

    Raises:
        ConfigError: if the folder is in use, or git or DVC refuses.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError("the folder is in use", where=folder, wanted="a new or an empty folder")
    commit = str(provenance.commit)
    _run(["git", "-C", str(root), "worktree", "add", "--quiet", "--detach", str(folder.resolve()), commit])
    place = folder.resolve() / (ask_git(root, "rev-parse", "--show-prefix") or "").strip()
    if provenance.changes:
        _run(["git", "-C", str(place), "apply", "--whitespace=nowarn", "-"], given=provenance.changes)
    write_text(place / "params.yaml", provenance.settings)
    lock = {"schema": "2.0", "stages": {name: dict(stage) for name, stage in provenance.stages.items()}}
    importlib.import_module("dvc.utils.serialize").dump_yaml(str(place / "dvc.lock"), lock)
    _link_outside(root, place, provenance)
    _share_store(place, store)
    there = [path for path, digest in provenance.outs.items() if store.locate(digest).available]
    fetched = [path for path in there if store.locate(provenance.outs[path]).remote]
    for command in (["fetch", *fetched] if fetched else [], ["checkout", "--force", *there] if there else []):
        if command:
            _run(_dvc("--cd", str(place), *command, "--quiet"))
    return place


def _link_outside(root: Path, place: Path, provenance: Provenance) -> None:
    """Link what the settings name inside the project and git does not keep, such as the recordings."""
    for path in provenance.named_paths.values():
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
    """Return the commands that make the run again, tracked beside the old one, and that remove the folder.

    A store that the environment names, maybe with a password, is not repeated.
    """
    return [
        f"cd {place}",
        f"{VARIABLE}={store_uri(root)} dvc repro" if is_own_store() else "dvc repro",
        f"git -C {root} worktree remove --force {place}   # when you are done with it",
    ]
