"""Work on many files in parallel by joblib: in processes of this machine, or on a cluster of Dask or Ray."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from emotts.errors import ConfigError, EmottsError
from emotts.schema import Settings

__all__ = ["ParallelSettings", "parallel_map", "works_here"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_SCHEDULER = "DASK_SCHEDULER_ADDRESS"
"""Dask's own variable: the address of a cluster that runs already."""
_LOGGER = "emotts"


class ParallelSettings(Settings):
    """How many files are worked on at once, and by what."""

    jobs: Annotated[int, Field(gt=0, le=1024)]
    backend: Literal["loky", "dask", "ray"]


def works_here(parallel: ParallelSettings | None) -> bool:
    """Whether one file after the other is worked on, in this very process."""
    return parallel is None or (parallel.jobs == 1 and parallel.backend == "loky")


@dataclass(frozen=True)
class _Outcome(Generic[Result]):
    """What became of one item: its result or its error, and what was logged meanwhile."""

    result: Result | None
    error: EmottsError | None
    records: tuple[logging.LogRecord, ...]


def parallel_map(
    function: Callable[[Item], Result], items: Sequence[Item], *, parallel: ParallelSettings | None
) -> Iterator[Result]:
    """Yield ``function(item)`` for every item, in the order of the items; few are held at a time.

    The first item in order that fails raises its error, whichever failed first. What the function logs is logged here,
    in order. With ``dask``, ``DASK_SCHEDULER_ADDRESS`` names a cluster that runs already and sees the same files;
    without it, ``jobs`` workers are started on this machine and ended again.

    Args:
        function: can be pickled, as the items and the results can.
        items: what to work on.
        parallel: how; None: one item after the other, in this process.

    Raises:
        ConfigError: if the backend's package is not installed.
    """
    if parallel is None or works_here(parallel):
        yield from map(function, items)
        return
    joblib = importlib.import_module("joblib")
    folder = Path.cwd()
    with _workers(parallel):
        with joblib.parallel_config(
            backend=parallel.backend, n_jobs=-1 if parallel.backend == "dask" else parallel.jobs
        ):
            # joblib has no generator for Ray
            run = joblib.Parallel(return_as="list" if parallel.backend == "ray" else "generator")
        for outcome in run(joblib.delayed(_attempt)(function, item, folder=folder) for item in items):
            _log(outcome.records)
            if outcome.error is not None:
                raise outcome.error
            yield outcome.result


def _log(records: Sequence[logging.LogRecord]) -> None:
    for record in records:
        logger = logging.getLogger(record.name)
        if logger.isEnabledFor(record.levelno):
            logger.handle(record)


@contextlib.contextmanager
def _workers(parallel: ParallelSettings) -> Iterator[None]:
    """Make sure that joblib finds the backend, and that it has its workers while entered."""
    if parallel.backend == "dask":
        with _dask_client(parallel.jobs):
            yield
        return
    if parallel.backend == "ray":
        _require("ray", remedy="pip install ray, or set parallel.backend: loky")
        importlib.import_module("ray.util.joblib").register_ray()
    yield


@contextlib.contextmanager
def _dask_client(jobs: int) -> Iterator[None]:
    """Connect to the cluster that Dask's variable names, or start one of ``jobs`` processes."""
    _require("distributed", remedy="pip install 'emotts[dask]', or set parallel.backend: loky")
    distributed = importlib.import_module("distributed")
    address = os.environ.get(_SCHEDULER)
    if address:
        with distributed.Client(address):
            yield
        return
    with (
        distributed.LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster),
    ):
        yield


def _require(package: str, *, remedy: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise ConfigError(
            f"the package {package} is not installed",
            where="parallel.backend in params.yaml",
            found=package.replace("distributed", "dask"),
            remedy=remedy,
        )


def _attempt(function: Callable[[Item], Result], item: Item, *, folder: Path) -> _Outcome[Result]:
    """Work on an item in a worker: in the same folder, with the log kept and a stated problem handed back."""
    logger = logging.getLogger(_LOGGER)
    kept = _KeptRecords()
    level = logger.level
    logger.addHandler(kept)
    logger.setLevel(logging.INFO)
    try:
        with contextlib.chdir(folder):
            return _Outcome(function(item), None, tuple(kept.records))
    except EmottsError as error:
        return _Outcome(None, error, tuple(kept.records))
    finally:
        logger.setLevel(level)
        logger.removeHandler(kept)


class _KeptRecords(logging.Handler):
    """Keeps records in a form that can be pickled."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record with its message made up, and without the objects it was made from."""
        record.msg, record.args, record.exc_info = record.getMessage(), None, None
        self.records.append(record)
