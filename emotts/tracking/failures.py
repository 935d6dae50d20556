"""What a failure of MLflow means: that an entry is refused for good, that a run has gone, or that the store is away."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from emotts.addresses import shown_address, without_password
from emotts.errors import TrackingError
from emotts.tracking.sending import UnsendableError

__all__ = ["Cause", "cause_of", "failure_kinds", "is_answer", "is_missing", "shown_failure", "stated_failures"]

_REFUSED = frozenset({"BAD_REQUEST", "INVALID_PARAMETER_VALUE", "RESOURCE_ALREADY_EXISTS", "RESOURCE_DOES_NOT_EXIST"})
"""MLflow's codes for what it will never take."""
_GONE = "RESOURCE_DOES_NOT_EXIST"
_LONGEST = 300
_AUTOFLUSH = "(raised as a result of Query-invoked autoflush"
"""Begins a hint of SQLAlchemy's before the cause itself."""


class Cause(Enum):
    """Why something could not be sent."""

    AWAY = "the store does not answer as MLflow does; a later try may succeed"
    REFUSED = "MLflow refuses this entry"
    RUN_GONE = "the run was deleted"


def failure_kinds() -> tuple[type[Exception], ...]:
    """Return the exceptions that a call of MLflow may raise, whatever answers it."""
    return (
        importlib.import_module("mlflow.exceptions").MlflowException,
        importlib.import_module("sqlalchemy.exc").SQLAlchemyError,
        importlib.import_module("google.protobuf.json_format").Error,
        OSError,  # the errors of requests are among them
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
    )


def cause_of(error: Exception, client: Any, *, run_id: str, experiment_id: str) -> Cause:
    """Return what a failure means; the store is asked for the run before anything counts as refused.

    Args:
        error: the failure.
        client: MLflow's.
        run_id: of the run.
        experiment_id: of its experiment; empty: not known.
    """
    if not (isinstance(error, UnsendableError) or _code(error) in _REFUSED):
        return Cause.AWAY
    try:
        run = client.get_run(run_id)
        if str(run.info.run_id) != run_id:
            return Cause.AWAY
        return Cause.REFUSED if run.info.lifecycle_stage == "active" else Cause.RUN_GONE
    except failure_kinds() as failure:
        if _code(failure) != _GONE or not experiment_id:
            return Cause.AWAY
    return Cause.RUN_GONE if _has_experiment(client, experiment_id) else Cause.AWAY


def is_missing(error: Exception) -> bool:
    """Whether a failure means that there is no such run."""
    return _code(error) in (_GONE, "INVALID_PARAMETER_VALUE")


@contextmanager
def stated_failures(uri: str, *, remedy: str = "check that it works, and run the same command again") -> Iterator[None]:
    """Turn a failure of the store in the block into an error that says which store it is and what to do.

    Raises:
        TrackingError: in place of what MLflow raises.
    """
    mlflow, sqlalchemy, requests = map(importlib.import_module, ("mlflow.exceptions", "sqlalchemy.exc", "requests"))
    try:
        yield
    except (mlflow.MlflowException, sqlalchemy.SQLAlchemyError, requests.RequestException) as error:
        raise TrackingError(
            "the tracking store fails",
            where=shown_address(uri),
            found=shown_failure(error, uri),
            remedy=remedy,
        ) from error


def is_answer(client: Any, run_id: str) -> bool:
    """Whether the store knows the run: something else may answer every call with a success that is none.

    Raises:
        Exception: whatever MLflow raises where the store does not.
    """
    return str(client.get_run(run_id).info.run_id) == run_id


def shown_failure(error: Exception, uri: str) -> str:
    """Return the first line of an error that says what failed, without the password of the store's address."""
    lines = [line for line in without_password(error, uri).strip().splitlines() if not line.startswith(_AUTOFLUSH)]
    return lines[0][:_LONGEST] if lines else type(error).__name__


def _has_experiment(client: Any, experiment_id: str) -> bool:
    """Whether this is the store that the run was in, and not another one at its address."""
    try:
        return str(client.get_experiment(experiment_id).experiment_id) == experiment_id
    except failure_kinds():
        return False


def _code(error: Exception) -> str:
    return str(getattr(error, "error_code", ""))
