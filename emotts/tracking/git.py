"""Questions to git about the project's folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

__all__ = ["ask_git"]


def ask_git(root: Path, *arguments: str) -> str | None:
    """Return what a git command prints; None where it fails or git is not there."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.decode("utf-8", errors="surrogateescape") if done.returncode == 0 else None
