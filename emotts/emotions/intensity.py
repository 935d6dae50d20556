"""Intensities as people write them: numbers, and words in three languages."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["INTENSITY_WORDS", "MAX_INTENSITY", "read_intensity"]

MAX_INTENSITY = 1.5
"""Largest intensity that a mark, a column or a file name may carry."""

INTENSITY_WORDS: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("weak", "mild", "약", "약함", "약하게", "弱", "弱い"), 0.5),
        **dict.fromkeys(("normal", "medium", "moderate", "보통", "중", "중간", "中", "普通", "通常"), 1.0),
        **dict.fromkeys(("strong", "intense", "강", "강함", "강하게", "強", "強い"), MAX_INTENSITY),
    }
)
"""Words that a name of a file or folder may hold, and what they mean: 1 is as recorded, 0 neutral."""
_LEVELS: Mapping[str, float] = MappingProxyType(
    {"low": 0.5, "lo": 0.5, "mid": 1.0, "middle": 1.0, "md": 1.0, "high": MAX_INTENSITY, "hi": MAX_INTENSITY}
)
"""Further words, which mean an intensity only where one is expected."""


def read_intensity(written: str) -> float | None:
    """Return an intensity of 0 to 1.5 that is written as a number or a word, None where it is neither."""
    folded = unicodedata.normalize("NFC", written).strip().casefold()
    known = INTENSITY_WORDS.get(folded, _LEVELS.get(folded))
    if known is not None:
        return known
    try:
        value = float(folded)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0.0 <= value <= MAX_INTENSITY else None
