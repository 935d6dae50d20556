"""Where a run comes from: the user, the commit, DVC's experiment, and the process that works on it."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

from emotts.addresses import shown_address
from emotts.processes import is_dead, worker_id
from emotts.tracking.git import ask_git

__all__ = ["EXPERIMENT", "NAME_VARIABLE", "given_name", "kill_dead_runs", "origin_tags", "process_tag"]

NAME_VARIABLE = "EMOTTS_RUN_NAME"
"""The environment variable by which ``emotts run --name`` names the run of its stages."""
EXPERIMENT = "DVC_EXP_NAME"
"""The environment variable by which DVC names an experiment."""
_PROCESS = "emotts.process"
_PARENT = "mlflow.parentRunId"
_MOST = 200


def given_name() -> str | None:
    """Return the name that the user or DVC gives to the run of this pass; None where nobody does."""
    return os.environ.get(NAME_VARIABLE) or os.environ.get(EXPERIMENT) or None


def origin_tags(root: Path) -> dict[str, str]:
    """Return the tags that name a run's user, commit and experiment, as MLflow and DVC call them; only what is known.

    A password in the address of the repository is left out.
    """
    tags = {"mlflow.user": _user()}
    for name, question in (
        ("commit", ("rev-parse", "HEAD")),
        ("branch", ("symbolic-ref", "--short", "-q", "HEAD")),
        ("repoURL", ("config", "--get", "remote.origin.url")),
    ):
        answer = ask_git(root, *question)
        if answer and answer.strip():
            tags[f"mlflow.source.git.{name}"] = shown_address(answer.strip())
    if experiment := os.environ.get(EXPERIMENT):
        tags["dvc.exp.name"] = experiment
    return tags


def process_tag() -> dict[str, str]:
    """Return the tag that names this process as the one that works on a run."""
    return {_PROCESS: worker_id()}


def kill_dead_runs(client: Any, experiment_id: str) -> None:
    """End the runs of an experiment as KILLED whose process on this machine is known to have died.

    A run below which another process still works, such as that of a study, goes on.
    """
    running = client.search_runs([experiment_id], "attributes.status = 'RUNNING'", max_results=_MOST)
    dead = {run.info.run_id for run in running if is_dead(run.data.tags.get(_PROCESS, ""))}
    needed = {run.data.tags.get(_PARENT) for run in running if run.info.run_id not in dead}
    for run_id in dead - needed:
        client.set_terminated(run_id, status="KILLED")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number without an entry in the system's list of users
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
