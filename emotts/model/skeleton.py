"""A synthesizer without memory: the names, shapes and types of its weights, before anything is allocated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer

__all__ = ["skeleton"]


def skeleton(settings: SynthesizerSettings) -> Synthesizer:
    """Return the synthesizer of some settings on torch's device ``meta``: all shapes, no numbers.

    Raises:
        ConfigError: if it cannot be built.
    """
    with torch.device("meta"), _Uninitialised():
        return Synthesizer(settings)


_SAME_SHAPE = frozenset({"mul", "normal_", "uniform_", "trunc_normal_", "kaiming_uniform_", "xavier_uniform_"})
"""Operations of the constructors that leave the shape of their first argument as it is."""


class _Uninitialised(TorchFunctionMode):
    """Passes over the initial values of weights: computing them on ``meta`` would load a compiler for seconds."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        del types
        options = kwargs or {}
        if getattr(func, "__name__", "") in _SAME_SHAPE:
            return args[0] if args else options["tensor"]
        if func in (torch.randn, torch.hann_window):
            return torch.empty(*args, **options)
        if func is torch.norm_except_dim:
            values, _, kept = args
            return torch.empty([size if place == kept else 1 for place, size in enumerate(values.shape)])
        return func(*args, **options)
