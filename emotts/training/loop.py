"""The training loop: start or resume, step, log, validate, write checkpoints, stop cleanly."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import torch
from lightning_fabric import Fabric

from emotts.checkpoint.store import CheckpointStore
from emotts.errors import CheckpointError
from emotts.model.synthesizer import Synthesizer
from emotts.runtime import keep_freed_memory
from emotts.training.batch import Batch
from emotts.training.folder_lock import sole_training
from emotts.training.interrupt import InterruptFlag
from emotts.training.loader import ClipSource, ConcatClips, load_batches
from emotts.training.metrics import MetricWindow
from emotts.training.modules import TrainingModules, TrainingNetworks, make_fabric, set_up_modules
from emotts.training.phases.phase import PhaseContext
from emotts.training.randomness import seed_everything, set_aside_randomness
from emotts.training.sampler import BatchSampler, Replay, Shard
from emotts.training.settings import TrainSettings, fingerprint
from emotts.training.state import Best, RunState, restore_run, save_run
from emotts.training.step import TrainingStep
from emotts.training.validation import validate, validation_score

__all__ = ["TrainingClips", "TrainingHooks", "TrainingResult", "TrainingRun", "train"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainingClips:
    """The clips to train on and those to validate with; ``hop_length`` and ``n_fft`` in samples.

    ``replay``: clips of another corpus that are mixed into the training against forgetting.
    """

    training: ClipSource
    validation: ClipSource
    hop_length: int
    n_fft: int
    replay: ClipSource | None = None


@dataclass(frozen=True)
class TrainingHooks:
    """Callbacks of a run; only the first process calls them.

    ``on_start(step, former_steps)`` comes once before the first step; ``step`` is 0 for a fresh start, else
    ``former_steps`` is how many steps the run wanted that is gone on with.
    ``log(metrics, step)`` gets metrics by name after ``step`` finished steps.
    ``on_validation(step, synthesizer)`` gets the averaged synthesizer in evaluation mode at every ``sample_every``
    steps and at the end; its random numbers do not disturb the training's. ``on_checkpoint(step)`` comes after a
    checkpoint was written. ``progress(step, steps, losses)`` is called at every step with the last logged metrics.
    """

    on_start: Callable[[int, int | None], None] | None = None
    log: Callable[[dict[str, float], int], None] | None = None
    on_validation: Callable[[int, Synthesizer], None] | None = None
    on_checkpoint: Callable[[int], None] | None = None
    progress: Callable[[int, int, dict[str, float]], None] | None = None


@dataclass(frozen=True)
class TrainingResult:
    """The result of a run. ``resumed_from`` is the step that it was resumed from, 0 for a fresh start."""

    steps: int
    best_step: int
    best_score: float
    resumed_from: int
    best_folder: Path
    last_folder: Path


@dataclass(frozen=True)
class TrainingRun:
    """The identity of a run.

    Attributes:
        folder: where the checkpoints go, such as ``models/voice``.
        identity: JSON values that the run depends on besides its settings: the seed, the networks' settings, the
            corpus digest, the base checkpoint.
        description: JSON values for ``meta.json``: whatever is needed to use the voice.
        code_version: version of the code, for ``meta.json``.
        seed: of the order of the clips, of dropout and of everything else that is drawn.
    """

    folder: Path
    identity: Mapping[str, object]
    description: Mapping[str, object]
    code_version: str
    seed: int


@dataclass
class _Loop:
    """Everything that the training loop works on."""

    fabric: Fabric
    modules: TrainingModules
    settings: TrainSettings
    clips: TrainingClips
    hooks: TrainingHooks
    state: RunState
    seed: int
    metrics: dict[str, float] = field(default_factory=dict)
    tick_s: float = 0.0
    tick_step: int = 0


def train(
    networks: TrainingNetworks,
    settings: TrainSettings,
    *,
    clips: TrainingClips,
    run: TrainingRun,
    hooks: TrainingHooks | None = None,
) -> TrainingResult:
    """Train a voice and return how it ended.

    A run that was stopped at any moment goes on from its newest checkpoint and ends with the same
    weights, bit for bit, as one that was not. One that wants more steps goes on as well, at the learning rates of the
    longer run. One that had finished is handed over; its last samples are reported again. If the settings, the
    identity or, of a finished run, the code changed, its checkpoints are moved aside and training starts afresh.

    Args:
        networks: the networks, freshly built or warm-started.
        settings: the run's settings.
        clips: what to train and validate on.
        run: which run it is.
        hooks: what to call while training.

    Raises:
        DivergedError: if a loss or gradient is not finite.
        CheckpointError: if a checkpoint cannot be written, the newest one is damaged, or another process trains there.
        KeyboardInterrupt: on SIGINT or SIGTERM, after the step is done and a checkpoint is written.
    """
    fabric = make_fabric(settings)
    fabric.launch()
    with sole_training(run.folder, fabric=fabric), _denormals_flushed():
        loop = _set_up(fabric, networks, settings=settings, clips=clips, run=run, hooks=hooks or TrainingHooks())
        resumed_from = loop.state.step
        if loop.hooks.on_start and fabric.is_global_zero:
            loop.hooks.on_start(resumed_from, loop.state.former_steps)
        with InterruptFlag() as interrupt:
            _go_on(loop, interrupt)
        if resumed_from == settings.steps:
            _show(loop)
    return _result(loop.state, resumed_from=resumed_from)


@contextmanager
def _denormals_flushed() -> Iterator[None]:
    """Take the smallest numbers for zero, which is many times faster, and give the process its arithmetic back."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def _result(state: RunState, *, resumed_from: int) -> TrainingResult:
    if state.best is None:
        raise CheckpointError(
            "the run ended without a validated checkpoint",
            where=state.store.folder,
            remedy=f"delete the folder {state.store.folder} to train again",
        )
    return TrainingResult(
        steps=state.step,
        best_step=state.best.step,
        best_score=state.best.score,
        resumed_from=resumed_from,
        best_folder=state.store.path(state.best.step),
        last_folder=state.store.path(state.step),
    )


def _set_up(
    fabric: Fabric,
    networks: TrainingNetworks,
    *,
    settings: TrainSettings,
    clips: TrainingClips,
    run: TrainingRun,
    hooks: TrainingHooks,
) -> _Loop:
    """Bring the networks to the device, and the run to the step that its newest checkpoint is at."""
    seed_everything(run.seed + fabric.global_rank)
    if fabric.device.type == "cpu":
        keep_freed_memory()
    modules = set_up_modules(fabric, networks, settings=settings)
    state = RunState(
        store=CheckpointStore(run.folder),
        fingerprint=fingerprint(settings, run.identity),
        description=dict(run.description),
        code_version=run.code_version,
        window=MetricWindow(),
    )
    restore_run(state, modules, fabric=fabric, settings=settings)
    return _Loop(fabric, modules, settings, clips, hooks, state, run.seed)


def _go_on(loop: _Loop, interrupt: InterruptFlag) -> None:
    """Step until the goal."""
    settings, state = loop.settings, loop.state
    training = TrainingStep(loop.fabric, loop.modules, settings=settings)
    batches = _training_batches(loop)
    loop.tick_s, loop.tick_step = time.perf_counter(), state.step
    while state.step < settings.steps:
        batch = next(batches).to(loop.fabric.device)
        metrics = training.run(batch, step=state.step)
        frames = batch.frame_lengths.sum()
        state.window.add({**metrics, "audio_frames": frames})
        state.step += 1
        _after_step(loop, training)
        if _stop_wanted(loop, interrupt):
            _save(loop)
            raise KeyboardInterrupt(f"stopped after step {state.step}; start again to go on")


def _after_step(loop: _Loop, training: TrainingStep) -> None:
    settings, step = loop.settings, loop.state.step
    last = step == settings.steps
    if step % settings.log_every == 0 or last:
        _log_training(loop, training)
    improved = (step % settings.validate_every == 0 or last) and _validate(loop)
    if step % settings.checkpoint_every == 0 or improved or last:
        _save(loop)
    if step % settings.sample_every == 0 or last:
        _show(loop)
    if loop.hooks.progress and loop.fabric.is_global_zero:
        loop.hooks.progress(step, settings.steps, loop.metrics)
    loop.fabric.barrier()


def _save(loop: _Loop) -> None:
    save_run(loop.state, loop.modules, fabric=loop.fabric, settings=loop.settings)
    if loop.hooks.on_checkpoint and loop.fabric.is_global_zero:
        loop.hooks.on_checkpoint(loop.state.step)


def _show(loop: _Loop) -> None:
    """Let the averaged synthesizer be listened to."""
    if loop.hooks.on_validation and loop.fabric.is_global_zero:
        with set_aside_randomness(loop.seed), torch.no_grad():
            loop.hooks.on_validation(loop.state.step, loop.modules.ema_synthesizer)


def _log_training(loop: _Loop, training: TrainingStep) -> None:
    step = loop.state.step
    means = loop.state.window.drain()
    now_s = time.perf_counter()
    steps_per_second = (step - loop.tick_step) / max(now_s - loop.tick_s, 1e-9)
    loop.tick_s, loop.tick_step = now_s, step
    audio_s = means.pop("audio_frames") * loop.clips.hop_length / loop.clips.training.sample_rate_hz
    loop.metrics = {f"train/{name}": value for name, value in means.items()}
    loop.metrics |= {f"train/learning_rate/{name}": rate for name, rate in training.learning_rates(step - 1).items()}
    loop.metrics |= {
        "train/steps_per_second": steps_per_second,
        "train/audio_seconds_per_second": audio_s * steps_per_second * loop.fabric.world_size,
    }
    _log(loop, loop.metrics)


def _validate(loop: _Loop) -> bool:
    """Validate and say whether the score is the best so far; the first process decides for all."""
    settings, state = loop.settings, loop.state
    score = torch.zeros(1, dtype=torch.float64, device=loop.fabric.device)
    if loop.fabric.is_global_zero:
        losses = validate(
            loop.modules.ema_synthesizer,
            _validation_clips(loop),
            context=PhaseContext(loop.modules.spectrogram, loop.modules.mel, settings),
            device=loop.fabric.device,
            seed=loop.seed,
        )
        score[0] = validation_score(losses, settings=settings)
        _log(loop, {f"val/loss/{name}": loss for name, loss in losses.items()} | {"val/score": float(score)})
    score_now = float(loop.fabric.broadcast(score))
    if state.best is None or score_now < state.best.score:
        state.best = Best(step=state.step, score=score_now)
        return True
    return False


def _log(loop: _Loop, metrics: dict[str, float]) -> None:
    if loop.hooks.log and loop.fabric.is_global_zero:
        loop.hooks.log(metrics, loop.state.step)


def _stop_wanted(loop: _Loop, interrupt: InterruptFlag) -> bool:
    """Say whether any process was asked to stop, so that all of them stop after the same step."""
    if loop.fabric.world_size == 1:
        return interrupt.wanted
    wanted = torch.tensor(float(interrupt.wanted), device=loop.fabric.device)
    total = cast(torch.Tensor, loop.fabric.all_reduce(wanted, reduce_op="sum"))
    return bool(total > 0)


def _training_batches(loop: _Loop) -> Iterator[Batch]:
    settings, own, replay = loop.settings, loop.clips.training, loop.clips.replay
    clips = own if replay is None else ConcatClips(own, replay)
    sampler = BatchSampler(
        clips.lengths,
        clips.voices if settings.sampler == "balanced_voices" else clips.emotions,
        batch_size=settings.batch_size,
        kind="natural" if settings.sampler == "natural" else "balanced",
        seed=loop.seed,
        length_jitter=settings.length_jitter,
        replay=None if replay is None else Replay(len(replay), settings.replay_fraction),
        shard=Shard(loop.fabric.global_rank, loop.fabric.world_size),
    )
    # a GPU would wait for batches put together between its steps
    n_workers = min(8, os.cpu_count() or 1) if loop.fabric.device.type == "cuda" else 0
    return _stream(
        loop, clips, sampler.batches(loop.state.step), min_frames=settings.segment_frames, n_workers=n_workers
    )


def _validation_clips(loop: _Loop) -> Iterator[Batch]:
    """Yield all validation clips once, each as it is, without a frame behind it."""
    clips = loop.clips.validation
    return _stream(loop, clips, ([number] for number in range(len(clips))), min_frames=1)


def _stream(
    loop: _Loop, clips: ClipSource, batches: Iterator[list[int]], *, min_frames: int, n_workers: int = 0
) -> Iterator[Batch]:
    hop_length = loop.clips.hop_length
    return load_batches(
        clips,
        batches,
        hop_length=hop_length,
        mirror_samples=(loop.clips.n_fft - hop_length) // 2,
        min_frames=min_frames,
        n_workers=n_workers,
    )
