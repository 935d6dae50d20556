"""Registering an exported voice as a model of MLflow."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotts.tracking.store import at_store
from emotts.tracking.tracker import Tracker

__all__ = ["register_voice"]


def register_voice(
    tracker: Tracker,
    export: Path,
    *,
    name: str,
    loader_module: str,
    code: Path,
    requirements: Sequence[str],
    example: Mapping[str, object],
) -> str:
    """Log an exported voice as a pyfunc model of the tracker's run, register it and return its version.

    Args:
        tracker: of the run that made the voice.
        export: the voice's folder.
        name: of the registered model.
        loader_module: module whose ``_load_pyfunc(folder)`` gives the object with ``predict``.
        code: folder of the package that goes with the model, so that it loads where emotts is not installed.
        requirements: pip requirements of that package.
        example: one row of input; MLflow tries the model on it and keeps it beside the model.

    Raises:
        TrackingError: if the store does not answer, or fails.
    """
    with at_store(tracker.root) as mlflow, tempfile.TemporaryDirectory() as folder:
        mlflow.set_experiment(experiment_id=tracker.experiment_id)
        package = Path(folder) / code.name
        shutil.copytree(code, package, ignore=shutil.ignore_patterns("__pycache__", "*.flac"))
        with mlflow.start_run(run_id=tracker.run_id):
            logged = mlflow.pyfunc.log_model(
                name="voice",
                loader_module=loader_module,
                data_path=str(export),
                code_paths=[str(package)],
                pip_requirements=list(requirements),
                signature=_signature(),
                input_example=importlib.import_module("pandas").DataFrame([dict(example)]),
                registered_model_name=name,
            )
    return str(logged.registered_model_version)


def _signature() -> Any:
    """Return what the model answers; of its input MLflow knows no columns, as it would drop unknown ones unsaid."""
    types = importlib.import_module("mlflow.types")
    answer = types.Schema([types.ColSpec("string", "wav_base64"), types.ColSpec("long", "sample_rate_hz")])
    return importlib.import_module("mlflow.models").ModelSignature(outputs=answer)
