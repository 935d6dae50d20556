"""All discriminators in one place."""

from __future__ import annotations

from emotts.model.discriminator_duration import DurationDiscriminator
from emotts.model.discriminator_output import DiscriminatorOutput
from emotts.model.discriminator_period import MultiPeriodDiscriminator
from emotts.model.discriminator_resolution import MultiResolutionDiscriminator

__all__ = ["DiscriminatorOutput", "DurationDiscriminator", "MultiPeriodDiscriminator", "MultiResolutionDiscriminator"]
