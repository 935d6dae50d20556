"""What a run was made from: the data's hashes and the code's commit."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

__all__ = ["data_identity"]


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
