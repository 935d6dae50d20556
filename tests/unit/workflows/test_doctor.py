"""What ``emotts doctor`` finds, and how it says it."""

from __future__ import annotations

import importlib.metadata
import os
from importlib.metadata import version
from pathlib import Path

import pytest

from emotts.workflows.doctor import Finding, examine

pytestmark = pytest.mark.slow


def by_name(folder: Path) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(folder)}


def test_lines() -> None:
    assert Finding("git", "ok", "/usr/bin/git").line() == "ok        git                /usr/bin/git"
    broken = Finding("torch", "broken", "not installed", "make install")
    assert broken.broken
    assert broken.line() == "BROKEN    torch              not installed  -> make install"
    assert not Finding("ffmpeg", "optional", "not found").broken


def test_this_machine(tmp_path: Path) -> None:
    findings = by_name(tmp_path)
    assert [name for name, finding in findings.items() if finding.broken] == []
    assert findings["torch"].detail == version("torch")
    assert findings["Korean text"].detail == "국물 -> _ ᄀ ᅮ ᆼ ᄆ ᅮ ᆯ _"
    assert list(tmp_path.iterdir()) == []


def test_project_is_found_from_below(tmp_path: Path) -> None:
    below = tmp_path / "data"
    below.mkdir()
    assert by_name(below)["project"].state == "optional"
    (tmp_path / "params.yaml").touch()
    assert by_name(below)["project"].detail == f"{tmp_path.resolve()} lacks dvc.yaml, .dvc"
    (tmp_path / "dvc.yaml").touch()
    (tmp_path / ".dvc").mkdir()
    assert by_name(below)["project"] == Finding("project", "ok", str(tmp_path.resolve()))


def test_a_model_that_is_not_installed_is_named_with_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = importlib.metadata.version

    def without_quality(name: str) -> str:
        if name == "distillmos":
            raise importlib.metadata.PackageNotFoundError(name)
        return installed(name)

    monkeypatch.setattr(importlib.metadata, "version", without_quality)
    remedy = "predicts the quality of speech (evaluate.quality_predictor): pip install 'emotts[quality]'"
    assert by_name(tmp_path)["distillmos"] == Finding("distillmos", "optional", "not installed", remedy)


def test_programs_that_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    findings = by_name(tmp_path)
    assert findings["git"].broken
    assert findings["git"].remedy == "apt install git"
    assert findings["ffmpeg"].state == "optional"
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    assert os.environ["PATH"] == str(tmp_path)
    assert by_name(tmp_path)["ffmpeg"] == Finding("ffmpeg", "ok", str(program))
