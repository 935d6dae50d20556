"""An exponential moving average of a network's weights, used for validation, samples and export."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

__all__ = ["ExponentialMovingAverage"]


class ExponentialMovingAverage:
    """Follows a network: after every step ``average = decay * average + (1 - decay) * weights``.

    In the first steps the decay is at most ``(1 + step) / (10 + step)``, so that the random start
    does not linger. Buffers and integer weights are copied.

    Args:
        network: the network to follow; its copy is made at once.
        decay: fraction of the average that stays at each step, 0 to 1.
    """

    def __init__(self, network: nn.Module, *, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False).eval()
        self._decay = decay

    @torch.no_grad()
    def update(self, network: nn.Module, *, step: int) -> None:
        """Take the weights of ``network`` after training step ``step`` (counted from 0) into the average."""
        decay = min(self._decay, (1.0 + step) / (10.0 + step))
        averages: list[Tensor] = list(self.network.parameters())
        weights = [weight.detach() for weight in network.parameters()]
        torch._foreach_lerp_(averages, weights, 1.0 - decay)
        for average, value in zip(self.network.buffers(), network.buffers(), strict=True):
            average.copy_(value)

    def state_dict(self) -> dict[str, Tensor]:
        """Return the averaged weights under the network's own names."""
        return self.network.state_dict()
