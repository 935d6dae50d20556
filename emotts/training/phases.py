"""The phases that a training run can be, by the name that ``train.phase`` has for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from emotts.training.phase import Phase
from emotts.training.phase_autoencoder import AutoencoderPhase, DecoderPhase
from emotts.training.phase_joint import JointPhase
from emotts.training.phase_prior import PriorPhase

__all__ = ["PHASES"]

PHASES: Mapping[str, Phase] = MappingProxyType(
    {"joint": JointPhase(), "autoencoder": AutoencoderPhase(), "decoder": DecoderPhase(), "prior": PriorPhase()}
)
