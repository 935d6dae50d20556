"""Learning rates as a pure function of the step, and the parameter groups they belong to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn

__all__ = ["ColumnRate", "LearningRate", "fresh_parameters", "parameter_groups", "set_rates"]

BACKBONE = "backbone"
FRESH = "fresh"


class LearningRate:
    """The learning rate at a step: linear warm-up, then a decay to ``final_fraction`` at the last step.

    There is nothing to save: the rate after a resume is that of the step.

    Args:
        peak: rate at the end of the warm-up.
        warmup_steps: length of the warm-up; 0 starts at the peak.
        steps: length of the run.
        decay: ``constant``, ``exponential`` (equal factors a step) or ``cosine`` (Loshchilov & Hutter 2017).
        final_fraction: fraction of the peak that is left at the last step.
    """

    def __init__(
        self,
        peak: float,
        *,
        warmup_steps: int,
        steps: int,
        decay: Literal["constant", "exponential", "cosine"],
        final_fraction: float,
    ) -> None:
        self._peak = peak
        self._warmup_steps = warmup_steps
        self._steps = steps
        self._decay = decay
        self._final_fraction = final_fraction

    def at(self, step: int) -> float:
        """Return the rate of a step counted from 0."""
        if step < self._warmup_steps:
            return self._peak * (step + 1) / self._warmup_steps
        span = max(1, self._steps - 1 - self._warmup_steps)
        progress = min(1.0, (step - self._warmup_steps) / span)
        if self._decay == "exponential":
            return self._peak * float(self._final_fraction**progress)
        if self._decay == "cosine":
            rest = 1.0 - self._final_fraction
            return self._peak * (self._final_fraction + rest * 0.5 * (1.0 + math.cos(math.pi * progress)))
        return self._peak


class ColumnRate:
    """Slows the old input columns of a widened parameter down, while its new ones learn at the full rate.

    An optimizer knows one rate a parameter. So the old columns are remembered before the optimizer's
    step and afterwards moved back to ``scale`` of the way that they went; with ``scale`` 0 they are frozen.

    Args:
        parameters: the widened parameters, input channels in dimension 1, each with the number of
            its first new column.
    """

    def __init__(self, parameters: Sequence[tuple[Tensor, int]]) -> None:
        self._parameters = list(parameters)
        self._before: list[Tensor] = []

    def before_step(self) -> None:
        """Remember the old columns."""
        self._before = [parameter.detach()[:, :first].clone() for parameter, first in self._parameters]

    def after_step(self, scale: float) -> None:
        """Leave the old columns ``scale`` of the way from where they were to where they are."""
        for (parameter, first), before in zip(self._parameters, self._before, strict=True):
            columns = parameter.detach()[:, :first]
            columns.copy_(torch.lerp(before, columns, scale))
        self._before = []


def fresh_parameters(network: nn.Module, *, base: nn.Module) -> dict[str, int]:
    """Return the parameters of ``network`` that are new against the ``base`` it was widened from.

    Returns:
        Name to first new input column; 0 for a parameter that the base does not have, or has in
        another shape than one widened in dimension 1.
    """
    known = {name: value.shape for name, value in base.named_parameters()}
    fresh = {}
    for name, value in network.named_parameters():
        shape = known.get(name)
        if shape == value.shape:
            continue
        widened = shape is not None and len(shape) > 1 and shape[:1] + shape[2:] == value.shape[:1] + value.shape[2:]
        fresh[name] = shape[1] if shape is not None and widened else 0
    return fresh


def parameter_groups(network: nn.Module, *, fresh: Mapping[str, int] | None) -> tuple[list[dict[str, Any]], ColumnRate]:
    """Return the optimizer's groups of a network, of what takes a gradient, and the rates of its widened parameters.

    Args:
        network: the network to train.
        fresh: parameters that did not come from a base checkpoint: name to first new input column, 0
            for a wholly new parameter. None for a network that starts from nothing: all are fresh.

    Raises:
        KeyError: if ``fresh`` names a parameter that the network does not have.
    """
    everything = dict(network.named_parameters())
    named = {name: value for name, value in everything.items() if value.requires_grad}
    if fresh is None:
        return [{"params": list(named.values()), "name": FRESH}], ColumnRate([])
    unknown = set(fresh) - set(everything)
    if unknown:
        raise KeyError(f"the network has no parameter {', '.join(sorted(unknown))}")
    groups = [
        {"params": [value for name, value in named.items() if name not in fresh], "name": BACKBONE},
        {"params": [named[name] for name in fresh if name in named], "name": FRESH},
    ]
    widened = [(named[name], first) for name, first in fresh.items() if first > 0 and name in named]
    return [group for group in groups if group["params"]], ColumnRate(widened)


def set_rates(optimizer: torch.optim.Optimizer, rate: float, *, backbone_scale: float) -> dict[str, float]:
    """Set every group's learning rate and return the rates by group name."""
    rates = {}
    for group in optimizer.param_groups:
        group["lr"] = rate * backbone_scale if group["name"] == BACKBONE else rate
        rates[str(group["name"])] = float(group["lr"])
    return rates
