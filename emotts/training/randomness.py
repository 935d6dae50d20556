"""The state of all random number generators: captured, restored, or replaced for a while."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypedDict

import numpy as np
import torch

__all__ = ["RandomState", "capture_random_state", "restore_random_state", "seed_everything", "set_aside_randomness"]


class RandomState(TypedDict):
    """The state of torch's (CPU and CUDA), numpy's and Python's generators as plain values and tensors."""

    torch: torch.Tensor
    cuda: torch.Tensor | None
    numpy: list[Any]
    python: list[Any]


def seed_everything(seed: int) -> None:
    """Seed torch (all devices), numpy and Python."""
    torch.manual_seed(seed)
    np.random.seed(seed % 2**32)
    random.seed(seed)


def capture_random_state() -> RandomState:
    """Return the state of all generators."""
    name, keys, position, has_gauss, cached = np.random.get_state(legacy=True)
    version, words, gauss = random.getstate()
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state() if torch.cuda.is_available() else None,
        "numpy": [str(name), torch.from_numpy(np.asarray(keys).astype(np.int64)), position, has_gauss, cached],
        "python": [version, list(words), gauss],
    }


def restore_random_state(state: RandomState) -> None:
    """Put back what :func:`capture_random_state` returned."""
    torch.set_rng_state(state["torch"])
    if state["cuda"] is not None and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])
    name, keys, position, has_gauss, cached = state["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), position, has_gauss, cached))
    version, words, gauss = state["python"]
    random.setstate((version, tuple(words), gauss))


@contextmanager
def set_aside_randomness(seed: int) -> Iterator[None]:
    """Run a block from a fixed seed and leave the generators as they were before it."""
    state = capture_random_state()
    seed_everything(seed)
    try:
        yield
    finally:
        restore_random_state(state)
