"""Weight normalisation: put on for training, folded into plain weights for speaking.

A normalised layer keeps a length per output channel (``parametrizations.weight.original0``, called
``weight_g`` in older checkpoints) and a direction (``parametrizations.weight.original1``, ``weight_v``).
Source: Salimans and Kingma, Weight Normalization, 2016.
"""

from __future__ import annotations

from typing import TypeVar, cast

from torch import nn
from torch.nn.utils import parametrizations, parametrize

__all__ = ["fold_weight_norm", "has_weight_norm", "normalise", "weight_norm"]

Layer = TypeVar("Layer", bound=nn.Module)


def weight_norm(layer: Layer) -> Layer:
    """Put weight normalisation on ``layer.weight`` (lengths along dimension 0) and return the layer."""
    return cast(Layer, parametrizations.weight_norm(layer, name="weight", dim=0))


def normalise(layer: Layer, *, use_spectral_norm: bool) -> Layer:
    """Put spectral normalisation (Miyato et al., 2018) or weight normalisation on ``layer.weight``."""
    if use_spectral_norm:
        return cast(Layer, parametrizations.spectral_norm(layer, name="weight"))
    return weight_norm(layer)


def has_weight_norm(module: nn.Module) -> bool:
    """Say whether any layer inside ``module`` still carries a parametrised weight."""
    return any(parametrize.is_parametrized(layer, "weight") for layer in module.modules())


def fold_weight_norm(module: nn.Module) -> int:
    """Replace every normalised weight inside ``module`` by the plain weight it stands for.

    The outputs stay the same; speaking gets a little faster. Not to be undone: fold a deep copy where
    the original is to be trained on; the original is left as it is.

    Returns:
        The number of layers that were folded; 0 if it had been done before.
    """
    normalised = [layer for layer in module.modules() if parametrize.is_parametrized(layer, "weight")]
    for layer in normalised:
        # torch keeps the parametrised attribute in the layer's class, which a deep copy shares with its
        # original, and takes it out of there; so the layer gets a class of its own first
        kind = type(layer)
        layer.__class__ = type(kind.__name__, kind.__bases__, dict(kind.__dict__))
        parametrize.remove_parametrizations(layer, "weight", leave_parametrized=True)
    return len(normalised)
