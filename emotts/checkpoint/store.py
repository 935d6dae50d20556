"""Checkpoints as folders: written atomically, read strictly, damage named.

A store is a folder such as ``models/voice`` that holds

* ``step_00001000/``: ``model.safetensors``, ``ema.safetensors``, one ``NAME.safetensors`` for every
  other network, ``trainer.pt`` (optimizers and random states) and ``meta.json``;
* ``best.json``, ``last.json``: which of them is the best and which the last.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

from emotts.checkpoint.contents import (
    META_FILE,
    CheckpointMeta,
    damaged,
    load_weights,
    read_bytes,
    read_checked,
    read_meta,
    read_trainer_state,
    read_weights,
    save_checkpoint,
)
from emotts.checkpoint.files import TEMPORARY_SUFFIX, remove_folder, write_file
from emotts.errors import CheckpointError

__all__ = [
    "CheckpointMeta",
    "CheckpointStore",
    "load_weights",
    "read_meta",
    "read_trainer_state",
    "read_weights",
    "resolve_checkpoint",
    "save_checkpoint",
]

_LOG = logging.getLogger(__name__)
_STEP_FOLDER = re.compile(r"^step_(\d{8})$")


class CheckpointStore:
    """The checkpoints of one run in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, step: int) -> Path:
        """Return the folder of the checkpoint after ``step`` finished steps."""
        return self.folder / f"step_{step:08d}"

    def steps(self) -> list[int]:
        """Return the steps of the checkpoints that are there, in order."""
        if not self.folder.is_dir():
            return []
        found = (_STEP_FOLDER.match(path.name) for path in self.folder.iterdir() if path.is_dir())
        return sorted(int(match.group(1)) for match in found if match)

    def mark(self, marker: str, *, step: int, score: float | None) -> None:
        """Say in ``MARKER.json`` (``best``, ``last``) which checkpoint it is."""
        record = {"checkpoint": self.path(step).name, "step": step, "score": score}
        write_file(self.folder / f"{marker}.json", (json.dumps(record) + "\n").encode())

    def marked(self, marker: str) -> int | None:
        """Return the step that a marker points to, None without a marker.

        Raises:
            CheckpointError: if the marker is damaged.
        """
        path = self.folder / f"{marker}.json"
        if not path.is_file():
            return None
        try:
            return int(json.loads(read_bytes(path))["step"])
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(path, repr(error)) from error

    def newest(self) -> CheckpointMeta | None:
        """Return what the newest checkpoint says about itself, None if there is none.

        Raises:
            CheckpointError: if the newest checkpoint is damaged. It names the folder to delete, so
                that the one before it is used: that choice is the user's.
        """
        steps = self.steps()
        if not steps:
            return None
        folder = self.path(steps[-1])
        try:
            meta = read_meta(folder)
            for name in meta.files:
                read_checked(folder / name, meta)
        except CheckpointError as error:
            rest = f"to go on from {self.path(steps[-2]).name}" if len(steps) > 1 else "to start from the beginning"
            raise CheckpointError(
                f"the newest checkpoint is damaged ({error.what})",
                where=error.where,
                found=error.found,
                wanted=error.wanted,
                remedy=f"delete the folder {folder} {rest}",
            ) from error
        return meta

    def prune(self, *, keep: int) -> None:
        """Remove all but the newest ``keep`` checkpoints; those that a marker points to stay."""
        marked = {self.marked("best"), self.marked("last")}
        for step in self.steps()[:-keep]:
            if step not in marked:
                remove_folder(self.path(step))

    def clear(self) -> None:
        """Remove all checkpoints and markers; nothing else in the folder is touched."""
        for marker in ("best", "last"):
            (self.folder / f"{marker}.json").unlink(missing_ok=True)
        for step in self.steps():
            remove_folder(self.path(step))

    def sweep(self) -> None:
        """Remove what a killed run left half written."""
        if not self.folder.is_dir():
            return
        for path in self.folder.glob(f".*{TEMPORARY_SUFFIX}"):
            _LOG.info("removing the unfinished %s", path)
            if path.is_dir():
                remove_folder(path)
            else:
                path.unlink()


def resolve_checkpoint(folder: Path, *, marker: str = "best") -> Path:
    """Return the checkpoint folder meant by a checkpoint folder or a store.

    Args:
        folder: a checkpoint folder (it holds ``meta.json``) or a store.
        marker: which checkpoint of a store: ``best`` or ``last``.

    Raises:
        CheckpointError: if there is none.
    """
    if (folder / META_FILE).is_file():
        return folder
    store = CheckpointStore(folder)
    step = store.marked(marker)
    if step is not None and store.path(step).is_dir():
        return store.path(step)
    raise CheckpointError(
        "no checkpoint here",
        where=folder,
        found="no folder"
        if not folder.is_dir()
        else f"no {META_FILE} and no {marker}.json that points to a checkpoint",
        remedy="run `dvc repro train`",
    )
