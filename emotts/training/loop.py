"""A whole training run: start or go on, step, log, validate, write checkpoints, stop cleanly."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric

from emotts.checkpoint.store import CheckpointStore
from emotts.errors import CheckpointError
from emotts.memory import keep_freed_memory
from emotts.model.synthesizer import Synthesizer
from emotts.training.batch import Batch
from emotts.training.interrupt import InterruptFlag
from emotts.training.metrics import MetricWindow
from emotts.training.players import Players, TrainingNetworks, make_fabric, set_up_players
from emotts.training.randomness import seed_everything, set_aside_randomness
from emotts.training.sampler import BatchSampler
from emotts.training.settings import TrainSettings, fingerprint
from emotts.training.state import Best, RunState, restore_run, save_run
from emotts.training.step import TrainingStep
from emotts.training.stream import ClipSource, JoinedClips, stream_batches
from emotts.training.validation import validate, validation_score

__all__ = ["TrainingClips", "TrainingHooks", "TrainingResult", "train"]

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
    """What a run calls while it goes on; only in the first process.

    ``on_start(step)`` comes once before the first step; ``step`` is 0 for a fresh start.
    ``log(metrics, step)`` gets figures by name after ``step`` finished steps.
    ``on_validation(step, synthesizer)`` gets the averaged synthesizer in evaluation mode at every ``sample_every``
    steps and at the end; its random numbers do not disturb the training's. ``progress(step, steps, losses)`` is
    called at every step with the last logged figures.
    """

    on_start: Callable[[int], None] | None = None
    log: Callable[[dict[str, float], int], None] | None = None
    on_validation: Callable[[int, Synthesizer], None] | None = None
    progress: Callable[[int, int, dict[str, float]], None] | None = None


@dataclass(frozen=True)
class TrainingResult:
    """How a run ended. ``resumed_from`` is the step it went on from, 0 for a fresh start."""

    steps: int
    best_step: int
    best_score: float
    resumed_from: int
    best_folder: Path
    last_folder: Path


@dataclass
class _Run:
    """The moving parts of a run."""

    fabric: Fabric
    players: Players
    settings: TrainSettings
    clips: TrainingClips
    hooks: TrainingHooks
    state: RunState
    figures: dict[str, float] = field(default_factory=dict)
    tick_s: float = 0.0
    tick_step: int = 0


def train(
    networks: TrainingNetworks,
    settings: TrainSettings,
    *,
    clips: TrainingClips,
    folder: Path,
    identity: Mapping[str, Any],
    description: Mapping[str, Any],
    code_version: str,
    hooks: TrainingHooks | None = None,
) -> TrainingResult:
    """Train a voice and return how it ended.

    A run that was stopped at any moment goes on from its newest checkpoint and ends with the same
    weights, bit for bit, as one that was not. If the settings or the identity changed, or the run had
    finished, its checkpoints are cleared and training starts afresh.

    Args:
        networks: the networks, freshly built or warm-started.
        settings: the run's settings.
        clips: what to train and validate on.
        folder: where the checkpoints go, such as ``models/voice``.
        identity: JSON values that the run depends on besides its settings: the networks' settings,
            the corpus digest, the base checkpoint.
        description: JSON values for ``meta.json``: whatever is needed to use the voice.
        code_version: version of the code, for ``meta.json``.
        hooks: what to call while training.

    Raises:
        DivergedError: if a loss or gradient is not finite.
        CheckpointError: if a checkpoint cannot be written, or the newest one is damaged.
        KeyboardInterrupt: on SIGINT or SIGTERM, after the step is done and a checkpoint is written.
    """
    fabric = make_fabric(settings)
    fabric.launch()
    seed_everything(settings.seed + fabric.global_rank)
    torch.set_flush_denormal(True)
    if fabric.device.type == "cpu":
        keep_freed_memory()
    players = set_up_players(fabric, networks, settings=settings)
    state = RunState(
        store=CheckpointStore(folder),
        fingerprint=fingerprint(settings, identity),
        description=dict(description),
        code_version=code_version,
        window=MetricWindow(),
    )
    restore_run(state, players, fabric=fabric, settings=settings)
    run = _Run(fabric, players, settings, clips, hooks or TrainingHooks(), state)
    resumed_from = state.step
    if run.hooks.on_start and fabric.is_global_zero:
        run.hooks.on_start(resumed_from)
    with InterruptFlag() as interrupt:
        _go_on(run, interrupt)
    if state.best is None:
        raise CheckpointError("the run ended without a validated checkpoint", where=folder)
    return TrainingResult(
        steps=state.step,
        best_step=state.best.step,
        best_score=state.best.score,
        resumed_from=resumed_from,
        best_folder=state.store.path(state.best.step),
        last_folder=state.store.path(state.step),
    )


def _go_on(run: _Run, interrupt: InterruptFlag) -> None:
    """Step until the goal."""
    settings, state = run.settings, run.state
    training = TrainingStep(run.fabric, run.players, settings=settings)
    batches = _training_batches(run)
    run.tick_s, run.tick_step = time.perf_counter(), state.step
    while state.step < settings.steps:
        batch = next(batches).to(run.fabric.device)
        figures = training.run(batch, step=state.step)
        frames = batch.frame_lengths.sum()
        state.window.add({**figures, "audio_frames": frames})
        state.step += 1
        _after_step(run, training)
        if _stop_wanted(run, interrupt):
            save_run(state, run.players, fabric=run.fabric, settings=settings)
            raise KeyboardInterrupt(f"stopped after step {state.step}; start again to go on")


def _after_step(run: _Run, training: TrainingStep) -> None:
    settings, step = run.settings, run.state.step
    last = step == settings.steps
    if step % settings.log_every == 0 or last:
        _log_training(run, training)
    improved = (step % settings.validate_every == 0 or last) and _validate(run)
    if step % settings.checkpoint_every == 0 or improved or last:
        save_run(run.state, run.players, fabric=run.fabric, settings=settings)
    if (step % settings.sample_every == 0 or last) and run.hooks.on_validation and run.fabric.is_global_zero:
        with set_aside_randomness(settings.seed), torch.no_grad():
            run.hooks.on_validation(step, run.players.ema_synthesizer)
    if run.hooks.progress and run.fabric.is_global_zero:
        run.hooks.progress(step, settings.steps, run.figures)
    run.fabric.barrier()


def _log_training(run: _Run, training: TrainingStep) -> None:
    step = run.state.step
    means = run.state.window.drain()
    now_s = time.perf_counter()
    steps_per_second = (step - run.tick_step) / max(now_s - run.tick_s, 1e-9)
    run.tick_s, run.tick_step = now_s, step
    audio_s = means.pop("audio_frames") * run.clips.hop_length / run.clips.training.sample_rate_hz
    run.figures = {f"train/{name}": value for name, value in means.items()}
    run.figures |= {f"train/learning_rate/{name}": rate for name, rate in training.learning_rates(step - 1).items()}
    run.figures |= {
        "train/steps_per_second": steps_per_second,
        "train/audio_seconds_per_second": audio_s * steps_per_second * run.fabric.world_size,
    }
    _log(run, run.figures)


def _validate(run: _Run) -> bool:
    """Validate and say whether the score is the best so far; the first process decides for all."""
    settings, state = run.settings, run.state
    score = torch.zeros(1, dtype=torch.float64, device=run.fabric.device)
    if run.fabric.is_global_zero:
        losses = validate(
            run.players.ema_synthesizer,
            _validation_clips(run),
            spectrogram=run.players.spectrogram,
            mel=run.players.mel,
            device=run.fabric.device,
            settings=settings,
        )
        score[0] = validation_score(losses, settings=settings)
        _log(run, {f"val/loss/{name}": loss for name, loss in losses.items()} | {"val/score": float(score)})
    score_now = float(run.fabric.broadcast(score))
    if state.best is None or score_now < state.best.score:
        state.best = Best(step=state.step, score=score_now)
        return True
    return False


def _log(run: _Run, figures: dict[str, float]) -> None:
    if run.hooks.log and run.fabric.is_global_zero:
        run.hooks.log(figures, run.state.step)


def _stop_wanted(run: _Run, interrupt: InterruptFlag) -> bool:
    """Say whether any process was asked to stop, so that all of them stop after the same step."""
    if run.fabric.world_size == 1:
        return interrupt.wanted
    wanted = torch.tensor(float(interrupt.wanted), device=run.fabric.device)
    total = run.fabric.all_reduce(wanted, reduce_op="sum")
    return bool(total > 0)


def _training_batches(run: _Run) -> Iterator[Batch]:
    settings, own, replay = run.settings, run.clips.training, run.clips.replay
    clips = own if replay is None else JoinedClips(own, replay)
    sampler = BatchSampler(
        clips.lengths,
        clips.emotions,
        batch_size=settings.batch_size,
        kind=settings.sampler,
        seed=settings.seed,
        length_jitter=settings.length_jitter,
        n_replayed=0 if replay is None else len(replay),
        replay_share=settings.replay_share,
        rank=run.fabric.global_rank,
        world_size=run.fabric.world_size,
    )
    # a GPU would wait for batches put together between its steps
    n_workers = min(8, os.cpu_count() or 1) if run.fabric.device.type == "cuda" else 0
    return _stream(run, clips, sampler.batches(run.state.step), min_frames=settings.segment_frames, n_workers=n_workers)


def _validation_clips(run: _Run) -> Iterator[Batch]:
    """Yield all validation clips once, each as it is, without a frame behind it."""
    clips = run.clips.validation
    return _stream(run, clips, ([number] for number in range(len(clips))), min_frames=1)


def _stream(
    run: _Run, clips: ClipSource, batches: Iterator[list[int]], *, min_frames: int, n_workers: int = 0
) -> Iterator[Batch]:
    hop_length = run.clips.hop_length
    return stream_batches(
        clips,
        batches,
        hop_length=hop_length,
        mirror_samples=(run.clips.n_fft - hop_length) // 2,
        min_frames=min_frames,
        n_workers=n_workers,
    )
