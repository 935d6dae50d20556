"""A full disk is said as a problem to act upon, wherever it is noticed."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sys
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.cli.app import main
from emotts.system_refusals import refusal_number, stated_refusal
from emotts.workflows.dvc_repair import keep_lock

FULL = os.strerror(errno.ENOSPC)


def fill(disk: Path) -> None:
    (disk / "ballast").write_bytes(bytes(shutil.disk_usage(disk).free))


def test_only_what_the_user_can_change_is_a_refusal() -> None:
    assert refusal_number(OSError(errno.ENOSPC, FULL, "a")) == errno.ENOSPC
    assert refusal_number(PermissionError(errno.EACCES, "no")) == errno.EACCES
    assert refusal_number(FileNotFoundError(errno.ENOENT, "none")) is None
    assert refusal_number(shutil.Error([("a", "b", "cannot be copied")])) is None
    assert stated_refusal(FileNotFoundError(errno.ENOENT, "none"), again="it") is None


def test_a_folder_that_cannot_be_copied_is_stated(tiny_disk: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "first").touch()
    (source / "second").write_bytes(bytes(100_000))
    with pytest.raises(shutil.Error) as caught:
        shutil.copytree(source, tiny_disk / "copy")
    said = str(stated_refusal(caught.value, again="`dvc repro`"))
    assert said == (
        f"the system refuses to read or write\n  found: {FULL}\n"
        "  to do: check the permissions and the free space, then run `dvc repro` again"
    )


def test_a_command_says_that_the_disk_is_full(
    tiny_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = (REPOSITORY / "params.yaml").read_bytes()
    (tiny_disk / "params.yaml").write_bytes(params)
    (tiny_disk / "dvc.yaml").touch()
    fill(tiny_disk)
    monkeypatch.chdir(tiny_disk)
    monkeypatch.setattr(sys, "argv", ["emotts", "preset", str(REPOSITORY / "experiments/presets/melotts.yaml")])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    said = capsys.readouterr().err
    assert f"  found: {FULL}\n" in said
    assert said.endswith("to do: check the permissions and the free space, then run the same command again\n")
    assert (tiny_disk / "params.yaml").read_bytes() == params


def test_without_room_for_a_copy_of_the_lock_the_last_one_stays(
    tiny_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lock, copy = tiny_disk / "dvc.lock", tiny_disk / ".emotts/dvc.lock"
    lock.write_text("schema: '2.0'\nstages: {}\n", encoding="utf-8")
    keep_lock(tiny_disk)
    before = copy.read_bytes()
    lock.write_text("schema: '2.0'\nstages:\n  train:\n    cmd: none\n", encoding="utf-8")
    fill(tiny_disk)
    with caplog.at_level(logging.WARNING):
        keep_lock(tiny_disk)
    assert caplog.messages == [f"dvc.lock was not copied to .emotts/dvc.lock: {FULL}"]
    assert (lock.is_file(), copy.read_bytes()) == (True, before)
