"""Reading runs back: which one is meant, what it holds, and its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts.errors import ConfigError
from emotts.tracking.registry import version_with_alias
from emotts.tracking.store import import_mlflow, store_uri

__all__ = ["Run", "download_artifacts", "find_run"]

_ID = re.compile(r"[0-9a-f]{4,32}")
_SHOWN = 8


@dataclass(frozen=True)
class Run:
    """What MLflow holds of a run, but for its files.

    Attributes:
        data: digests of its dataset inputs by name.
    """

    run_id: str
    name: str
    status: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    data: Mapping[str, str]

    @property
    def title(self) -> str:
        """Its name and the beginning of its id."""
        return f"{self.name} ({self.run_id[:_SHOWN]})"


def find_run(root: Path, wanted: str, *, model: str) -> Run:
    """Return the run that is meant.

    Args:
        root: the project.
        wanted: a run's id, the beginning of one (4 signs or more), its name, or ``@ALIAS`` of the registered model,
            such as ``@champion``.
        model: name of the registered model.

    Raises:
        ConfigError: if there is no such run, or several.
    """
    if wanted.startswith("@"):
        version = version_with_alias(root, model, alias=wanted[1:])
        if version is None or version.run_id is None:
            raise ConfigError(
                f"no version of the registered model {model!r} has the alias {wanted[1:]!r}",
                where=store_uri(root),
                remedy="name the run itself, or give a version the alias: emotts promote RUN",
            )
        wanted = version.run_id
    found = _candidates(root, wanted)
    if len(found) == 1:
        return _run(found[0])
    if not found:
        raise ConfigError(
            f"there is no run {wanted!r}",
            where=store_uri(root),
            wanted="a run's id, the beginning of one (4 signs or more), a run's name, or @champion",
            remedy="see the runs with `emotts ui`",
        )
    names = ", ".join(f"{_run(run).title}" for run in found[:5])
    raise ConfigError(f"several runs are meant by {wanted!r}", found=names, remedy="name one by its id")


def _candidates(root: Path, wanted: str) -> list[Any]:
    """Return the runs that bear a name, or whose id begins so; an exact id comes alone."""
    client = import_mlflow().MlflowClient(store_uri(root))
    experiments = [str(found.experiment_id) for found in client.search_experiments()]
    quoted = wanted.replace("'", "''")
    filters = [f"attributes.run_name = '{quoted}'"] if "'" not in wanted else [f'attributes.run_name = "{wanted}"']
    if _ID.fullmatch(wanted):
        filters.append(f"attributes.run_id LIKE '{wanted}%'")
    found = {}
    for condition in filters:
        for run in client.search_runs(experiments, condition, max_results=50):
            found[str(run.info.run_id)] = run
    return [found[wanted]] if wanted in found else list(found.values())


def _run(found: Any) -> Run:
    inputs = [] if found.inputs is None else found.inputs.dataset_inputs
    return Run(
        run_id=str(found.info.run_id),
        name=str(found.info.run_name),
        status=str(found.info.status),
        params=dict(found.data.params),
        metrics={str(name): float(value) for name, value in found.data.metrics.items()},
        tags={str(name): str(value) for name, value in found.data.tags.items()},
        data={str(given.dataset.name): str(given.dataset.digest) for given in inputs},
    )


def download_artifacts(root: Path, run: Run, *, path: str, folder: Path) -> Path | None:
    """Copy a file or folder of a run's artifacts below ``folder``; return where it is, None where the run lacks it."""
    client = import_mlflow().MlflowClient(store_uri(root))
    parent = path.rpartition("/")[0]
    if path not in {str(item.path) for item in client.list_artifacts(run.run_id, parent or None)}:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return Path(client.download_artifacts(run.run_id, path, str(folder)))
