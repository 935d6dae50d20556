"""The installed code: its version and its package."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

import emotts

__all__ = ["code_version", "package_folder"]


def code_version() -> str:
    """Return the installed version of emotts, and the beginning of a SHA-256 of its source."""
    digest = hashlib.sha256()
    for path in sorted(package_folder().rglob("*.py")):
        digest.update(path.read_bytes())
    return f"{importlib.metadata.version('emotts')}+{digest.hexdigest()[:12]}"


def package_folder() -> Path:
    """Return the folder of the package ``emotts``."""
    return Path(emotts.__file__).parent
