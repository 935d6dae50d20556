"""How a stage's process ends: a stated problem, a refusal of the system, Ctrl-C at any moment; never a traceback."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import CorpusError
from emotts.settings import Params
from pipelines.stage import run_stage

STARTED_AS_STAGE = "import sys; sys.argv = ['-m']; import pipelines, os, signal, time\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(REPOSITORY / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def fail_with(error: BaseException) -> int:
    def main(params: Params) -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        run_stage("label", main)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.usefixtures("settings")
def test_a_stated_problem(capfd: pytest.CaptureFixture[str]) -> None:
    assert fail_with(CorpusError("no label", where="a.txt:3", remedy="write one")) == 1
    assert capfd.readouterr().err == "label stopped.\na.txt:3: no label\n  to do: write one\n"


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_what_the_system_refuses(number: int, capfd: pytest.CaptureFixture[str]) -> None:
    assert fail_with(OSError(number, os.strerror(number), "data/labels")) == 1
    message = capfd.readouterr().err
    assert message.startswith("label stopped.\ndata/labels: the system refuses to read or write\n")
    assert f"found: {os.strerror(number)}\n" in message
    assert "to do: check the permissions and the free space" in message


@pytest.mark.usefixtures("settings")
def test_a_fault_of_the_program_is_not_hidden() -> None:
    def main(params: Params) -> None:
        Path("nowhere").read_text(encoding="utf-8")

    with pytest.raises(FileNotFoundError):
        run_stage("label", main)


@pytest.mark.usefixtures("settings")
def test_an_interruption(capfd: pytest.CaptureFixture[str]) -> None:
    former = signal.getsignal(signal.SIGINT)
    assert fail_with(KeyboardInterrupt()) == 130
    assert capfd.readouterr().err == "label interrupted; `dvc repro` goes on from here.\n"
    assert signal.getsignal(signal.SIGINT) is former


def run_code(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", STARTED_AS_STAGE + code],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_ctrl_c_while_a_stage_is_imported_ends_it_quietly() -> None:
    done = run_code("os.kill(os.getpid(), signal.SIGINT); time.sleep(60)")
    assert done.returncode == 130
    assert done.stderr == "interrupted before it began; `dvc repro` starts it again.\n"


def test_ctrl_c_that_is_swallowed_by_a_finalizer_comes_again() -> None:
    code = """
from pipelines.interrupt import interruptible
class Lost:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
try:
    with interruptible():
        Lost()
        time.sleep(60)
except KeyboardInterrupt:
    print("caught")
os.kill(os.getpid(), signal.SIGINT)
print("ignored")
"""
    done = run_code(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "caught\nignored\n", "")


def test_ctrl_c_that_compiled_code_turns_into_its_own_failure_is_still_one() -> None:
    code = """
from pipelines.interrupt import interruptible
try:
    with interruptible():
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            assert False, "written == len(data)"
except KeyboardInterrupt:
    print("caught")
"""
    done = run_code(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "caught\n", "")


def test_another_exception_in_a_finalizer_is_shown_as_ever() -> None:
    code = """
from pipelines.interrupt import interruptible
class Faulty:
    def __del__(self):
        raise ValueError("seen")
with interruptible():
    Faulty()
"""
    assert "ValueError: seen" in run_code(code).stderr


def test_a_process_that_ignores_ctrl_c_goes_on_ignoring_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTED_AS_STAGE + "os.kill(os.getpid(), signal.SIGINT); print('on')"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert (done.returncode, done.stdout) == (0, "on\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the system sends no signal at a parent's death")
@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("DVC_STAGE", "train interrupted; `dvc repro` goes on from here.\n"),
        ("OTHER", "done\n"),
    ],
)
def test_a_stage_of_dvc_is_interrupted_when_dvc_is_gone(tmp_path: Path, variable: str, said: str) -> None:
    """A stage that somebody started by hand in the background goes on when the shell is closed."""
    shutil.copy(REPOSITORY / "params.yaml", tmp_path)
    stage = (
        "import sys, time\nfrom pipelines.interrupt import quiet_until_started\nquiet_until_started()\n"
        "from pipelines.stage import run_stage\n"
        "def work(params):\n"
        "    print('begun', flush=True)\n"
        "    sys.stdin.read()\n"  # until the parent is gone
        "    time.sleep(0.2)\n"
        "    print('done', file=sys.stderr, flush=True)\n"
        "run_stage('train', work)\n"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {stage!r}], stdin=subprocess.PIPE)"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), variable: "train"}
    with subprocess.Popen(
        [sys.executable, "-c", parent],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "begun\n"
        process.kill()
        assert process.stderr.read() == said
