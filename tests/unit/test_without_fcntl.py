"""Reading a voice and checking data need nothing that only Unix has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.data_report import good_folder
from support.places import REPOSITORY

pytestmark = pytest.mark.slow

BLOCKED = "import sys; sys.modules['fcntl'] = sys.modules['termios'] = None; "


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BLOCKED + code],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_voice_can_be_imported(tmp_path: Path) -> None:
    done = run("from emotts import Voice; print(Voice.__name__)", tmp_path)
    assert (done.stdout, done.returncode) == ("Voice\n", 0), done.stderr


def test_recordings_can_be_checked(tmp_path: Path) -> None:
    good_folder(tmp_path / "recordings")
    code = "sys.argv = ['emotts', 'check', 'recordings']; from emotts.cli.app import main; main()"
    done = run(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "happy/take1.wav" in done.stdout


def test_a_lock_still_locks(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from emotts.files import locked\n"
        "with locked(Path('lock')) as first, locked(Path('lock'), wait=False) as second: print(first, second)"
    )
    done = run(code, tmp_path)
    assert done.stdout == "True False\n", done.stderr


@pytest.mark.parametrize("name", ["fcntl", "termios"])
def test_the_library_names_no_module_that_only_unix_has(name: str) -> None:
    importing = [
        str(path.relative_to(REPOSITORY))
        for path in (REPOSITORY / "emotts").rglob("*.py")
        if any(line.startswith(f"import {name}") for line in path.read_text(encoding="utf-8").splitlines())
    ]
    assert importing == []
