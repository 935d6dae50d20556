"""Means of the metrics of several steps, kept on the device until they are logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import torch
from torch import Tensor

__all__ = ["MetricState", "MetricWindow"]


class MetricState(TypedDict):
    """The sums and counts of a window, for a checkpoint."""

    sums: dict[str, Tensor]
    counts: dict[str, int]


class MetricWindow:
    """Running sums of named scalars; the host waits for the device only in :meth:`drain`."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._counts: dict[str, int] = {}

    def add(self, values: Mapping[str, Tensor]) -> None:
        """Take the scalars of one step in."""
        for name, value in values.items():
            # float64 so that the mean does not depend on how many steps came before
            number = value.detach().double()
            self._sums[name] = self._sums[name] + number if name in self._sums else number
            self._counts[name] = self._counts.get(name, 0) + 1

    def drain(self) -> dict[str, float]:
        """Return the mean of every name since the last call, and start anew."""
        if not self._sums:
            return {}
        sums = torch.stack(list(self._sums.values())).tolist()
        means = {name: total / self._counts[name] for name, total in zip(self._sums, sums, strict=True)}
        self._sums, self._counts = {}, {}
        return means

    def state_dict(self) -> MetricState:
        """Return the sums and counts, for a checkpoint."""
        return {"sums": {name: value.cpu() for name, value in self._sums.items()}, "counts": dict(self._counts)}

    def load_state_dict(self, state: MetricState, *, device: torch.device) -> None:
        """Go on from the sums and counts of :meth:`state_dict`."""
        self._sums = {name: value.to(device) for name, value in state["sums"].items()}
        self._counts = dict(state["counts"])
