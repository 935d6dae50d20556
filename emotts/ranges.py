"""The ranges of settings that several components share; a number outside of them is refused before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

__all__ = [
    "CALL_RANGES",
    "LONGEST_PAUSE_S",
    "SEED_LIMIT",
    "Count",
    "FilePath",
    "Heads",
    "Kernel",
    "Layers",
    "OptionalWidth",
    "Rate",
    "Seed",
    "Steps",
    "StepsFromZero",
    "Weight",
    "Width",
]


def _odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError("an odd number is wanted, so that the kernel has a middle")
    return value


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("a path of printable characters is wanted")
    return value


Width = Annotated[int, Field(gt=0, le=8192)]
"""Channels of a layer, or rows of a table."""
OptionalWidth = Annotated[int, Field(ge=0, le=8192)]
"""Channels of what may be left out."""
Layers = Annotated[int, Field(gt=0, le=64)]
Heads = Annotated[int, Field(gt=0, le=256)]
Kernel = Annotated[int, Field(gt=0, le=63), AfterValidator(_odd)]
"""Size of a convolution's kernel that keeps the length."""
Steps = Annotated[int, Field(gt=0, le=1_000_000_000)]
StepsFromZero = Annotated[int, Field(ge=0, le=1_000_000_000)]
Count = Annotated[int, Field(gt=0, le=100_000)]
"""Of clips, sentences, trials, checkpoints."""
Rate = Annotated[float, Field(gt=0.0, le=10.0)]
"""Learning rate."""
Weight = Annotated[float, Field(ge=0.0, le=1e6)]
"""Of a loss, or another factor from 0 upwards."""
Seed = Annotated[int, Field(ge=0, lt=2**32)]
"""What NumPy, scikit-learn and torch take alike."""
FilePath = Annotated[str, Field(min_length=1, max_length=1024), AfterValidator(_printable)]
"""Path of a file or folder, as settings name it."""
CALL_RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "speed": (0.25, 4.0),
        "pitch_shift": (-12.0, 12.0),
        "pitch_range": (0.0, 4.0),
        "pause_scale": (0.0, 10.0),
        "noise_scale": (0.0, 10.0),
    }
)
"""What one call of a voice may ask for, by name, both ends included."""
LONGEST_PAUSE_S = 60.0
SEED_LIMIT = 2**63
"""What torch's generators take, one more than the largest."""
