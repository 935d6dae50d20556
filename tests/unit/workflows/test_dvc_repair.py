"""What a kill or a full disk leaves of DVC's files is repaired, and said."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import voluptuous
from dvc.exceptions import DvcException
from dvc.schema import COMPILED_LOCKFILE_SCHEMA
from dvc.utils.serialize import parse_yaml

from emotts.workflows.dvc_repair import keep_lock, repair

pytestmark = pytest.mark.slow

STAGES = "stages:\n  copy:\n    cmd: cp a b\n    deps: [a]\n    outs: [b]\n"


def dvc(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(root), "DVC_NO_ANALYTICS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "dvc", *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "dvc.yaml").write_text(STAGES, encoding="utf-8")
    (root / "a").write_text("text", encoding="utf-8")
    assert dvc(root, "init", "--no-scm", "-q").returncode == 0
    assert dvc(root, "repro", "-q").returncode == 0
    return root


def test_nothing_to_repair(ready: Path) -> None:
    before = (ready / "dvc.lock").read_bytes()
    assert repair(ready) == []
    assert (ready / "dvc.lock").read_bytes() == before


@pytest.mark.parametrize("content", ["", '{"/project/b": {"wri', "[]"])
def test_a_damaged_table_of_locks(ready: Path, content: str) -> None:
    table = ready / ".dvc/tmp/rwlock"
    table.write_text(content, encoding="utf-8")
    if content != "[]":
        assert "corrupted" in dvc(ready, "repro").stderr, "DVC itself does not get out of this"
    assert repair(ready) == [".dvc/tmp/rwlock was damaged, as after a kill: it was emptied"]
    assert dvc(ready, "status", "-q").returncode == 0


def test_the_last_good_copy_of_the_lock_comes_back(ready: Path) -> None:
    keep_lock(ready)
    good = (ready / "dvc.lock").read_bytes()
    cut = good[: good.rindex(b"path:")]
    (ready / "dvc.lock").write_bytes(cut)
    (said,) = repair(ready)
    assert said.startswith("dvc.lock was damaged, as after a full disk: its last good copy is back")
    assert (ready / "dvc.lock").read_bytes() == good
    assert (ready / ".emotts/dvc.lock.damaged").read_bytes() == cut
    assert dvc(ready, "status", "-q").returncode == 0


def test_wherever_it_is_cut_off_what_dvc_cannot_read_is_repaired(ready: Path, tmp_path: Path) -> None:
    good = (ready / "dvc.lock").read_text(encoding="utf-8")
    refused = 0
    for length in range(0, len(good), 3):
        text = good[:length]
        try:
            COMPILED_LOCKFILE_SCHEMA(parse_yaml(text, "dvc.lock"))
        except (DvcException, voluptuous.Error):
            refused += 1
            (tmp_path / "dvc.lock").write_text(text, encoding="utf-8")
            assert len(repair(tmp_path)) == 1, text
    assert refused > 30


def test_a_damaged_lock_is_not_kept_and_without_a_copy_it_is_moved(ready: Path, tmp_path: Path) -> None:
    (tmp_path / "dvc.lock").write_text("schema: '2.0'\nstages:\n  copy:\n   - [", encoding="utf-8")
    keep_lock(tmp_path)
    assert not (tmp_path / ".emotts/dvc.lock").exists()
    (said,) = repair(tmp_path)
    assert "there is no copy" in said
    assert not (tmp_path / "dvc.lock").exists()


def test_nothing_is_touched_while_another_dvc_works(ready: Path) -> None:
    table = ready / ".dvc/tmp/rwlock"
    table.write_text("", encoding="utf-8")
    code = "import sys, time; print('here', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, "dvc"], cwd=ready, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert repair(ready) == []
        other.kill()
    deadline = time.monotonic() + 60
    while not (done := repair(ready)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(done) == 1
