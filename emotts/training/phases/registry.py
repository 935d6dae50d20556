"""The training phases by their names in ``train.phase``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from emotts.training.phases.autoencoder import AutoencoderPhase, DecoderPhase
from emotts.training.phases.joint import JointPhase
from emotts.training.phases.phase import Phase
from emotts.training.phases.prior import PriorPhase

__all__ = ["PHASES"]

PHASES: Mapping[str, Phase] = MappingProxyType(
    {"joint": JointPhase(), "autoencoder": AutoencoderPhase(), "decoder": DecoderPhase(), "prior": PriorPhase()}
)
