"""The model registry: versions of the voice, their runs and their aliases.

All of it waits for the store: TrackingError is raised if that does not answer, or fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emotts.errors import CheckpointError
from emotts.tracking.failures import is_missing, stated_failures
from emotts.tracking.store import at_store, import_mlflow, open_client, shown_store, store_uri

__all__ = [
    "ModelVersion",
    "describe_version",
    "download_model",
    "note_decision",
    "set_alias",
    "version_at",
    "version_of_run",
    "version_with_alias",
]

_LONGEST = 5000
"""Characters that MLflow takes as a version's description."""


@dataclass(frozen=True)
class ModelVersion:
    """A version of a registered model; ``run_id`` is that of the run that registered it, None where it has gone."""

    name: str
    version: str
    run_id: str | None


def version_with_alias(root: Path, name: str, *, alias: str) -> ModelVersion | None:
    """Return the version of a registered model that bears an alias; None where there is none."""
    mlflow, client = import_mlflow(), open_client(root)
    try:
        found = client.get_model_version_by_alias(name, alias)
    except mlflow.exceptions.MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None
        raise
    return ModelVersion(name, str(found.version), str(found.run_id) if found.run_id else None)


def version_at(root: Path, uri: str) -> ModelVersion | None:
    """Return the version that ``models:/NAME@ALIAS`` or ``models:/NAME/VERSION`` means; None where there is none.

    Raises:
        TrackingError: if the store fails.
    """
    name, at, alias = uri.removeprefix("models:/").partition("@")
    if at:
        return version_with_alias(root, name, alias=alias)
    name, _, number = name.rpartition("/")
    client = open_client(root)
    with stated_failures(store_uri(root)):
        try:
            found = client.get_model_version(name, number)
        except import_mlflow().exceptions.MlflowException as error:
            if is_missing(error):
                return None
            raise
    return ModelVersion(name, str(found.version), str(found.run_id) if found.run_id else None)


def version_of_run(root: Path, name: str, *, run_id: str) -> ModelVersion | None:
    """Return the newest version of a registered model that a run made; None where it made none."""
    client = open_client(root)
    with stated_failures(store_uri(root)):
        found = client.search_model_versions(f"name = '{name}' and run_id = '{run_id}'")
    newest = max((int(version.version) for version in found), default=None)
    return None if newest is None else ModelVersion(name, str(newest), run_id)


def set_alias(root: Path, version: ModelVersion, *, alias: str) -> None:
    """Let a version bear an alias, which an earlier one loses."""
    client = open_client(root)
    with stated_failures(store_uri(root)):
        client.set_registered_model_alias(version.name, alias, version.version)


def describe_version(root: Path, version: ModelVersion, *, tags: Mapping[str, str], text: str) -> None:
    """Set a version's tags and its description."""
    client = open_client(root)
    with stated_failures(store_uri(root)):
        for key, value in tags.items():
            client.set_model_version_tag(version.name, version.version, key, value)
        client.update_model_version(version.name, version.version, description=text[:_LONGEST])


def note_decision(root: Path, version: ModelVersion, sentence: str) -> None:
    """Add a sentence to a version's description, on a line of its own; the oldest lines give way where it is full."""
    client = open_client(root)
    known = client.get_model_version(version.name, version.version).description or ""
    lines = [*known.splitlines(), f"- {sentence}"[:_LONGEST]]
    while sum(len(line) + 1 for line in lines) > _LONGEST and len(lines) > 1:
        del lines[0]
    client.update_model_version(version.name, version.version, description="\n".join(lines))


def download_model(uri: str, root: Path) -> Path:
    """Fetch a registered model (``models:/NAME@ALIAS`` or ``models:/NAME/VERSION``) and return its voice folder.

    Raises:
        CheckpointError: if the registry has no such model.
    """
    with at_store(root) as mlflow:
        try:
            folder = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri))
        except mlflow.exceptions.MlflowException as error:
            raise CheckpointError(
                f"the model registry at {shown_store(root)} has no {uri}",
                found=str(error).splitlines()[0],
                remedy="run `dvc repro` to register the voice (`emotts promote RUN` gives it the alias champion), or "
                "name its folder (models/export)",
            ) from error
    return folder / "data" / "export" if (folder / "data" / "export").is_dir() else folder
