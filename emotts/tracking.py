"""Experiment tracking: the only module that imports MLflow.

One run stands for one pass through the pipeline, whichever stages ran. The stages of a pass are separate
processes; they find their common run through a small state file, keyed by the process that started the pass.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

import psutil
import yaml

from emotts.corpus.rows import write_text
from emotts.errors import CheckpointError, ConfigError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Tracker", "data_identity", "download_model", "runs_page", "serve_ui", "store_uri"]

_STATE = Path(".emotts") / "pass.json"
_BATCH = 900  # MLflow takes at most 1,000 metrics in one call


def _mlflow() -> ModuleType:
    """Import MLflow on first use (it takes seconds) with telemetry and its start-up chatter off."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    for chatty in ("alembic", "mlflow"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return importlib.import_module("mlflow")


def store_uri(root: Path) -> str:
    """Return ``MLFLOW_TRACKING_URI`` where it is set, else the SQLite store in the project's folder."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{root.resolve() / 'mlruns.db'}"


def data_identity(root: Path) -> dict[str, str]:
    """Return the DVC hashes of the data folders, as ``dvc.lock`` has them, and the git commit.

    Keys are ``data.raw``, ``data.segments``, ``data.labels``, ``data.corpus``, ``git.commit``, ``git.dirty``;
    what is not known yet is left out.
    """
    identity: dict[str, str] = {}
    lock = root / "dvc.lock"
    stages = (yaml.safe_load(lock.read_text(encoding="utf-8")) or {}).get("stages", {}) if lock.is_file() else {}
    for stage in stages.values():
        for out in stage.get("outs", []):
            if out["path"].startswith("data/"):
                identity[out["path"].rstrip("/").replace("/", ".")] = str(out.get("md5", ""))
    commit = _git(root, "rev-parse", "HEAD")
    if commit is not None:
        identity["git.commit"] = commit
        identity["git.dirty"] = str(bool(_git(root, "status", "--porcelain", "--untracked-files=no"))).lower()
    return identity


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def runs_page(root: Path, *, experiment: str) -> str:
    """Return the part of the UI's address that shows an experiment's runs; the UI's first page without any yet."""
    client = _mlflow().MlflowClient(store_uri(root))
    found = client.get_experiment_by_name(experiment)
    return "" if found is None else f"#/experiments/{found.experiment_id}/runs?workflowType=machine_learning"


def serve_ui(root: Path, *, host: str, port: int) -> int:
    """Run the MLflow server on the project's store until it is interrupted; return its exit status."""
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store_uri(root)]
    command += ["--default-artifact-root", (root.resolve() / "mlartifacts").as_uri()]
    command += ["--host", host, "--port", str(port), "--workers", "1"]
    environment = {
        **os.environ,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # a dozen worker processes that only GenAI features use
    }
    server = subprocess.Popen(command, cwd=root, env=environment, start_new_session=True)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def download_model(uri: str, root: Path) -> Path:
    """Fetch a registered model (``models:/NAME@ALIAS`` or ``models:/NAME/VERSION``) and return its voice folder.

    Raises:
        CheckpointError: if the registry has no such model.
    """
    mlflow = _mlflow()
    mlflow.set_tracking_uri(store_uri(root))
    try:
        folder = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri))
    except mlflow.exceptions.MlflowException as error:
        raise CheckpointError(
            f"the model registry at {store_uri(root)} has no {uri}",
            found=str(error).splitlines()[0],
            remedy="run `dvc repro` to register the voice, or name its folder (models/export)",
        ) from error
    return folder / "data" / "export" if (folder / "data" / "export").is_dir() else folder


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
        self._root = root
        self._mlflow = _mlflow()
        self._mlflow.set_tracking_uri(store_uri(root))
        self._client = self._mlflow.MlflowClient()
        self._experiment_id = self._open_experiment(experiment)
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
            local = store_uri(self._root).startswith("sqlite:")
            location = (self._root.resolve() / "mlartifacts").as_uri() if local else None
            tags = {"mlflow.experimentKind": "custom_model_development"}  # the UI opens on runs, not on traces
            return str(self._client.create_experiment(name, artifact_location=location, tags=tags))
        if found.lifecycle_stage == "deleted":
            raise ConfigError(
                f"MLflow experiment {name!r} was deleted",
                remedy="restore it in the MLflow UI, or set another project.experiment in params.yaml",
            )
        return str(found.experiment_id)

    def _open_run(self, run_id: str | None) -> str:
        key = _pass_key()
        state = _read_state(self._root)
        wanted = run_id or (state["run_id"] if state.get("key") == key else None)
        if wanted is not None and self._exists(wanted):
            self._client.update_run(wanted, status="RUNNING")
        else:
            tags = {"mlflow.source.name": "dvc repro", "mlflow.source.type": "PROJECT"}
            run = self._client.create_run(
                self._experiment_id, run_name=time.strftime("pass %Y-%m-%d %H:%M:%S"), tags=tags
            )
            wanted = str(run.info.run_id)
        write_text(self._root / _STATE, json.dumps({"key": key, "run_id": wanted}) + "\n")
        return wanted

    def _open_named(self, run_id: str | None, *, name: str, parent: str | None) -> str:
        if run_id is not None and self._exists(run_id):
            self._client.update_run(run_id, status="RUNNING")
            return run_id
        tags = {} if parent is None else {"mlflow.parentRunId": parent}
        return str(self._client.create_run(self._experiment_id, run_name=name, tags=tags).info.run_id)

    def _exists(self, run_id: str) -> bool:
        try:
            run = self._client.get_run(run_id)
        except self._mlflow.exceptions.MlflowException:
            return False
        return bool(run.info.lifecycle_stage == "active" and run.info.experiment_id == self._experiment_id)

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

    def register(
        self,
        export: Path,
        *,
        name: str,
        loader_module: str,
        code: Path,
        requirements: Sequence[str],
        example: Mapping[str, object],
    ) -> str:
        """Log the exported voice as a pyfunc model, register it under ``name`` and return its version.

        Args:
            export: the voice's folder.
            name: of the registered model.
            loader_module: module whose ``_load_pyfunc(folder)`` gives the object with ``predict``.
            code: folder of the package that goes with the model, so that it loads where emotts is not installed.
            requirements: pip requirements of that package.
            example: one row of input; MLflow tries the model on it and keeps it beside the model.
        """
        mlflow = self._mlflow
        types = importlib.import_module("mlflow.types")
        signature = importlib.import_module("mlflow.models").ModelSignature(
            inputs=types.Schema(
                [
                    types.ColSpec("string", "text"),
                    types.ColSpec("string", "emotion", required=False),
                    types.ColSpec("double", "intensity", required=False),
                    types.ColSpec("double", "speed", required=False),
                ]
            ),
            outputs=types.Schema([types.ColSpec("string", "wav_base64"), types.ColSpec("long", "sample_rate_hz")]),
        )
        mlflow.set_experiment(experiment_id=self._experiment_id)
        with mlflow.start_run(run_id=self.run_id), tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / code.name
            shutil.copytree(code, package, ignore=shutil.ignore_patterns("__pycache__", "*.flac"))
            logged = mlflow.pyfunc.log_model(
                name="voice",
                loader_module=loader_module,
                data_path=str(export),
                code_paths=[str(package)],
                pip_requirements=list(requirements),
                signature=signature,
                input_example=importlib.import_module("pandas").DataFrame([dict(example)]),
                registered_model_name=name,
            )
        return str(logged.registered_model_version)


def _pass_key() -> str:
    """Identify the process that started this pass: the nearest ``dvc`` above us, or the stage itself."""
    own = psutil.Process()
    for process in [*own.parents()]:
        try:
            words = [Path(word).name for word in process.cmdline()[:3]]
        except (psutil.AccessDenied, psutil.ZombieProcess, psutil.NoSuchProcess):
            continue
        if "dvc" in words:
            return f"{process.pid}@{process.create_time():.2f}"
    return f"{own.pid}@{own.create_time():.2f}"


def _read_state(root: Path) -> dict[str, str]:
    path = root / _STATE
    if not path.is_file():
        return {}
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return {}
    return {str(key): str(value) for key, value in state.items()} if isinstance(state, dict) else {}
