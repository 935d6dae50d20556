"""Speed of the full-size model on a CPU beside the straightforward way, in one run: training steps and speaking.

    OMP_NUM_THREADS=2 python benchmarks/full_size.py [--precision bf16] [--rounds 5] [--batch 4] [--seconds 5.5]

Two processes with the same random weights of ``experiments/presets/melotts.yaml`` work in turn, one the straightforward
way (see ``straightforward.py``), one as the library does; while one works, the other sleeps. So a machine that is busy
with something else disturbs both alike, and the ratio of each pair counts; the median of these ratios is printed. The
results of both are compared as well: the losses of the first step, and what is spoken. Each process needs 6 GB.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from straightforward import StraightforwardStep, use_plain_layers
from torch import nn
from train_step import make_batch, make_modules

from emotts.model.synthesizer import Synthesizer
from emotts.model.weight_norm import fold_weight_norm
from emotts.runtime import keep_freed_memory
from emotts.settings import Params, load_params
from emotts.settings.editing import apply_preset
from emotts.training.modules import TrainingModules
from emotts.training.step import TrainingStep
from emotts.workflows.networks import synthesizer_settings

ROOT = Path(__file__).parents[1]
WAYS = ("straightforward", "ours")
WARM_UP = 4
"""Rounds until a process has all the memory that it will use."""
FRAMES_PER_TOKEN = 3.5
"""About what Korean has at 86 frames a second, with blanks between the phones."""


def full_size_params() -> Params:
    """Return ``params.yaml`` with the values of the full-size preset."""
    with tempfile.TemporaryDirectory(prefix="emotts-benchmark-") as folder:
        shutil.copy(ROOT / "params.yaml", folder)
        apply_preset(Path(folder), ROOT / "experiments/presets/melotts.yaml")
        return load_params(Path(folder) / "params.yaml")


def switch_dropout_off(modules: TrainingModules) -> None:
    """Let both ways compute the same: what is dropped depends on a tensor's layout in memory."""
    networks = [modules.synthesizer]
    if modules.duration_adversary is not None:
        networks.append(modules.duration_adversary.bare)
    for module in chain.from_iterable(network.modules() for network in networks):
        if isinstance(module, nn.Dropout):
            module.p = 0.0


class Training:
    """Runs one training step after the other."""

    def __init__(self, way: str, options: argparse.Namespace) -> None:
        params = full_size_params()
        self.batch = make_batch(params, size=options.batch, seconds=options.seconds)
        precision = "32" if way == "straightforward" else options.precision
        fabric, modules, settings = make_modules(params, {"precision": precision, "freeze_steps": 0})
        switch_dropout_off(modules)
        self.step: StraightforwardStep | TrainingStep
        if way == "straightforward":
            self.step = StraightforwardStep(modules, settings=settings)
        else:
            self.step = TrainingStep(fabric, modules, settings=settings)
        torch.manual_seed(0)
        self.done = 0

    def run(self) -> dict[str, Any]:
        """Return the losses of one step."""
        metrics = self.step.run(self.batch, step=self.done)
        self.done += 1
        return {
            name: float(value) for name, value in metrics.items() if name.startswith("loss/") and "total" not in name
        }


class Speaking:
    """Speaks the same tokens again and again."""

    def __init__(self, way: str, options: argparse.Namespace) -> None:
        torch.manual_seed(0)
        params = full_size_params()
        widths = synthesizer_settings(params, n_speakers=1)
        self.synthesizer = Synthesizer(widths).eval()
        self.sample_rate_hz = params.audio.sample_rate_hz
        zeros = torch.zeros(1, options.tokens, dtype=torch.int64)
        self.inputs: dict[str, Any] = {
            "tokens": torch.randint(1, 200, zeros.shape),
            "token_lengths": torch.tensor([options.tokens]),
            "speaker": torch.tensor([0]),
            "tone": zeros + 11,
            "language": zeros + 4,
            "emotion": torch.tensor([1]),
            "length_scale": FRAMES_PER_TOKEN,
        }
        if way == "straightforward":
            self.inputs["bert"] = torch.zeros(1, widths.bert_channels, options.tokens)
            self.inputs["ja_bert"] = torch.zeros(1, widths.ja_bert_channels, options.tokens)
        else:
            fold_weight_norm(self.synthesizer)
            if options.precision == "bf16":
                self.inputs["decoder_dtype"] = torch.bfloat16

    def run(self) -> dict[str, Any]:
        """Return the length of what was said, and some of its samples."""
        torch.manual_seed(0)
        waveform, _ = self.synthesizer.synthesize(**self.inputs)
        samples = waveform[0, 0].float()
        return {
            "duration_s": len(samples) / self.sample_rate_hz,
            "std": float(samples.std()),
            "samples": samples[:: len(samples) // 1000].tolist(),
        }


def work(way: str, options: argparse.Namespace) -> None:
    """Be one of the two processes: do a task whenever a line with its name comes in, and write seconds and results."""
    torch.set_num_threads(options.threads)
    if way == "straightforward":
        use_plain_layers()
    else:
        torch.set_flush_denormal(True)
    tasks: dict[str, Training | Speaking] = {}
    for line in sys.stdin:
        name = line.strip()
        if name not in tasks:
            if way == "ours":
                keep_freed_memory(at_most_mb=None if name == "train" else 512)
            tasks = {name: (Training if name == "train" else Speaking)(way, options)}
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        result = tasks[name].run()
        seconds = {"seconds": time.perf_counter() - start_s, "cpu_seconds": time.process_time() - start_cpu_s}
        print(json.dumps(seconds | result), flush=True)


def compare(name: str, workers: dict[str, subprocess.Popen[str]], *, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Let the processes do a task in turn, some times to warm up and ``rounds`` times more."""
    results: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for number in range(WARM_UP + rounds):
        for way in WAYS if number % 2 else reversed(WAYS):
            stdin, stdout = workers[way].stdin, workers[way].stdout
            if stdin is None or stdout is None:
                raise RuntimeError("a process has no pipes")
            stdin.write(name + "\n")
            stdin.flush()
            results[way].append(json.loads(stdout.readline()))
    return results


def show(unit: str, results: dict[str, list[dict[str, Any]]], *, per: float) -> None:
    """Print medians and the ratio pair by pair, the warm-up left out."""
    counted = {way: results[way][WARM_UP:] for way in WAYS}
    for way in WAYS:
        wall, cpu = ([each[kind] / per for each in counted[way]] for kind in ("seconds", "cpu_seconds"))
        print(f"  {way:16s} {statistics.median(wall):8.3f} {unit} ({min(wall):.3f} to {max(wall):.3f})", end="")
        print(f", {statistics.median(cpu):.3f} of processor time")
    for kind, words in (("seconds", "time"), ("cpu_seconds", "processor time")):
        pairs = zip(*(counted[way] for way in WAYS), strict=True)
        ratios = [ours[kind] / plain[kind] for plain, ours in pairs]
        median = statistics.median(ratios)
        print(f"  {words}: {median:.2f} of the straightforward ({min(ratios):.2f} to {max(ratios):.2f}), ", end="")
        print(f"{1 / median:.2f} times as fast")


def largest_difference(results: dict[str, list[dict[str, Any]]]) -> str:
    """Say how far the results of the first round are apart."""
    plain, ours = (results[way][0] for way in WAYS)
    if "samples" in plain:
        pairs = zip(plain["samples"], ours["samples"], strict=True)
        differences = [(left - right) / plain["std"] for left, right in pairs]
        root_mean_square = statistics.fmean(difference**2 for difference in differences) ** 0.5
        worst = max(map(abs, differences))
        return f"difference of 1000 samples in their standard deviation: {root_mean_square:.1e}, largest {worst:.1e}"
    relative = {name: abs(ours[name] / plain[name] - 1) for name in plain if name.startswith("loss/")}
    worst_name = max(relative, key=relative.__getitem__)
    return f"largest relative difference of {len(relative)} losses: {relative[worst_name]:.1e} ({worst_name})"


def main() -> None:
    """Measure what the command line asks for, in two processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5.5)
    parser.add_argument("--tokens", type=int, default=120)
    parser.add_argument("--precision", choices=("32", "bf16"), default="32", help="of the library's way")
    parser.add_argument("--only", choices=("train", "speak"))
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        work(options.way, options)
        return
    command = [sys.executable, __file__, *sys.argv[1:], "--way"]
    workers = {
        way: subprocess.Popen([*command, way], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for way in WAYS
    }
    if options.only != "train":
        results = compare("speak", workers, rounds=options.rounds)
        duration_s = results["ours"][0]["duration_s"]
        print(f"speaking {duration_s:.1f} s of sound: real-time factor with {options.threads} threads")
        show("s/s", results, per=duration_s)
        print(f"  {largest_difference(results)}")
    if options.only != "speak":
        results = compare("train", workers, rounds=options.rounds)
        print(f"training step, {options.batch} clips of {options.seconds} s, with {options.threads} threads")
        show("s", results, per=1.0)
        print(f"  {largest_difference(results)}")
    for worker in workers.values():
        worker.communicate()


if __name__ == "__main__":
    main()
