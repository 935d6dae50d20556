"""The source of a run: hashes of its data and classifier, the commit, and the files needed to reproduce it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from emotts.paths import CLASSIFIER
from emotts.tracking.git import ask_git
from emotts.tracking.tracker import Tracker

__all__ = ["CHANGES", "LOCK", "SETTINGS", "data_identity", "log_source"]

SETTINGS = "source/params.yaml"
"""The settings that a run was made with, among its artifacts."""
LOCK = "source/dvc.lock"
"""The hashes of what the stages of a run read and wrote, as far as they had run when its last stage began."""
CHANGES = "source/changes.patch"
"""How the project's files differed from the run's commit, settings and hashes left out; missing where they did not."""


def data_identity(root: Path) -> dict[str, str]:
    """Return the DVC hashes of the data folders and the classifier, as ``dvc.lock`` has them, and the git commit.

    Keys are ``data.raw``, ``data.segments``, ``data.labels``, ``data.corpus``, ``data.bert``,
    ``models.emotion_classifier``, ``git.commit``, ``git.dirty``; what is not known yet is left out.
    """
    identity: dict[str, str] = {}
    lock = root / "dvc.lock"
    stages = (yaml.safe_load(lock.read_text(encoding="utf-8")) or {}).get("stages", {}) if lock.is_file() else {}
    for stage in stages.values():
        for out in stage.get("outs", []):
            if out["path"].startswith("data/") or out["path"] == CLASSIFIER.as_posix():
                identity[out["path"].rstrip("/").replace("/", ".")] = str(out.get("md5", ""))
    commit = ask_git(root, "rev-parse", "HEAD")
    if commit is not None:
        identity["git.commit"] = commit.strip()
        identity["git.dirty"] = str(bool(ask_git(root, "status", "--porcelain", "--untracked-files=no"))).lower()
    return identity


def log_source(tracker: Tracker, root: Path, settings: Mapping[str, Any]) -> None:
    """Save with a run what reproduces it: its settings, ``dvc.lock``, and changes that are in no commit.

    The tag ``git.changes`` is the SHA-256 of the latter; it is missing where the commit has everything.

    Args:
        tracker: of the run.
        root: the project.
        settings: the sections of ``params.yaml``, as the run uses them.
    """
    files = {SETTINGS: yaml.safe_dump(dict(settings), allow_unicode=True, sort_keys=False).encode()}
    if (root / "dvc.lock").is_file():
        files[LOCK] = (root / "dvc.lock").read_bytes()
    unlike = [".", ":(exclude)params.yaml", ":(exclude)dvc.lock"]
    changes = (ask_git(root, "diff", "HEAD", "--binary", "--relative", "--", *unlike) or "").encode(
        "utf-8", errors="surrogateescape"
    )
    if changes:
        files[CHANGES] = changes
        tracker.tags({"git.changes": hashlib.sha256(changes).hexdigest()})
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder) / Path(name).name
            path.write_bytes(content)
        tracker.folder(Path(folder), Path(SETTINGS).parent.as_posix())
