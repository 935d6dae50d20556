"""How threads wait and how much is kept, unless the environment says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from emotts.runtime import keep_few_lengths, wait_briefly


def test_the_environment_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    monkeypatch.setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "9")
    wait_briefly()
    keep_few_lengths()
    assert (os.environ["OMP_WAIT_POLICY"], os.environ["GOMP_SPINCOUNT"]) == ("ACTIVE", "7")
    assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "9"


def test_a_stage_settles_it_before_torch_is_there() -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    code = (
        "import os, sys, pipelines; environment = os.environ; "
        "print(environment['OMP_WAIT_POLICY'], environment['GOMP_SPINCOUNT'], 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["PASSIVE", "3000", "False"]


@pytest.mark.skipif(sys.platform != "linux", reason="the system sends no signal at a parent's death")
def test_a_child_ends_with_its_parent_even_by_sigkill() -> None:
    child = (
        "import signal, sys, time; from emotts.runtime import end_with_parent; "
        "print(end_with_parent(signal.SIGTERM), flush=True); time.sleep(60)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        process.kill()
        assert process.stdout.read() == "", "the child held its end of the pipe open until it ended"
