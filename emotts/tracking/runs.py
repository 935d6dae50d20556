"""Reading runs back: finding one, its metrics and parameters, and its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from emotts.errors import ConfigError, printable
from emotts.tracking.failures import is_missing, stated_failures
from emotts.tracking.former_names import present_metrics
from emotts.tracking.registry import version_with_alias
from emotts.tracking.store import import_mlflow, open_client, shown_store, store_uri

__all__ = ["Run", "download_artifacts", "find_run", "read_run"]

_ID = re.compile(r"[0-9a-f]{4,32}")
_SHOWN = 8


@dataclass(frozen=True)
class Run:
    """A run as MLflow holds it, without its files.

    Attributes:
        metrics: under their present names.
        params: under the names that they had when the run was made.
        data: digests of its dataset inputs by name.
        address: of the folder of its files.
    """

    run_id: str
    name: str
    status: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    data: Mapping[str, str]
    address: str = ""

    @property
    def missing_folder(self) -> Path | None:
        """The folder of its files, if that should be on this machine and is not there."""
        parts = urlsplit(self.address)
        folder = Path(unquote(parts.path))
        return folder if parts.scheme == "file" and not folder.is_dir() else None

    @property
    def title(self) -> str:
        """Its name and the beginning of its id."""
        return f"{self.name} ({self.run_id[:_SHOWN]})"

    def made_with(self, params: Mapping[str, object]) -> bool:
        """Whether no parameter of the run has another value in ``params``."""
        return all(self.params[key] == str(value) for key, value in params.items() if key in self.params)


def read_run(root: Path, run_id: str) -> Run | None:
    """Return the run of an id; None where it has gone.

    Raises:
        TrackingError: if the store fails.
    """
    client = open_client(root)
    with stated_failures(store_uri(root)):
        try:
            found = client.get_run(run_id)
        except import_mlflow().exceptions.MlflowException as error:
            if is_missing(error):
                return None
            raise
    return _run(found) if found.info.lifecycle_stage == "active" else None


def find_run(root: Path, wanted: str, *, model: str) -> Run:
    """Return the run that a name, an id or an alias means.

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
                where=shown_store(root),
                remedy="name the run itself; `emotts promote RUN` gives a version the alias champion, "
                "`emotts tune STUDY.yaml` that of its best trial the alias challenger",
            )
        wanted = version.run_id
    found = _candidates(root, wanted)
    if len(found) == 1:
        return _run(found[0])
    if not found:
        raise ConfigError(
            f"there is no run {wanted!r}",
            where=shown_store(root),
            wanted="a run's id, the beginning of one (4 signs or more), a run's name, or @champion",
            remedy="see the runs with `emotts ui`",
        )
    names = ", ".join(f"{_run(run).title}" for run in found[:5])
    raise ConfigError(f"several runs are meant by {wanted!r}", found=names, remedy="name one by its id")


def _candidates(root: Path, wanted: str) -> list[Any]:
    """Return the runs that bear a name, or whose id begins so; an exact id comes alone."""
    client = open_client(root)
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
        name=printable(str(found.info.run_name)),
        status=str(found.info.status),
        params=dict(found.data.params),
        metrics=present_metrics({str(name): float(value) for name, value in found.data.metrics.items()}),
        tags={str(name): str(value) for name, value in found.data.tags.items()},
        data={str(given.dataset.name): str(given.dataset.digest) for given in inputs},
        address=str(found.info.artifact_uri),
    )


def download_artifacts(root: Path, run: Run, *, path: str, folder: Path) -> Path | None:
    """Copy a file or folder of a run's artifacts below ``folder``; return where it is, None where the run lacks it."""
    client = open_client(root)
    parent = path.rpartition("/")[0]
    if path not in {str(item.path) for item in client.list_artifacts(run.run_id, parent or None)}:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return Path(client.download_artifacts(run.run_id, path, str(folder)))
