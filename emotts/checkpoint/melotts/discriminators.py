"""MeloTTS's discriminator checkpoints under our names.

The only file that knows the foreign names of their weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from torch import Tensor

from emotts.checkpoint.melotts.state import read_state
from emotts.errors import CheckpointError

__all__ = ["read_duration_discriminator", "read_multi_period_discriminator"]

_WEIGHT_NORM: Mapping[str, str] = MappingProxyType(
    {"weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}
)
_SPECTRAL_NORM: Mapping[str, str] = MappingProxyType(
    {
        "weight_orig": "parametrizations.weight.original",
        "weight_u": "parametrizations.weight.0._u",
        "weight_v": "parametrizations.weight.0._v",
    }
)
"""Their ``weight_v`` is a singular vector where weight normalisation has a direction by that name."""
_MULTI_PERIOD: Mapping[str, str] = MappingProxyType({"discriminators": "parts", "conv_post": "output_conv"})
_DURATION: Mapping[str, str] = MappingProxyType(
    {
        "conv_1": "first_conv",
        "norm_1": "first_norm",
        "conv_2": "second_conv",
        "norm_2": "second_norm",
        "dur_proj": "duration_projection",
        "pre_out_conv_1": "joint_first_conv",
        "pre_out_norm_1": "joint_first_norm",
        "pre_out_conv_2": "joint_second_conv",
        "pre_out_norm_2": "joint_second_norm",
        "cond": "voice_projection",
        "gamma": "weight",
        "beta": "bias",
    }
)
_OUTPUT = ("output_layer.0.", "output.")
"""Their output layer is the first of a sequence."""


def read_multi_period_discriminator(path: Path) -> dict[str, Tensor]:
    """Return the weights of a multi-period discriminator (``D.pth``) under the names of ours.

    Args:
        path: ``.pth`` or ``.safetensors``; weight or spectral normalisation under torch's former or present names.

    Raises:
        CheckpointError: if the file cannot be read, or holds another network.
    """
    return _renamed(path, parts=_MULTI_PERIOD, mark="discriminators.", what="a multi-period discriminator")


def read_duration_discriminator(path: Path) -> dict[str, Tensor]:
    """Return the weights of a duration discriminator (``DUR.pth``) under the names of ours.

    The published one was trained with its two inputs swapped: it takes predicted durations for real ones.

    Raises:
        CheckpointError: as :func:`read_multi_period_discriminator`.
    """
    return _renamed(path, parts=_DURATION, mark="dur_proj.", what="a duration discriminator")


def _renamed(path: Path, *, parts: Mapping[str, str], mark: str, what: str) -> dict[str, Tensor]:
    state, _ = read_state(path)
    if not any(name.startswith(mark) for name in state):
        raise CheckpointError(
            f"this is not {what}", where=path, found=", ".join(list(state)[:3]) or "nothing", wanted=f"{mark}* weights"
        )
    norm = _SPECTRAL_NORM if any(name.endswith(".weight_orig") for name in state) else _WEIGHT_NORM
    words = {**parts, **norm}
    return {
        ".".join(words.get(part, part) for part in name.replace(*_OUTPUT).split(".")): tensor
        for name, tensor in state.items()
    }
