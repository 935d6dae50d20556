"""Cheap copies of a prepared project, and what a refused or interrupted stage may leave behind."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from support.project import CODE, Project, own_code

MAY_CHANGE = ("models/voice.lock", "mlruns.db", "mlartifacts", ".emotts", ".git", ".dvc", *CODE)
"""What every stage may write: the tracking store, and nothing else outside of its own folder."""
TEMPORARY = (".tmp", ".part")


def copy_project(project: Project, folder: Path, *, without: Iterable[str] = ()) -> Project:
    """Copy a project without its git and DVC; the code is linked, since nobody changes it."""
    shutil.copytree(project.folder, folder, ignore=shutil.ignore_patterns(".git", ".dvc", *CODE, *without))
    for name in CODE:
        (folder / name).symlink_to((project.folder / name).resolve())
    return Project(folder)


def copy_with_dvc(
    project: Project, folder: Path, *commit: str, without: Iterable[str] = ("voice", "mlruns.db", ".emotts")
) -> Project:
    """Copy a project with code, git and DVC of its own, but without its training; ``dvc commit`` takes ``commit``."""
    made = copy_project(project, folder, without=without)
    give_dvc(made, *commit)
    return made


def give_dvc(project: Project, *commit: str) -> None:
    """Give a copy of a project code, git and DVC of its own; ``dvc commit`` takes ``commit``."""
    own_code(project)
    commands = [
        ["git", "init", "-q"],
        ["dvc", "init", "-q"],
        *([["dvc", "commit", "-q", "-f", *commit]] * bool(commit)),
    ]
    for command in commands:
        done = project.run(*command)
        assert done.returncode == 0, done.stdout


def snapshot(project: Project, *, own: str | None = None) -> dict[str, str]:
    """Return the digest of every file of a project but those in ``own`` and :data:`MAY_CHANGE`."""
    outside = [project.folder / name for name in (*MAY_CHANGE, *([own] if own else []))]
    return {
        str(path.relative_to(project.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.folder.rglob("*"))
        if path.is_file() and not any(path.is_relative_to(folder) for folder in outside)
    }


def half_written(project: Project) -> list[str]:
    """Return the files of data, models and reports that are still under a temporary name."""
    return sorted(
        name
        for name in project.files()
        if any(part.startswith(".") for part in Path(name).parts) or name.endswith(TEMPORARY)
    )


def weights_digest(project: Project) -> str:
    """Return the digest of the weights of a training's last checkpoint."""
    name = json.loads((project.folder / "models/voice/last.json").read_text(encoding="utf-8"))["checkpoint"]
    return hashlib.sha256((project.folder / "models/voice" / name / "model.safetensors").read_bytes()).hexdigest()


def check_refused(
    done: subprocess.CompletedProcess[str], project: Project, *, before: dict[str, str], own: str | None
) -> None:
    """A stage said what is wrong and stopped with 1; nothing outside of ``own`` changed, nothing is half written."""
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    assert snapshot(project, own=own) == before
    assert half_written(project) == []


def refuse(project: Project, stage: str, wanted: Iterable[str], *, own: str | None = None) -> str:
    """Run a stage that must refuse its input with every text of ``wanted`` in its message; return the output."""
    before = snapshot(project, own=own)
    done = project.stage(stage)
    for text in wanted:
        assert text in done.stdout, f"{text!r} is not in:\n{done.stdout}"
    assert f"{stage} stopped." in done.stdout
    check_refused(done, project, before=before, own=own)
    return done.stdout
