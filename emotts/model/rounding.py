"""How durations become whole frames, by name; without the networks, so that settings can be read quickly."""

from __future__ import annotations

from typing import Literal

__all__ = ["Rounding"]

Rounding = Literal["up", "cumulative"]
"""``up``: every token is rounded up, as in MeloTTS, which adds half a frame to each. ``cumulative``: the ends are
rounded, so that a text has the length that was predicted for it."""
