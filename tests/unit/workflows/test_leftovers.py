"""Half-written files of killed processes are removed; those of living ones and everything else stay."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from emotts.files import replacing, write_folder
from emotts.workflows.leftovers import remove_leftovers, remove_project_leftovers

GONE = 2**22 + 1
"""Above the largest process id of Linux."""


def written(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("half")
    return path


@pytest.mark.parametrize(
    ("name", "is_removed"),
    [
        (f".a.wav.{GONE}.part", True),
        (f".긴 이름.jsonl.{GONE}.part", True),
        (f".export.old.{GONE}.part/config.json", True),
        (f"deep/er/.x.{GONE}.part", True),
        (".a.wav.{own}.part", False),
        (f"a.wav.{GONE}.part", False),
        (".a.wav.part", False),
        (".a.wav.tmp", False),
        (f".a.wav.{GONE}.part.wav", False),
        (".gitignore", False),
        (f".a.{10**40}.part", True),
    ],
)
def test_the_name_decides(tmp_path: Path, name: str, is_removed: bool) -> None:
    name = name.format(own=os.getpid())
    path = written(tmp_path / "data" / name)
    removed = remove_leftovers(tmp_path / "data")
    assert path.exists() is not is_removed
    assert [each.name for each in removed] == [part for part in Path(name).parts if part.endswith(".part")][:is_removed]


def test_a_file_older_than_the_process_of_that_number_is_nobodys(tmp_path: Path) -> None:
    path = written(tmp_path / f".a.{os.getpid()}.part")
    before = psutil.Process().create_time() - 60
    os.utime(path, (before, before))
    assert remove_leftovers(tmp_path) == [path]


def test_other_machines_folders_are_left_alone(tmp_path: Path) -> None:
    name = f".x.{GONE}.part"
    kept = [written(tmp_path / folder / name) for folder in ("data/tune/a", "data/ablation", "data/base/b", "mine")]
    gone = [written(tmp_path / folder / name) for folder in ("data/raw", "models/export", "reports", ".emotts")]
    assert sorted(remove_project_leftovers(tmp_path)) == sorted(gone)
    assert all(path.exists() for path in kept)
    assert remove_leftovers(tmp_path / "nothing") == []


def test_what_is_being_written_bears_this_process_and_fits_into_any_name(tmp_path: Path) -> None:
    name = "가" * 80 + ".wav"  # 244 of the 255 bytes that a name may have
    with replacing(tmp_path / name) as temporary:
        temporary.write_text("whole")
        assert temporary.name.endswith(f".{os.getpid()}.part")
        assert remove_leftovers(tmp_path) == []
    assert (tmp_path / name).read_text() == "whole"
    for content in (b"first", b"second"):
        write_folder(tmp_path / ("나" * 84), {"a": content})
        assert (tmp_path / ("나" * 84) / "a").read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 2
