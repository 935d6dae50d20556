"""Adds emotions to a model without changing what it computes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from emotts.errors import ConfigError

__all__ = ["widened_state", "zero_padded"]

_EMOTION_TABLE = "voice.emotions.table"


def widened_state(model: nn.Module, wider: nn.Module) -> dict[str, Tensor]:
    """Return the state for ``wider`` that makes it compute what ``model`` computes.

    Weights that read the voice are filled up with zero columns; with weight normalisation the direction gets
    them, which leaves its length as it is. The emotion table keeps its old corner; new entries stay as
    ``wider`` drew them.

    Raises:
        ConfigError: if ``wider`` is narrower than ``model`` somewhere.
    """
    state = model.state_dict()
    widened: dict[str, Tensor] = {}
    for name, fresh in wider.state_dict().items():
        if name == _EMOTION_TABLE:
            widened[name] = _with_corner(fresh, state.get(name))
        else:
            widened[name] = zero_padded(state[name], shape=fresh.shape, name=name)
    return widened


def zero_padded(values: Tensor, *, shape: torch.Size, name: str) -> Tensor:
    """Return ``values`` with zero columns appended along dimension 1 up to ``shape``.

    Raises:
        ConfigError: if the shapes differ otherwise.
    """
    if values.shape == shape:
        return values.clone()
    same_elsewhere = values.dim() == len(shape) >= 2 and values.shape[:1] + values.shape[2:] == shape[:1] + shape[2:]
    if not same_elsewhere or values.shape[1] > shape[1]:
        raise ConfigError(
            f"{name} cannot be widened", found=f"shape {tuple(values.shape)}", wanted=f"shape {tuple(shape)}"
        )
    padded = values.new_zeros(shape)
    padded[:, : values.shape[1]] = values
    return padded


def _with_corner(fresh: Tensor, old: Tensor | None) -> Tensor:
    table = fresh.clone()
    if old is None:
        return table
    if old.shape[0] > table.shape[0] or old.shape[1] > table.shape[1]:
        raise ConfigError(
            "a model's emotions cannot be taken away", found=f"table {tuple(old.shape)}", wanted=tuple(table.shape)
        )
    table[: old.shape[0], : old.shape[1]] = old
    return table
