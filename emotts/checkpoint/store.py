"""Checkpoints as folders: written atomically, read strictly, damage named.

A store is a folder such as ``models/voice`` that holds

* ``step_00001000/``: ``model.safetensors``, ``ema.safetensors``, one ``NAME.safetensors`` for every
  other network, ``trainer.pt`` (optimizers and random states) and ``meta.json``;
* ``best.json``, ``last.json``: which of them is the best and which the last.
"""

from __future__ import annotations

import itertools
import json
import logging
import re
import shutil
from pathlib import Path

from emotts.checkpoint.contents import (
    META_FILE,
    CheckpointMeta,
    load_weights,
    read_checked,
    read_meta,
    read_trainer_state,
    read_weights,
    save_checkpoint,
)
from emotts.checkpoint.json_file import read_json
from emotts.checkpoint.writing import write_checkpoint_file
from emotts.errors import CheckpointError
from emotts.files import TEMPORARY_SUFFIX, remove_folder

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
_DAMAGED = "file is damaged"
_ANEW = "delete it and start the training again, which writes it anew"
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
        write_checkpoint_file(self.folder / f"{marker}.json", (json.dumps(record) + "\n").encode())

    def marked(self, marker: str) -> int | None:
        """Return the step that a marker points to, None without a marker.

        Raises:
            CheckpointError: if the marker is damaged.
        """
        path = self.folder / f"{marker}.json"
        if not path.is_file():
            return None
        step = read_json(path, what=_DAMAGED, remedy=_ANEW).get("step")
        if type(step) is not int or step < 0:
            raise CheckpointError(_DAMAGED, where=path, found=f"step {step!r}", wanted="a whole number", remedy=_ANEW)
        return step

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

    def move_aside(self) -> Path:
        """Move all checkpoints and markers into a new folder beside this one, and return that.

        Nothing else in the folder is touched.
        """
        names = (self.folder.with_name(f"{self.folder.name}.aside-{number}") for number in itertools.count(1))
        aside = next(name for name in names if not name.exists())
        aside.mkdir()
        markers = [self.folder / f"{marker}.json" for marker in ("best", "last")]
        for path in [*(each for each in markers if each.is_file()), *map(self.path, self.steps())]:
            shutil.move(path, aside / path.name)
        return aside

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
