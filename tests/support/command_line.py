"""The command line as a user starts it: a process of its own, outside of any project."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from support.places import REPOSITORY

__all__ = ["Emotts", "names"]


@dataclass(frozen=True)
class Emotts:
    """Runs ``emotts ARGUMENTS`` in a folder."""

    folder: Path

    def __call__(
        self, *arguments: str, folder: Path | None = None, path: str | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Return what came of it; it never ends in a traceback."""
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}
        environment |= variables
        environment |= {} if path is None else {"PATH": path}
        done = subprocess.run(
            [sys.executable, "-m", "emotts.cli", *arguments],
            cwd=folder or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout
        return done


def names(folder: Path) -> set[str]:
    """Return the paths of all that is below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
