"""What a run must remember to go on as if it had never stopped, and how it is written and read."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

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
from emotts.training.players import Players
from emotts.training.randomness import capture_random_state, restore_random_state, seed_everything
from emotts.training.settings import TrainSettings

__all__ = ["Best", "RunState", "restore_run", "save_run"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Best:
    """The checkpoint with the lowest score so far."""

    step: int
    score: float


@dataclass
class RunState:
    """Where a run stands. ``step`` counts the finished steps; the sampler's place and the learning rates follow
    from it."""

    store: CheckpointStore
    fingerprint: str
    description: dict[str, Any]
    code_version: str
    window: MetricWindow
    step: int = 0
    best: Best | None = None


def save_run(state: RunState, players: Players, *, fabric: Fabric, settings: TrainSettings) -> None:
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
        networks={name: network.state_dict() for name, network in players.networks.items()},
        trainer_state=_trainer_state(state, players, fabric=fabric, random_states=random_states),
        meta=meta,
    )
    state.store.mark("last", step=state.step, score=meta.score)
    if state.best:
        state.store.mark("best", step=state.best.step, score=state.best.score)
    state.store.prune(keep=settings.keep_checkpoints)


def restore_run(state: RunState, players: Players, *, fabric: Fabric, settings: TrainSettings) -> None:
    """Go on from the newest checkpoint if it belongs to this run and the run had not finished, else start afresh.

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
    if meta.fingerprint != state.fingerprint or meta.finished:
        reason = "the run had finished" if meta.fingerprint == state.fingerprint else "settings or corpus changed"
        if fabric.is_global_zero:
            _LOG.warning("%s: clearing its checkpoints and starting afresh (%s)", state.store.folder, reason)
            state.store.clear()
        fabric.barrier()
        return
    _load(state, players, fabric=fabric, step=meta.step)
    if fabric.is_global_zero:
        _LOG.info("going on from %s of %d steps", state.store.path(meta.step), settings.steps)
        if state.best:
            state.store.mark("best", step=state.best.step, score=state.best.score)
    fabric.barrier()


def _load(state: RunState, players: Players, *, fabric: Fabric, step: int) -> None:
    folder = state.store.path(step)
    for name, network in players.networks.items():
        load_weights(network, folder, name=name)
    saved = read_trainer_state(folder)
    try:
        players.generator_optimizer.load_state_dict(saved["generator_optimizer"])
        if players.discriminator_optimizer is not None:
            players.discriminator_optimizer.load_state_dict(saved["discriminator_optimizer"])
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
    state: RunState, players: Players, *, fabric: Fabric, random_states: list[dict[str, Any]]
) -> dict[str, Any]:
    discriminators = players.discriminator_optimizer
    return {
        "step": state.step,
        "best": None if state.best is None else {"step": state.best.step, "score": state.best.score},
        "generator_optimizer": players.generator_optimizer.state_dict(),
        "discriminator_optimizer": None if discriminators is None else discriminators.state_dict(),
        "precision": fabric.strategy.precision.state_dict(),
        "random": random_states,
        "window": state.window.state_dict(),
    }


def _known_best(state: RunState, saved: dict[str, Any] | None) -> Best | None:
    if saved is None:
        return None
    best = Best(step=int(saved["step"]), score=float(saved["score"]))
    if best.step in state.store.steps():
        return best
    _LOG.warning("the best checkpoint %s is gone; the search for the best starts anew", state.store.path(best.step))
    return None


def _restore_randomness(saved: list[dict[str, Any]], *, fabric: Fabric, step: int) -> None:
    if len(saved) == fabric.world_size:
        restore_random_state(saved[fabric.global_rank])
        return
    _LOG.warning(
        "the checkpoint was written by %d processes, now there are %d: training goes on, but not with the same numbers",
        len(saved),
        fabric.world_size,
    )
    seed_everything(step * fabric.world_size + fabric.global_rank)


def _gather(fabric: Fabric, value: dict[str, Any]) -> list[dict[str, Any]]:
    if fabric.world_size == 1:
        return [value]
    gathered: list[Any] = [None] * fabric.world_size
    torch.distributed.all_gather_object(gathered, value)
    return gathered
