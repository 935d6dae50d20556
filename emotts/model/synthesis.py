"""How one call turns tokens into sound: what is random in it, its tempo, its pitch, and its number format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import torch

from emotts.model.rounding import Rounding

__all__ = ["Synthesis", "SynthesisOptions"]


class SynthesisOptions(TypedDict, total=False):
    """The fields of :class:`Synthesis` as keyword arguments."""

    noise_scale: float
    duration_noise_scale: float
    length_scale: float
    sdp_ratio: float
    duration_rounding: Rounding
    pitch_range: float
    pitch_shift: float
    decoder_dtype: torch.dtype
    generator: torch.Generator | None


@dataclass(frozen=True)
class Synthesis:
    """How a text is spoken.

    Attributes:
        noise_scale: of the latents; 0 is always the same.
        duration_noise_scale: of the stochastic durations; 0 is always the same.
        length_scale: factor on all durations; above 1 is slower.
        sdp_ratio: fraction of the stochastic durations, the rest from the deterministic ones.
        duration_rounding: how durations become whole frames; MeloTTS's go up.
        pitch_range, pitch_shift: as of :func:`emotts.model.pitched_source.spoken_pitch`, an item's mean for each.
        decoder_dtype: what the decoder multiplies in, and the waveform's type; bfloat16 or float16 by autocast.
        generator: draws all random numbers, on the device of the synthesizer; None: the process's own.
    """

    noise_scale: float = 0.667
    duration_noise_scale: float = 0.8
    length_scale: float = 1.0
    sdp_ratio: float = 0.2
    duration_rounding: Rounding = "up"
    pitch_range: float = 1.0
    pitch_shift: float = 0.0
    decoder_dtype: torch.dtype = torch.float32
    generator: torch.Generator | None = None
