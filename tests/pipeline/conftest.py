"""Fixtures: short recordings, and projects that read them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.command_line import Emotts
from support.places import REPOSITORY
from support.prepared import copy_project
from support.project import Project, lay_out, make_project, write_recordings


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of short recordings in four emotions; nobody changes it."""
    folder = tmp_path_factory.mktemp("sound") / "recordings"
    write_recordings(folder)
    return folder


@pytest.fixture
def emotts(tmp_path: Path) -> Emotts:
    """Return what runs ``emotts ARGUMENTS`` in ``tmp_path``, outside of any project."""
    return Emotts(tmp_path)


@pytest.fixture
def settings_only(tmp_path: Path) -> Path:
    """Return a folder that has the settings of a project and nothing else."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("params.yaml", "dvc.yaml", "lexicon.tsv"):
        shutil.copy(REPOSITORY / name, folder / name)
    return folder


@pytest.fixture
def project(tmp_path: Path, recordings: Path) -> Project:
    """Return a fresh project with recordings of its own."""
    made = make_project(tmp_path / "project")
    shutil.copytree(recordings, made.folder / "recordings")
    return made


@pytest.fixture(scope="session")
def bare(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project without recordings, git and DVC, whose store has its tables; nobody changes it."""
    made = lay_out(tmp_path_factory.mktemp("bare") / "project")
    shutil.copy(empty_store, made.folder / "mlruns.db")
    return made


@pytest.fixture(scope="session")
def labelled(bare: Project, recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project that ran up to its labels; nobody changes it."""
    made = copy_project(bare, tmp_path_factory.mktemp("labelled") / "project")
    shutil.copytree(recordings, made.folder / "recordings")
    for stage in ("recording", "segment", "label"):
        done = made.stage(stage)
        assert done.returncode == 0, done.stdout
    return made


@pytest.fixture(scope="session")
def whole(labelled: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project whose training has finished, undisturbed; nobody changes it."""
    made = copy_project(labelled, tmp_path_factory.mktemp("whole") / "project")
    made.set(
        {
            "classifier.folds": 2,
            "classifier.repeats": 1,
            # checkpoints that are larger than the tracking store
            "model.synthesizer.istft.channels": 128,
            "model.synthesizer.istft.hidden_channels": 512,
            "train.steps": 8,
            "train.validate_every": 8,
            "train.sample_every": 8,
            "train.keep_checkpoints": 3,
        }
    )
    for stage in ("corpus", "bert", "classifier", "train"):
        done = made.stage(stage)
        assert done.returncode == 0, done.stdout
    return made
