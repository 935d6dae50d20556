"""The model registry: versions of the voice."""

from __future__ import annotations

from pathlib import Path

from emotts.errors import CheckpointError
from emotts.tracking.store import import_mlflow, store_uri

__all__ = ["download_model"]


def download_model(uri: str, root: Path) -> Path:
    """Fetch a registered model (``models:/NAME@ALIAS`` or ``models:/NAME/VERSION``) and return its voice folder.

    Raises:
        CheckpointError: if the registry has no such model.
    """
    mlflow = import_mlflow()
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
