"""The run that the stages of one pass through the pipeline share, each in a process of its own.

They find it through a small state file, keyed by the process that started the pass.
"""

from __future__ import annotations

import json
from pathlib import Path

import psutil

from emotts.files import write_text

__all__ = ["current_run_id", "save_current_run"]

_STATE = Path(".emotts") / "pipeline_run.json"


def current_run_id(root: Path) -> str | None:
    """Return the id of the run that an earlier stage of this pass opened; None where there is none."""
    state = _read_state(root)
    return state.get("run_id") if state.get("key") == _pipeline_key() else None


def save_current_run(root: Path, run_id: str) -> None:
    """Let later stages of this pass find its run."""
    write_text(root / _STATE, json.dumps({"key": _pipeline_key(), "run_id": run_id}) + "\n")


def _pipeline_key() -> str:
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
