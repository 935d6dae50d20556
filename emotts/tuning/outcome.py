"""How a trial ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Outcome"]


@dataclass(frozen=True)
class Outcome:
    """A trial's values in the order of the objectives, or the reason why it has none."""

    kind: Literal["complete", "pruned", "failed"]
    values: tuple[float, ...] | None = None
    reason: str | None = None
