"""Fixtures: short recordings, and projects that read them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.project import Project, make_project, write_recordings


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of short recordings in four emotions; nobody changes it."""
    folder = tmp_path_factory.mktemp("sound") / "recordings"
    write_recordings(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path, recordings: Path) -> Project:
    """Return a fresh project with recordings of its own."""
    made = make_project(tmp_path / "project")
    shutil.copytree(recordings, made.folder / "recordings")
    return made
