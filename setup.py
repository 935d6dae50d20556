"""The build of the wheel: everything is in pyproject.toml, except for the default settings."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithSettings(build_py):
    """Puts the repository's ``params.yaml`` and lexicon into the package as it is built; a clone reads its own."""

    def run(self) -> None:
        """Build the package, then copy the settings beside its modules."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "emotts"
            target.mkdir(parents=True, exist_ok=True)
            for name in ("params.yaml", "lexicon.tsv"):
                shutil.copyfile(Path(__file__).parent / name, target / name)


setup(cmdclass={"build_py": BuildWithSettings})
