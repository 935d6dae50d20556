"""The paths of a project's files and folders."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from emotts.errors import ConfigError

__all__ = [
    "ABLATIONS",
    "BASES",
    "BASE_WORK",
    "BERT_FEATURES",
    "CLASSIFIER",
    "CORPUS",
    "CORRECTIONS",
    "CORRECTIONS_LOCK",
    "EXPORT",
    "LABELS",
    "PARAMS",
    "PIPELINE",
    "RAW",
    "RECOGNISED",
    "REPORTS",
    "SEGMENTS",
    "STUDIES",
    "VOICE",
    "NoProjectError",
    "find_root",
    "is_inside",
]

PARAMS = Path("params.yaml")
PIPELINE = Path("dvc.yaml")
CORRECTIONS = Path("corrections.jsonl")
"""What people corrected by ear (`emotts review`)."""
CORRECTIONS_LOCK = Path(".emotts/corrections.lock")
RAW = Path("data/raw")
SEGMENTS = Path("data/segments")
LABELS = Path("data/labels")
RECOGNISED = Path("data/recognised")
"""What was heard in the recordings; kept whatever becomes of the stage that listened."""
CORPUS = Path("data/corpus")
BERT_FEATURES = Path("data/bert")
CLASSIFIER = Path("models/emotion_classifier")
VOICE = Path("models/voice")
EXPORT = Path("models/export")
REPORTS = Path("reports")
BASES = Path("models/base")
"""Base voices, one folder each."""
BASE_WORK = Path("data/base")
"""Trainings of base voices, one folder each."""
STUDIES = Path("data/tune")
ABLATIONS = Path("data/ablation")


class NoProjectError(ConfigError):
    """There is no project in a folder or above it."""


def is_inside(name: str) -> bool:
    """Say whether a relative path, as a row of a file names it, stays inside the folder that it starts from."""
    parts = PurePosixPath(name).parts
    return bool(parts) and ".." not in parts and "\0" not in name and not name.startswith("/") and not _has_drive(name)


def _has_drive(name: str) -> bool:
    path = PureWindowsPath(name)
    return bool(path.drive or path.root or ".." in path.parts)


def find_root(start: Path) -> Path:
    """Return the nearest folder from ``start`` upwards that holds ``params.yaml`` and ``dvc.yaml``.

    Raises:
        NoProjectError: if there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / PARAMS).is_file() and (folder / PIPELINE).is_file():
            return folder
    raise NoProjectError(
        "no emotts project here",
        where=start.resolve(),
        wanted=f"a folder with {PARAMS} and {PIPELINE}",
        remedy="clone the repository and run the command inside it",
    )
