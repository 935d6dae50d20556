"""Writing one MLflow run."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from emotts.errors import ConfigError
from emotts.tracking.current_pass import note_pass, run_of_this_pass
from emotts.tracking.store import import_mlflow, is_server, store_uri

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Tracker"]

_BATCH = 900  # MLflow takes at most 1,000 metrics in one call


class Tracker:
    """Writes one MLflow run. Every method takes effect at once; there is nothing to close but :meth:`end`."""

    def __init__(
        self,
        root: Path,
        *,
        experiment: str,
        run_id: str | None = None,
        name: str | None = None,
        parent: str | None = None,
    ) -> None:
        """Open the run of the present pass, or the run ``run_id`` (training that resumes).

        With a ``name``, the run is no pass through the pipeline: it goes by that name, below the run ``parent`` if
        there is one.
        """
        self.root = root
        self._mlflow = import_mlflow()
        self._client = self._mlflow.MlflowClient(store_uri(root))
        self.experiment_id = self._open_experiment(experiment)
        self.run_id = self._open_run(run_id) if name is None else self._open_named(run_id, name=name, parent=parent)

    def __enter__(self) -> Tracker:
        """Return itself; the run is marked as finished, failed or killed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Set the run's status."""
        self.end(status="FINISHED" if kind is None else "KILLED" if kind is KeyboardInterrupt else "FAILED")

    def _open_experiment(self, name: str) -> str:
        found = self._client.get_experiment_by_name(name)
        if found is None:
            served = is_server(store_uri(self.root))
            location = None if served else (self.root.resolve() / "mlartifacts").as_uri()
            tags = {"mlflow.experimentKind": "custom_model_development"}  # the UI opens on runs, not on traces
            return str(self._client.create_experiment(name, artifact_location=location, tags=tags))
        if found.lifecycle_stage == "deleted":
            raise ConfigError(
                f"MLflow experiment {name!r} was deleted",
                remedy="restore it in the MLflow UI, or set another project.experiment in params.yaml",
            )
        return str(found.experiment_id)

    def _open_run(self, run_id: str | None) -> str:
        wanted = run_id or run_of_this_pass(self.root)
        if wanted is not None and self._exists(wanted):
            self._client.update_run(wanted, status="RUNNING")
        else:
            tags = {"mlflow.source.name": "dvc repro", "mlflow.source.type": "PROJECT"}
            run = self._client.create_run(
                self.experiment_id, run_name=time.strftime("pass %Y-%m-%d %H:%M:%S"), tags=tags
            )
            wanted = str(run.info.run_id)
        note_pass(self.root, wanted)
        return wanted

    def _open_named(self, run_id: str | None, *, name: str, parent: str | None) -> str:
        if run_id is not None and self._exists(run_id):
            self._client.update_run(run_id, status="RUNNING")
            return run_id
        tags = {} if parent is None else {"mlflow.parentRunId": parent}
        return str(self._client.create_run(self.experiment_id, run_name=name, tags=tags).info.run_id)

    def _exists(self, run_id: str) -> bool:
        try:
            run = self._client.get_run(run_id)
        except self._mlflow.exceptions.MlflowException:
            return False
        return bool(run.info.lifecycle_stage == "active" and run.info.experiment_id == self.experiment_id)

    def end(self, *, status: str = "FINISHED") -> None:
        """Mark the run as ``FINISHED``, ``FAILED`` or ``KILLED``; a later stage of the pass opens it again."""
        self._client.set_terminated(self.run_id, status=status)

    def params(self, values: Mapping[str, Any]) -> None:
        """Log flat parameters; those the run already has are left as they are (MLflow forbids a change)."""
        known = self._client.get_run(self.run_id).data.params
        fresh = [self._mlflow.entities.Param(key, str(value)) for key, value in values.items() if key not in known]
        for start in range(0, len(fresh), 100):
            self._client.log_batch(self.run_id, params=fresh[start : start + 100])

    def tags(self, values: Mapping[str, str]) -> None:
        """Set tags."""
        tags = [self._mlflow.entities.RunTag(key, value) for key, value in values.items()]
        self._client.log_batch(self.run_id, tags=tags)

    def note(self, markdown: str) -> None:
        """Set the run's description, which the UI shows."""
        self._client.set_tag(self.run_id, "mlflow.note.content", markdown)

    def metrics(self, values: Mapping[str, float], step: int = 0) -> None:
        """Log metrics at a step in one call."""
        now = int(time.time() * 1000)
        rows = [self._mlflow.entities.Metric(key, float(value), now, step) for key, value in values.items()]
        for start in range(0, len(rows), _BATCH):
            self._client.log_batch(self.run_id, metrics=rows[start : start + _BATCH])

    def figure(self, figure: Figure, artifact_file: str) -> None:
        """Save a picture under ``artifact_file`` (``pictures/NAME.png``)."""
        self._client.log_figure(self.run_id, figure, artifact_file)

    def file(self, path: Path, folder: str | None = None) -> None:
        """Save one file below ``folder`` of the run's artifacts."""
        self._client.log_artifact(self.run_id, str(path), folder)

    def folder(self, path: Path, folder: str | None = None) -> None:
        """Save a folder's files below ``folder`` of the run's artifacts."""
        self._client.log_artifacts(self.run_id, str(path), folder)

    def has_dataset(self) -> bool:
        """Whether the run has a dataset input already."""
        return bool(self._client.get_run(self.run_id).inputs.dataset_inputs)

    def dataset(self, corpus: Path, *, name: str, digest: str, profile: Mapping[str, Any]) -> None:
        """Name the corpus as the run's dataset input, so that the UI shows and filters by it."""
        entities = self._mlflow.entities
        source = {"uri": str(corpus)}
        data = entities.Dataset(
            name=name,
            digest=digest[:36],
            source_type="local",
            source=json.dumps(source),
            schema=None,
            profile=json.dumps(dict(profile)),
        )
        tags = [entities.InputTag(key="mlflow.data.context", value="training")]
        self._client.log_inputs(self.run_id, datasets=[entities.DatasetInput(dataset=data, tags=tags)])
