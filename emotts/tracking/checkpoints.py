"""The checkpoints of a training as logged models of MLflow, with their step, metrics and data set."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["CheckpointModels"]

_KIND = "checkpoint"
_STEP = "step"
_READY = "READY"


class CheckpointModels:
    """Keeps the logged models of a run equal to the checkpoints that are kept; every call may be made twice.

    ``search_logged_models`` finds and orders them by metrics (``metrics.val/score``). Their weights stay where the
    checkpoint is, which the tag ``checkpoint`` names.

    Args:
        client: MLflow's.
        run_id: of the run.
        experiment_id: of its experiment.
    """

    def __init__(self, client: Any, run_id: str, *, experiment_id: str) -> None:
        self._client = client
        self._run_id = run_id
        self._experiment_id = experiment_id
        self._entities: Any = importlib.import_module("mlflow.entities")

    def add(self, step: int, *, tags: Mapping[str, str], metrics: Mapping[str, float], time_ms: int) -> None:
        """Make a checkpoint a logged model, unless it is one.

        Args:
            step: of the checkpoint.
            tags: what identifies it.
            metrics: of its validation; none where it had none.
            time_ms: when the run got these metrics, so that it does not get them twice.
        """
        model = self._known().get(step)
        if model is None:
            model = self._client.create_logged_model(
                self._experiment_id,
                name=f"step-{step}",
                source_run_id=self._run_id,
                tags=dict(tags),
                params={_STEP: str(step)},
                model_type=_KIND,
            )
        elif str(model.status) == _READY:
            return
        if metrics:
            self._log(metrics, step=step, time_ms=time_ms, model_id=str(model.model_id))
        self._client.finalize_logged_model(model.model_id, _READY)

    def keep(self, steps: Iterable[int]) -> None:
        """Remove the logged models of checkpoints that were removed."""
        kept = set(steps)
        for step, model in self._known().items():
            if step not in kept:
                self._client.delete_logged_model(model.model_id)

    def name_outputs(self) -> None:
        """Name those that are left as the run's outputs, but for those that are named already: the training is over."""
        outputs = self._client.get_run(self._run_id).outputs
        named = set() if outputs is None else {str(each.model_id) for each in outputs.model_outputs}
        known = {step: str(model.model_id) for step, model in sorted(self._known().items())}
        fresh = [(step, model_id) for step, model_id in known.items() if model_id not in named]
        self._client.log_outputs(
            self._run_id, [self._entities.LoggedModelOutput(model_id, step) for step, model_id in fresh]
        )

    def _known(self) -> dict[int, Any]:
        """Return the logged models of the run by their step."""
        condition = f"source_run_id = '{self._run_id}' AND model_type = '{_KIND}'"
        found = self._client.search_logged_models([self._experiment_id], condition)
        return {int(model.params[_STEP]): model for model in found}

    def _log(self, metrics: Mapping[str, float], *, step: int, time_ms: int, model_id: str) -> None:
        inputs = self._client.get_run(self._run_id).inputs.dataset_inputs
        data = inputs[0].dataset if inputs else None
        dataset = {} if data is None else {"dataset_name": data.name, "dataset_digest": data.digest}
        rows = [
            self._entities.Metric(name, float(value), time_ms, step, model_id=model_id, run_id=self._run_id, **dataset)
            for name, value in metrics.items()
        ]
        self._client.log_batch(self._run_id, metrics=rows)
