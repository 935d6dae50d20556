"""Runs and spoken clips made up for tests of comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emotts.evaluation.comparison.clips import SpokenClip
from emotts.evaluation.comparison.differences import RunResults
from emotts.tracking.runs import Run

__all__ = ["clip", "results", "run"]


def run(name: str = "one", metrics: Mapping[str, float] | None = None, **parts: Mapping[str, str]) -> Run:
    """Return a finished run; ``parts`` are its ``params``, ``tags`` and ``data``."""
    empty: Mapping[str, str] = {}
    return Run(
        run_id=name.encode().hex().ljust(32, "0"),
        name=name,
        status="FINISHED",
        params=parts.get("params", empty),
        metrics=metrics or {},
        tags=parts.get("tags", empty),
        data=parts.get("data", empty),
    )


def clip(text: str, emotion: str, heard: str, **changes: Any) -> SpokenClip:
    """Return a spoken clip; ``changes`` are its other attributes."""
    plain: dict[str, Any] = {"own": True, "shared": False, "heard_by": {}, "probability": 0.5, "sound": None}
    return SpokenClip((text, emotion, 0), heard=heard, **(plain | changes))


def results(metrics: Mapping[str, float], clips: Sequence[SpokenClip] = (), *, name: str = "one") -> RunResults:
    """Return a run with metrics and clips."""
    return RunResults(run(name, metrics), tuple(clips))
