"""Which project keeps the runs of a folder that DVC works in."""

from __future__ import annotations

from pathlib import Path

import pytest

from emotts.tracking import store_uri
from emotts.tracking.home import home


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository in which a stage runs, as DVC tells it."""
    root = tmp_path / "repository"
    (root / ".dvc/tmp/exps/tmp12").mkdir(parents=True)
    monkeypatch.setenv("DVC_ROOT", str(root))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return root


def test_a_copy_of_dvcs_belongs_to_the_project_it_was_made_from(origin: Path) -> None:
    copy = origin / ".dvc/tmp/exps/tmp12"
    (copy / ".dvc").mkdir()
    (copy / "voices").mkdir()
    assert home(copy) == origin
    assert home(copy / "voices") == origin / "voices"
    assert store_uri(copy / "voices") == f"sqlite:///{origin}/voices/mlruns.db"


def test_the_workspace_and_other_projects_are_their_own(origin: Path, tmp_path: Path) -> None:
    (tmp_path / "other/.dvc").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "other")
    assert home(origin) == origin
    assert home(tmp_path / "other") == tmp_path / "other", "started by a stage of another project"
    assert home(tmp_path / "link") == tmp_path / "other"


def test_without_dvc(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DVC_ROOT")
    assert home(origin / ".dvc/tmp/exps/tmp12") == origin / ".dvc/tmp/exps/tmp12"
