"""The section ``speaking`` of the settings: how a voice speaks unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from emotts.audio.joining import PauseRule
from emotts.model.rounding import Rounding
from emotts.ranges import LONGEST_PAUSE_S
from emotts.schema import Fraction, Settings

__all__ = ["STYLE_BEFORE", "SpeakingStyle"]

STYLE_BEFORE: Mapping[str, object] = MappingProxyType(
    {"pitch_range": 1.0, "duration_rounding": "up", "pause_rule": "added"}
)
"""How voices speak that were stored before these settings existed."""


class SpeakingStyle(Settings):
    """How a voice speaks.

    ``noise_scale`` and ``duration_noise_scale`` are the standard deviations of the prior and of the stochastic
    duration predictor, ``sdp_ratio`` the fraction of the stochastic predictor, ``length_scale`` stretches every
    duration, ``duration_rounding`` makes whole frames of durations, ``pause_s`` is the silence between sentences in
    seconds, ``pause_rule`` what it counts, ``pitch_range`` a factor on the distance of the pitch from its mean in
    semitones.
    """

    noise_scale: Annotated[float, Field(ge=0.0, le=10.0)]
    duration_noise_scale: Annotated[float, Field(ge=0.0, le=10.0)]
    sdp_ratio: Fraction
    length_scale: Annotated[float, Field(ge=0.1, le=10.0)]
    duration_rounding: Rounding
    pitch_range: Annotated[float, Field(ge=0.0, le=10.0)]
    pause_rule: PauseRule
    pause_s: Annotated[float, Field(ge=0.0, le=LONGEST_PAUSE_S)]
