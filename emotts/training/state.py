"""The state of a training run: written into checkpoints, and read to resume the run bit for bit."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from lightning_fabric import Fabric

from emotts.checkpoint.store import (
    CheckpointMeta,
    CheckpointStore,
    load_weights,
    read_trainer_state,
    save_checkpoint,
)
from emotts.errors import CheckpointError
from emotts.training.metrics import MetricWindow
from emotts.training.modules import TrainingModules
from emotts.training.randomness import RandomState, capture_random_state, restore_random_state, seed_everything
from emotts.training.settings import TrainSettings
from emotts.training.standing import Standing, standing

__all__ = ["Best", "RunState", "restore_run", "save_run"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Best:
    """The checkpoint with the lowest score so far."""

    step: int
    score: float


@dataclass
class RunState:
    """The state of a run: ``step`` counts the finished steps; the sampler's place and the learning rates follow.

    ``former_steps``: how many steps the run wanted whose checkpoint this one goes on from; None for a fresh start.
    """

    store: CheckpointStore
    fingerprint: str
    description: dict[str, object]
    code_version: str
    window: MetricWindow
    step: int = 0
    best: Best | None = None
    former_steps: int | None = None


def save_run(state: RunState, modules: TrainingModules, *, fabric: Fabric, settings: TrainSettings) -> None:
    """Write a checkpoint of the run (first process), mark it, and remove old ones.

    Raises:
        CheckpointError: if it cannot be written; the checkpoints before stand.
    """
    random_states = _gather(fabric, capture_random_state())
    folder = state.store.path(state.step)
    if not fabric.is_global_zero or folder.exists():
        return
    meta = CheckpointMeta(
        step=state.step,
        steps=settings.steps,
        fingerprint=state.fingerprint,
        score=state.best.score if state.best and state.best.step == state.step else None,
        code_version=state.code_version,
        description=state.description,
    )
    save_checkpoint(
        folder,
        networks={name: network.state_dict() for name, network in modules.networks.items()},
        trainer_state=_trainer_state(state, modules, fabric=fabric, random_states=random_states),
        meta=meta,
    )
    state.store.mark("last", step=state.step, score=meta.score)
    if state.best:
        state.store.mark("best", step=state.best.step, score=state.best.score)
    state.store.prune(keep=settings.keep_checkpoints)


def restore_run(state: RunState, modules: TrainingModules, *, fabric: Fabric, settings: TrainSettings) -> None:
    """Go on from the newest checkpoint where it belongs to this run; else move the checkpoints aside and start afresh.

    The last checkpoint of a finished run is taken as it is, unless the code has changed since.

    Raises:
        CheckpointError: if the newest checkpoint is damaged or does not fit the networks.
    """
    if fabric.is_global_zero:
        state.store.sweep()
    fabric.barrier()
    meta = state.store.newest()
    fabric.barrier()
    if meta is None:
        return
    reason = _reason_to_start_afresh(state, meta, settings=settings)
    if reason is None:
        _load(state, modules, fabric=fabric, step=meta.step)
        state.former_steps = meta.steps
    if fabric.is_global_zero:
        _put_in_order(state, meta, settings=settings, reason=reason)
    fabric.barrier()


def _reason_to_start_afresh(state: RunState, newest: CheckpointMeta, *, settings: TrainSettings) -> str | None:
    found = standing(newest, fingerprint=state.fingerprint, steps=settings.steps)
    if found is Standing.FINISHED and newest.code_version != state.code_version:
        return f"the run had finished, with emotts {newest.code_version}; this is {state.code_version}"
    return None if found in (Standing.BEGUN, Standing.FINISHED) else found.value


def _put_in_order(state: RunState, newest: CheckpointMeta, *, settings: TrainSettings, reason: str | None) -> None:
    """Move what is not gone on with aside, or mark the best, and say what becomes of the checkpoints."""
    folder = state.store.folder
    if reason is not None:
        aside = state.store.move_aside()
        _LOG.warning(
            "%s: its newest checkpoint, of step %d, is not gone on with: %s. Training starts afresh; the former "
            "checkpoints are now in %s (delete it to free the room; to go on with them, undo the change and put it in "
            "the place of this folder)",
            folder,
            newest.step,
            reason,
            aside,
        )
        return
    if newest.step == settings.steps:
        _LOG.warning("%s: this very training had finished and is handed over; delete the folder to repeat it", folder)
        state.store.mark("last", step=newest.step, score=newest.score)
    elif newest.steps != settings.steps:
        text = "going on from %s of a run of %d steps to %d, at the learning rates of a run of that length"
        _LOG.warning(text, state.store.path(newest.step), newest.steps, settings.steps)
    else:
        _LOG.info("going on from %s of %d steps", state.store.path(newest.step), settings.steps)
    if state.best:
        state.store.mark("best", step=state.best.step, score=state.best.score)


def _load(state: RunState, modules: TrainingModules, *, fabric: Fabric, step: int) -> None:
    folder = state.store.path(step)
    for name, network in modules.networks.items():
        load_weights(network, folder, name=name)
    saved = read_trainer_state(folder)
    try:
        modules.generator_optimizer.load_state_dict(saved["generator_optimizer"])
        if modules.discriminator_optimizer is not None:
            modules.discriminator_optimizer.load_state_dict(saved["discriminator_optimizer"])
        fabric.strategy.precision.load_state_dict(saved["precision"])
        state.window.load_state_dict(saved["window"], device=fabric.device)
        state.step, state.best = int(saved["step"]), _known_best(state, saved["best"])
        _restore_randomness(saved["random"], fabric=fabric, step=state.step)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise CheckpointError(
            "the state of the training does not fit this run",
            where=folder / "trainer.pt",
            found=repr(error),
            remedy=f"delete the folder {state.store.folder} to start afresh",
        ) from error


def _trainer_state(
    state: RunState, modules: TrainingModules, *, fabric: Fabric, random_states: list[RandomState]
) -> dict[str, object]:
    discriminators = modules.discriminator_optimizer
    return {
        "step": state.step,
        "best": None if state.best is None else {"step": state.best.step, "score": state.best.score},
        "generator_optimizer": modules.generator_optimizer.state_dict(),
        "discriminator_optimizer": None if discriminators is None else discriminators.state_dict(),
        "precision": fabric.strategy.precision.state_dict(),
        "random": random_states,
        "window": state.window.state_dict(),
    }


def _known_best(state: RunState, saved: Mapping[str, float] | None) -> Best | None:
    if saved is None:
        return None
    best = Best(step=int(saved["step"]), score=float(saved["score"]))
    if best.step in state.store.steps():
        return best
    _LOG.warning("the best checkpoint %s is gone; the search for the best starts anew", state.store.path(best.step))
    return None


def _restore_randomness(saved: list[RandomState], *, fabric: Fabric, step: int) -> None:
    if len(saved) == fabric.world_size:
        restore_random_state(saved[fabric.global_rank])
        return
    _LOG.warning(
        "the checkpoint was written by %d processes, now there are %d: training goes on, but not with the same numbers",
        len(saved),
        fabric.world_size,
    )
    seed_everything(step * fabric.world_size + fabric.global_rank)


def _gather(fabric: Fabric, value: RandomState) -> list[RandomState]:
    if fabric.world_size == 1:
        return [value]
    gathered: list[RandomState | None] = [None] * fabric.world_size
    torch.distributed.all_gather_object(gathered, value)
    return [state for state in gathered if state is not None]
