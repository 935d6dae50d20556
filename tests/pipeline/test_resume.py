"""Training in processes of their own: killed and started again, and shared by two."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch
from support.places import REPOSITORY

from emotts.checkpoint.store import CheckpointStore, resolve_checkpoint

TOYS = REPOSITORY / "tests" / "unit" / "training"


@pytest.fixture(scope="module")
def toy() -> ModuleType:
    import importlib.util

    spec = importlib.util.spec_from_file_location("emotts_tests_tiny_run_pipeline", TOYS / "tiny_run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_script(toy: ModuleType, folder: Path, log: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(toy.__file__), str(folder), str(log), *options]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_fault_8_a_killed_run_goes_on_with_the_same_numbers(toy: ModuleType, tmp_path: Path) -> None:
    folder, log = tmp_path / "voice", tmp_path / "log"
    toy.toy_train(tmp_path / "straight", hooks=toy.log_to(tmp_path / "straight.log"))
    # checkpoints at 2 and 4 (validation), 3 and 6; killed after step 5
    killed = run_script(toy, folder, log, "--after", "5", "--signal", "KILL")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert CheckpointStore(folder).steps()[-1] == 4
    known = len(log.read_text().splitlines())
    result = run_script(toy, folder, log)
    assert result.returncode == 0, result.stderr
    again = [json.loads(line)["step"] for line in log.read_text().splitlines()[known:]]
    assert min(again) > 4, "what stands in the checkpoint is not trained again"
    toy.assert_same_checkpoint(CheckpointStore(tmp_path / "straight").path(6), CheckpointStore(folder).path(6))
    assert toy.metrics_by_step(log) == toy.metrics_by_step(tmp_path / "straight.log")
    assert resolve_checkpoint(folder).name == resolve_checkpoint(tmp_path / "straight").name


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.slow
def test_two_processes_share_the_clips_and_end_with_the_same_weights(toy: ModuleType, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc-per-node",
        "2",
        "--master-port",
        str(free_port()),
    ]
    command += [str(TOYS / "two_processes.py"), str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    ranks = [torch.load(tmp_path / f"rank{rank}.pt", weights_only=True) for rank in range(2)]
    assert ranks[0]["weights"].keys() == ranks[1]["weights"].keys()
    for name, value in ranks[0]["weights"].items():
        assert torch.equal(value, ranks[1]["weights"][name]), name
        assert value.isfinite().all()
        assert not name.endswith("weight") or not torch.equal(value, ranks[0]["before"][name])
    wavs = [set(rank["wavs"]) for rank in ranks]
    assert not wavs[0] & wavs[1]
    assert len(wavs[0] | wavs[1]) == 8
    assert CheckpointStore(tmp_path / "voice").steps()[-1] == 4
