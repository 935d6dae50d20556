"""Steps a second of the model in ``params.yaml``, and where the time of a step goes.

python benchmarks/train_step.py [--batch 8] [--seconds 4] [--threads 2] [--steps 6] [--precision bf16] [--profile]
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import torch
from lightning_fabric import Fabric

from emotts.runtime import keep_freed_memory
from emotts.settings import Params, load_params
from emotts.training.batch import Batch, Clip, collate
from emotts.training.modules import TrainingModules, make_fabric, set_up_modules
from emotts.training.settings import TrainSettings
from emotts.training.step import TrainingStep
from emotts.workflows.networks import build_networks, synthesizer_settings

TOKENS_PER_SECOND = 25
"""Korean jamo with blanks between them."""


def main() -> None:
    """Measure training steps with and without discriminators."""
    options = _options()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    keep_freed_memory()
    params = load_params(Path("params.yaml"))
    batch = make_batch(params, size=options.batch, seconds=options.seconds)
    for name, changes in {
        "discriminators at every step": {"discriminator_every": 1},
        "discriminators at every second step": {"discriminator_every": 2},
        "no discriminators": {"discriminator_start": 10**9},
    }.items():
        step = make_training_step(params, {**changes, "precision": options.precision})
        _measure(name, step, batch, steps=options.steps)
    if options.profile:
        _profile(make_training_step(params, {"discriminator_every": 1}), batch)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--precision", choices=("auto", "32", "bf16", "16"), default="auto")
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def make_batch(params: Params, *, size: int, seconds: float) -> Batch:
    """Return ``size`` clips of noise of about so many seconds each."""
    audio = params.audio
    random = torch.Generator().manual_seed(0)
    clips = []
    for number in range(size):
        duration_s = seconds * (0.9 + 0.2 * number / max(1, size - 1))
        n_frames = int(duration_s * audio.sample_rate_hz / audio.hop_length)
        n_tokens = int(duration_s * TOKENS_PER_SECOND)
        clips.append(
            Clip(
                wav=f"{number}.wav",
                tokens=torch.randint(1, 200, (n_tokens,), generator=random),
                tones=torch.zeros(n_tokens, dtype=torch.int64),
                languages=torch.zeros(n_tokens, dtype=torch.int64),
                waveform=0.1 * torch.randn(n_frames * audio.hop_length, generator=random),
                n_frames=n_frames,
                speaker=0,
                emotion=number % 4,
                pitch=torch.full((n_frames,), 0.01) if params.model.synthesizer.decoder == "istft" else None,
            )
        )
    mirror = (audio.n_fft - audio.hop_length) // 2
    return collate(clips, hop_length=audio.hop_length, mirror_samples=mirror, min_frames=1)


def make_training_step(params: Params, changes: dict[str, object]) -> TrainingStep:
    """Return a training step of networks with random weights, the settings changed."""
    fabric, modules, settings = make_modules(params, changes)
    return TrainingStep(fabric, modules, settings=settings)


def make_modules(params: Params, changes: dict[str, object]) -> tuple[Fabric, TrainingModules, TrainSettings]:
    """Return the networks of a run with random weights, its settings changed."""
    torch.manual_seed(0)
    networks = build_networks(params, synthesizer_settings(params, n_speakers=1))
    settings = params.train.model_copy(update={"discriminator_start": 0} | changes)
    fabric = make_fabric(settings)
    return fabric, set_up_modules(fabric, networks, settings=settings), settings


def _measure(name: str, step: TrainingStep, batch: Batch, *, steps: int) -> None:
    for number in range(2):
        step.run(batch, step=number)
    start_s = time.perf_counter()
    for number in range(steps):
        step.run(batch, step=number)
    step_s = (time.perf_counter() - start_s) / steps
    print(f"{name}: {step_s:.3f} s a step, {1 / step_s:.2f} steps/s")


def _profile(step: TrainingStep, batch: Batch) -> None:
    step.run(batch, step=0)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], record_shapes=True) as profile:
        step.run(batch, step=1)
    print(profile.key_averages().table(sort_by="self_cpu_time_total", row_limit=25, max_name_column_width=48))
    shapes = profile.key_averages(group_by_input_shape=True)
    print(shapes.table(sort_by="self_cpu_time_total", row_limit=25, max_shapes_column_width=90))


if __name__ == "__main__":
    main()
