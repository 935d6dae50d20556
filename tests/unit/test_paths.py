"""Finding a project's folder from below."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import ConfigError
from emotts.paths import find_root

ORIGINAL = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_find_root_from_below(root: Path) -> None:
    below = root / "data" / "raw"
    below.mkdir(parents=True)
    assert find_root(below) == root.resolve()
    assert find_root(root) == root.resolve()


def test_find_root_outside(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(ORIGINAL, encoding="utf-8")
    with pytest.raises(ConfigError, match="no emotts project here"):
        find_root(tmp_path)
