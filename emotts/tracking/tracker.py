"""The tracker, which writes one run of MLflow."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from emotts.errors import ConfigError
from emotts.tracking.failures import is_missing, stated_failures
from emotts.tracking.home import home
from emotts.tracking.moved import lies_elsewhere
from emotts.tracking.origin import NAME_VARIABLE, given_name, kill_dead_runs, origin_tags, process_tag
from emotts.tracking.pipeline_run import current_run_id, save_current_run
from emotts.tracking.run_writer import RunWriter
from emotts.tracking.store import artifact_location, import_mlflow, is_own_store, open_address

__all__ = ["Tracker"]

_PASS = "dvc repro"
"""The source of the runs that are passes through the pipeline."""


class Tracker(RunWriter):
    """Opens one MLflow run, and writes it: only the opening, and what asks, waits for the store."""

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

        Raises:
            ConfigError: if the experiment was deleted.
            TrackingError: if the store cannot be used.
        """
        self.root = root
        address = open_address(root)
        self._uri = address.uri
        self.is_new = False
        with stated_failures(self._uri):
            self._client = address.client
            self.experiment_id = self._open_experiment(experiment)
            kill_dead_runs(self._client, self.experiment_id)
            opened = self._open_run(run_id) if name is None else self._open_named(run_id, name=name, parent=parent)
        super().__init__(root, opened, experiment_id=self.experiment_id, address=address)

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
            tags = {"mlflow.experimentKind": "custom_model_development"}  # the UI opens on runs, not on traces
            location = artifact_location(self.root)
            return str(self._client.create_experiment(name, artifact_location=location, tags=tags))
        if found.lifecycle_stage == "deleted":
            raise ConfigError(
                f"MLflow experiment {name!r} was deleted",
                remedy="restore it in the MLflow UI, or set another project.experiment in params.yaml",
            )
        return str(found.experiment_id)

    def _open_run(self, run_id: str | None) -> str:
        """Open the run of this pass, or a new one; the user's name for it, or DVC's, wins."""
        wanted = run_id or current_run_id(self.root)
        if wanted is None or not self._reopen(wanted):
            tags = {"mlflow.source.name": _PASS, "mlflow.source.type": "PROJECT"}
            wanted = self._create(given_name() or time.strftime("pass %Y-%m-%d %H:%M:%S"), tags)
        elif name := os.environ.get(NAME_VARIABLE):
            self._client.update_run(wanted, name=name)
        save_current_run(self.root, wanted)
        return wanted

    def _open_named(self, run_id: str | None, *, name: str, parent: str | None) -> str:
        if parent is not None:
            self._adopt(parent)
        if run_id is not None and self._reopen(run_id):
            return run_id
        return self._create(name, {} if parent is None else {"mlflow.parentRunId": parent})

    def _create(self, name: str, tags: Mapping[str, str]) -> str:
        self.is_new = True
        tags = {**origin_tags(self.root), **process_tag(), **tags}
        return str(self._client.create_run(self.experiment_id, run_name=name, tags=tags).info.run_id)

    def _reopen(self, run_id: str) -> bool:
        """Go on with a run; return False where it has gone, or its files would go to another project's folder."""
        try:
            run = self._client.get_run(run_id)
        except import_mlflow().exceptions.MlflowException as error:
            if is_missing(error):
                return False
            raise
        if run.info.lifecycle_stage != "active" or run.info.experiment_id != self.experiment_id:
            return False
        if is_own_store() and lies_elsewhere(home(self.root), run.info.artifact_uri):
            return False
        self._work_on(run_id)
        return True

    def _work_on(self, run_id: str) -> None:
        self._client.update_run(run_id, status="RUNNING")
        for key, value in process_tag().items():
            self._client.set_tag(run_id, key, value)

    def _adopt(self, parent: str) -> None:
        """Let this process work on a run that it opens another one below, unless that has finished."""
        try:
            status = self._client.get_run(parent).info.status
        except import_mlflow().exceptions.MlflowException as error:
            if is_missing(error):
                return
            raise
        if status != "FINISHED":
            self._work_on(parent)

    def former_params(self) -> dict[str, str] | None:
        """Return the parameters of the latest other pass of this experiment; None where there is none.

        Raises:
            TrackingError: if the store fails.
        """
        condition = f"tags.`mlflow.source.name` = '{_PASS}'"
        with stated_failures(self._uri):
            found = self._client.search_runs(
                [self.experiment_id], condition, order_by=["attributes.start_time DESC"], max_results=2
            )
        return next((dict(run.data.params) for run in found if run.info.run_id != self.run_id), None)

    def has_dataset(self) -> bool:
        """Whether the run has a dataset input already.

        Raises:
            TrackingError: if the store fails.
        """
        if self._names_dataset:
            return True
        with stated_failures(self._uri):
            return bool(self._client.get_run(self.run_id).inputs.dataset_inputs)
