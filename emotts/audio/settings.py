"""The section ``audio`` of the settings."""

from __future__ import annotations

from typing import Annotated

import pydantic
from pydantic import Field

from emotts.schema import RuleError, Settings

__all__ = ["AudioSettings"]


class AudioSettings(Settings):
    """The sample rate and the frames of all spectrograms."""

    sample_rate_hz: Annotated[int, Field(ge=8000, le=192_000)]
    n_fft: Annotated[int, Field(ge=16, le=65_536)]
    hop_length: Annotated[int, Field(gt=0, le=65_536)]
    win_length: Annotated[int, Field(gt=0, le=65_536)]
    n_mels: Annotated[int, Field(gt=0, le=1024)]
    mel_f_min_hz: Annotated[float, Field(ge=0.0, le=96_000.0)]
    mel_f_max_hz: Annotated[float, Field(gt=0.0, le=96_000.0)] | None

    @pydantic.model_validator(mode="after")
    def _frames(self) -> AudioSettings:
        if self.n_fft % 2:
            raise RuleError(f"n_fft ({self.n_fft}) must be even", key=["n_fft"])
        if self.win_length > self.n_fft:
            raise RuleError(f"win_length ({self.win_length}) must not exceed n_fft ({self.n_fft})", key=["win_length"])
        if self.hop_length > self.n_fft or self.hop_length % 2:
            raise RuleError(
                f"hop_length ({self.hop_length}) must be even and not exceed n_fft ({self.n_fft})", key=["hop_length"]
            )
        return self

    @pydantic.model_validator(mode="after")
    def _mel_bands(self) -> AudioSettings:
        half = self.sample_rate_hz / 2
        if self.mel_f_max_hz is not None and self.mel_f_max_hz > half:
            raise RuleError(f"mel_f_max_hz ({self.mel_f_max_hz}) is above half the sample rate", key=["mel_f_max_hz"])
        top = half if self.mel_f_max_hz is None else self.mel_f_max_hz
        if self.mel_f_min_hz >= top:
            raise RuleError(f"mel_f_min_hz ({self.mel_f_min_hz}) must be below {top:g} Hz", key=["mel_f_min_hz"])
        if self.n_mels > self.n_fft // 2:
            raise RuleError(
                f"n_mels ({self.n_mels}) must not exceed half of n_fft ({self.n_fft}): there are no more bins",
                key=["n_mels"],
            )
        return self
