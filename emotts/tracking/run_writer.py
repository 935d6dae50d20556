"""Writing into a run of MLflow by way of the spool: no call waits for the store."""

from __future__ import annotations

import importlib
import json
import shutil
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emotts.tracking.delivery import Address, RunDelivery
from emotts.tracking.delivery_thread import DeliveryThread
from emotts.tracking.spool import SpoolWriter, run_folder
from emotts.tracking.store import known_address

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["RunWriter", "known_run"]

_IMAGES = "images"
_THUMBNAIL_PIXELS = 256
_END_S = 15.0
"""The end of a run waits so long for a store that takes nothing."""


class RunWriter:
    """Writes a run. What a method is given is on disk when it returns, and in MLflow about a second later.

    Where the store does not take it, it is delivered as soon as it does: by this process, or by the next one that
    opens the project's store.

    Args:
        root: the project.
        run_id: of the run, which need not be asked for.
        experiment_id: of its experiment.
        address: of the store.
    """

    def __init__(self, root: Path, run_id: str, *, experiment_id: str, address: Address) -> None:
        self.root = root
        self.run_id = run_id
        self.experiment_id = experiment_id
        self._names_dataset = False
        folder = run_folder(root, run_id)
        self._spool = SpoolWriter(folder, store=address.mark, experiment_id=experiment_id)
        self._delivery = DeliveryThread(self._spool, RunDelivery(folder, address), address=address)

    def flush(self, timeout_s: float = 15.0) -> int:
        """Wait until MLflow has everything; return how many entries still wait.

        Args:
            timeout_s: it gives up after so long without any progress.
        """
        return self._delivery.flush(timeout_s)

    def end(self, *, status: str = "FINISHED") -> None:
        """Mark the run as ``FINISHED``, ``FAILED`` or ``KILLED``; a later stage of the pass opens it again.

        A warning says what could not be delivered by then.
        """
        self._write("end", status=status, time_ms=_now_ms())
        left = self.flush(_END_S)
        if left:
            self._delivery.say_left(left)

    def rename(self, name: str) -> None:
        """Give the run another name."""
        self._write("name", name=name)

    def params(self, values: Mapping[str, Any]) -> None:
        """Log flat parameters; those the run already has are left as they are (MLflow forbids a change)."""
        self._write("params", values={key: str(value) for key, value in values.items()})

    def tags(self, values: Mapping[str, str]) -> None:
        """Set tags."""
        self._write("tags", values=dict(values))

    def note(self, markdown: str) -> None:
        """Set the run's description, which the UI shows."""
        self.tags({"mlflow.note.content": markdown})

    def metrics(self, values: Mapping[str, float], step: int = 0) -> int:
        """Log metrics at a step; return the time that they have, in milliseconds."""
        now_ms = _now_ms()
        self._write("metrics", values={key: float(value) for key, value in values.items()}, time_ms=now_ms, step=step)
        return now_ms

    def picture(self, figure: Figure, name: str, *, step: int) -> None:
        """Save a picture of a step; the UI shows those of one name in turn, and of several runs side by side."""
        from PIL import Image

        from emotts.plotting import pixels  # a served voice draws nothing

        # MLflow's names: its UI reads key, step and time from them
        stem = f"{name.replace('/', '~')}+step+{step}+timestamp+{_now_ms()}+{uuid.uuid4()}"

        def fill(folder: Path) -> None:
            picture = Image.fromarray(pixels(figure))
            picture.save(folder / f"{stem}.png")
            picture.thumbnail((_THUMBNAIL_PIXELS, _THUMBNAIL_PIXELS))
            picture.save(folder / f"{stem}+compressed.webp")

        self._spool.write_files("files", fill, folder=_IMAGES)
        self.tags({"mlflow.loggedImages": "True"})

    def table(self, rows: Sequence[Mapping[str, object]], artifact_file: str) -> None:
        """Save a table (``NAME.json``), which the UI compares across runs; one of that name gives way to it."""
        frame = importlib.import_module("pandas").DataFrame([dict(row) for row in rows])

        def fill(folder: Path) -> None:
            frame.to_json(folder / artifact_file, orient="split", index=False)

        self._spool.write_files("table", fill, name=artifact_file)
        self._delivery.wake()

    def file(self, path: Path, folder: str | None = None) -> None:
        """Save one file, as it is now, below ``folder`` of the run's artifacts."""
        self._spool.write_files("files", lambda copy: shutil.copy2(path, copy / path.name), folder=folder)
        self._delivery.wake()

    def folder(self, path: Path, folder: str | None = None) -> None:
        """Save a folder's files, as they are now, below ``folder`` of the run's artifacts."""
        self._spool.write_files("files", lambda copy: shutil.copytree(path, copy, dirs_exist_ok=True), folder=folder)
        self._delivery.wake()

    def dataset(self, corpus: Path, *, name: str, digest: str, profile: Mapping[str, Any]) -> None:
        """Name the corpus as the run's dataset input, so that the UI shows and filters by it."""
        source = json.dumps({"uri": str(corpus)})
        described = {"name": name, "digest": digest[:36], "source": source, "profile": json.dumps(dict(profile))}
        self._write("dataset", dataset=described)
        self._names_dataset = True

    def checkpoint(self, step: int, *, tags: Mapping[str, str], metrics: Mapping[str, float], time_ms: int) -> None:
        """Make a checkpoint a logged model of MLflow, unless it is one.

        Args:
            step: of the checkpoint.
            tags: what identifies it.
            metrics: of its validation; none where it had none.
            time_ms: when the run got these metrics, so that it does not get them twice.
        """
        self._write("checkpoint", step=step, tags=dict(tags), metrics=dict(metrics), time_ms=time_ms)

    def checkpoints_kept(self, steps: Iterable[int]) -> None:
        """Remove the logged models of checkpoints that were removed: all but those of some steps."""
        self._write("checkpoints_kept", steps=sorted(steps))

    def name_outputs(self) -> None:
        """Name the checkpoints that are left as the run's outputs: the training is over."""
        self._write("outputs")

    def _write(self, kind: str, **content: object) -> None:
        self._spool.write(kind, **content)
        self._delivery.wake()


def known_run(root: Path, run_id: str, *, experiment_id: str) -> RunWriter:
    """Return a writer of a run that this project has opened before; the store need not answer now.

    Args:
        root: the project.
        run_id: of the run.
        experiment_id: of its experiment.
    """
    return RunWriter(root, run_id, experiment_id=experiment_id, address=known_address(root))


def _now_ms() -> int:
    return int(time.time() * 1000)
