"""Sending what a run reported to MLflow: each kind of entry has its call, which may be made twice without harm."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emotts.tracking.batches import Batch
from emotts.tracking.checkpoints import CheckpointModels

__all__ = ["Sender", "UnsendableError"]

_LOGGED = "mlflow.loggedArtifacts"
"""The tag by which MLflow's UI finds the tables of a run."""


class UnsendableError(ValueError):
    """No store can ever take an entry: its files have gone, or a newer emotts has written it."""


class Sender:
    """Sends batches to a run.

    A metric has its own time, so MLflow knows one that it has already; files are overwritten; a parameter that the run
    has stays as it is, since MLflow forbids a change.

    Args:
        client: MLflow's.
        run_id: of the run.
        experiment_id: of its experiment.
    """

    def __init__(self, client: Any, run_id: str, *, experiment_id: str) -> None:
        self._client = client
        self._run_id = run_id
        self._entities: Any = importlib.import_module("mlflow.entities")
        self._models = CheckpointModels(client, run_id, experiment_id=experiment_id)
        self._calls = {
            "metrics": self._metrics,
            "params": self._params,
            "tags": self._tags,
            "name": self._name,
            "files": self._files,
            "table": self._table,
            "dataset": self._dataset,
            "checkpoint": self._checkpoint,
            "checkpoints_kept": self._checkpoints_kept,
            "outputs": self._outputs,
            "end": self._end,
        }

    def send(self, batch: Batch, *, files: Path) -> None:
        """Send a batch.

        Args:
            batch: what to send.
            files: the folder of the files that its entries name.

        Raises:
            UnsendableError: if nothing of this kind is known, or its files have gone.
            Exception: whatever MLflow raises where it does not take the batch.
        """
        if batch.kind not in self._calls:
            raise UnsendableError(f"nothing is known of entries {batch.kind!r}")
        self._calls[batch.kind](batch, files)

    def _metrics(self, batch: Batch, _: Path) -> None:
        metric = self._entities.Metric
        self._client.log_batch(self._run_id, metrics=[metric(*item) for item in batch.items])

    def _params(self, batch: Batch, _: Path) -> None:
        known = self._client.get_run(self._run_id).data.params
        fresh = [self._entities.Param(name, value) for name, value in batch.items if name not in known]
        if fresh:
            self._client.log_batch(self._run_id, params=fresh)

    def _tags(self, batch: Batch, _: Path) -> None:
        tags = [self._entities.RunTag(name, value) for name, value in dict(batch.items).items()]
        self._client.log_batch(self._run_id, tags=tags)

    def _name(self, batch: Batch, _: Path) -> None:
        self._client.update_run(self._run_id, name=_content(batch)["name"])

    def _files(self, batch: Batch, files: Path) -> None:
        content = _content(batch)
        self._client.log_artifacts(self._run_id, str(_copy(content, files)), content["folder"])

    def _table(self, batch: Batch, files: Path) -> None:
        """Send a table, and name it in the tag by which the UI finds it."""
        content = _content(batch)
        self._client.log_artifacts(self._run_id, str(_copy(content, files)))
        known = json.loads(self._client.get_run(self._run_id).data.tags.get(_LOGGED, "[]"))
        named = {"path": content["name"], "type": "table"}
        if named not in known:
            self._client.set_tag(self._run_id, _LOGGED, json.dumps([*known, named]))

    def _dataset(self, batch: Batch, _: Path) -> None:
        dataset = self._entities.Dataset(**_content(batch)["dataset"], source_type="local", schema=None)
        tags = [self._entities.InputTag(key="mlflow.data.context", value="training")]
        self._client.log_inputs(self._run_id, datasets=[self._entities.DatasetInput(dataset=dataset, tags=tags)])

    def _checkpoint(self, batch: Batch, _: Path) -> None:
        content = _content(batch)
        self._models.add(content["step"], tags=content["tags"], metrics=content["metrics"], time_ms=content["time_ms"])

    def _checkpoints_kept(self, batch: Batch, _: Path) -> None:
        self._models.keep(_content(batch)["steps"])

    def _outputs(self, _: Batch, __: Path) -> None:
        self._models.name_outputs()

    def _end(self, batch: Batch, _: Path) -> None:
        content = _content(batch)
        self._client.set_terminated(self._run_id, status=content["status"], end_time=content["time_ms"])


def _content(batch: Batch) -> Mapping[str, Any]:
    found: Mapping[str, Any] = batch.items[0]
    return found


def _copy(content: Mapping[str, Any], files: Path) -> Path:
    """Return the folder with the files of an entry.

    Raises:
        UnsendableError: if it has gone.
    """
    folder = files / str(content["copy"])
    if not folder.is_dir():
        raise UnsendableError(f"its files have gone: {folder}")
    return folder
