"""Kill a tiny project's pipeline at random moments, fill its disk at every stage, and compare what comes out.

PYTHONPATH=tests python benchmarks/kill_drill.py [--kills 50] [--kills-a-pass 5] [--seed 1] [--disk]

It needs room for some projects of 30 MB in the temporary folder; ``--disk`` fills a small tmpfs and needs root.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mlflow import MlflowClient
from support.prepared import half_written, weights_digest
from support.prepared import snapshot as digests
from support.project import Project, make_project, write_recordings

from emotts.tracking.store import store_uri

COMMANDS = {"dvc repro": ("dvc", "repro"), "emotts run": (sys.executable, "-m", "emotts.cli", "run")}
STAGES = ("recording", "segment", "label", "corpus", "bert", "classifier", "train", "evaluate", "export")
GONE_WITHIN_S = 60.0
"""How long processes may live on after the one that started them was killed."""
DISK_MB = 300
TIMES = re.compile(r"rtf|seconds|compute_s")
"""Metrics that differ from run to run."""


def main() -> None:
    """Run the drill and print a table; exit with 1 where something differs."""
    options = _options()
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kill-drill-") as folder:
        fresh = make_project(Path(folder) / "fresh")
        write_recordings(fresh.folder / "recordings")
        whole = _copy(fresh, Path(folder) / "whole")
        begun = time.monotonic()
        _finish(whole)
        duration_s = time.monotonic() - begun
        print(f"unbroken: {duration_s:.0f} s")
        wanted = results(whole)
        faults += kill_at_random(fresh, wanted=wanted, duration_s=duration_s, options=options)
        if options.disk:
            faults += fill_the_disk(fresh, wanted=wanted)
    print("\n".join(faults) or "all results are equal to the unbroken run's")
    sys.exit(bool(faults))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--kills-a-pass", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--disk", action="store_true")
    return parser.parse_args()


def results(project: Project) -> dict[str, object]:
    """Return what an unbroken and a broken run must agree in: files, weights, metrics, and the state of the store."""
    report = json.loads((project.folder / "reports/evaluation.json").read_text(encoding="utf-8"))
    files = {name: digest for name, digest in digests(project).items() if name.startswith("data/")}
    client = MlflowClient(store_uri(project.folder))
    runs = client.search_runs([found.experiment_id for found in client.search_experiments()])
    return {
        "files": files,
        "weights": weights_digest(project),
        "metrics": {name: value for name, value in report.items() if not TIMES.search(name)},
        "half written": half_written(project),
        "runs that never end": [run.info.run_name for run in runs if run.info.status == "RUNNING"],
    }


def kill_at_random(
    fresh: Project, *, wanted: dict[str, object], duration_s: float, options: argparse.Namespace
) -> list[str]:
    """Kill passes at random moments, several times each, let them finish, and return what differs."""
    choice = random.Random(options.seed)
    killed_in: collections.Counter[str] = collections.Counter()
    faults, kills, number = [], 0, 0
    while kills < options.kills:
        number += 1
        project = _copy(fresh, fresh.folder.parent / f"pass{number}")
        for _ in range(min(options.kills_a_pass, options.kills - kills)):
            name = choice.choice(list(COMMANDS))
            whole_group = choice.random() < 0.5
            stage = _kill(project, name, after_s=choice.uniform(1.0, 0.5 * duration_s), whole_group=whole_group)
            if stage is None:  # it had ended: there is nothing left to kill in this project
                break
            kills += 1
            killed_in[stage] += 1
        faults += [f"pass {number}: {fault}" for fault in _differences(project, wanted)]
        shutil.rmtree(project.folder)
    print(f"{kills} kills in {number} passes: " + ", ".join(f"{stage} {n}" for stage, n in killed_in.most_common()))
    return faults


def _kill(project: Project, name: str, *, after_s: float, whole_group: bool) -> str | None:
    """Start a command and kill it after a while; return the stage that was at work, None if it ended before that."""
    with (project.folder.parent / "output").open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            COMMANDS[name],
            cwd=project.folder,
            env=project.environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after_s)
        ended = process.poll() is not None
        if not ended and whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        elif not ended:
            process.kill()
        process.wait()
        _wait_for_the_group(process.pid)
        output.seek(0)
        begun = re.findall(r"Running stage '(\w+)'", output.read())
    if ended:
        return None
    return begun[-1] if begun else "before the first stage"


def _wait_for_the_group(group: int) -> None:
    """Wait until every process of a group is gone.

    Raises:
        TimeoutError: if one lives on.
    """
    end = time.monotonic() + GONE_WITHIN_S
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.2)
    message = f"process group {group} lives on {GONE_WITHIN_S:.0f} s after its first process was killed"
    raise TimeoutError(message)


def fill_the_disk(fresh: Project, *, wanted: dict[str, object]) -> list[str]:
    """Fill the disk before each stage, make room again, let the pass finish, and return what differs."""
    faults = []
    with _small_disk() as disk:
        for number, stage in enumerate(STAGES):
            project = _copy(fresh, disk / "project")
            if number:
                before = project.run("dvc", "repro", STAGES[number - 1])
                assert before.returncode == 0, before.stdout
            ballast = disk / "ballast"
            _fill(ballast, leave_kb=40)
            refused = project.run(*COMMANDS["emotts run"])
            ballast.unlink()
            if refused.returncode == 0:
                faults.append(f"full disk at {stage}: nothing was refused")
            if "Traceback" in refused.stdout:
                faults.append(f"full disk at {stage}: a traceback\n{refused.stdout}")
            faults += [f"full disk at {stage}: {fault}" for fault in _differences(project, wanted)]
            shutil.rmtree(project.folder)
    print(f"full disk at {len(STAGES)} stages")
    return faults


@contextlib.contextmanager
def _small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="small-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _fill(path: Path, *, leave_kb: int) -> None:
    """Write a file that leaves so much room on its disk."""
    room = shutil.disk_usage(path.parent).free - leave_kb * 1024
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room)


def _differences(project: Project, wanted: dict[str, object]) -> list[str]:
    """Let a pass finish; return in what its results differ."""
    _finish(project)
    found = results(project)
    return [f"{name}: {_shown(wanted[name], found[name])}" for name in wanted if found[name] != wanted[name]]


def _shown(wanted: object, found: object) -> str:
    if not (isinstance(wanted, dict) and isinstance(found, dict)):
        return f"{found} instead of {wanted}"
    names = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    return "; ".join(f"{name} {found.get(name)} instead of {wanted.get(name)}" for name in names[:5])


def _finish(project: Project) -> None:
    done = project.run(*COMMANDS["emotts run"])
    assert done.returncode == 0, done.stdout


def _copy(project: Project, folder: Path) -> Project:
    shutil.copytree(project.folder, folder, symlinks=True)
    return Project(folder)


if __name__ == "__main__":
    main()
