"""The output of the discriminators of waveforms."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

__all__ = ["DiscriminatorOutput"]


class DiscriminatorOutput(NamedTuple):
    """Answers of a discriminator that has several parts, in the order of the parts.

    Attributes:
        logits: of each part (batch, position); no squashing, for least-squares losses.
        feature_maps: of each part a list, one tensor after every layer, the logits' layer included.
    """

    logits: list[Tensor]
    feature_maps: list[list[Tensor]]
