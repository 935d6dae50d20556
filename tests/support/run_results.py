"""Runs and spoken clips made up for tests of comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from emotts.comparison.clips import SpokenClip
from emotts.comparison.differences import RunResults
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


def clip(
    text: str,
    emotion: str,
    heard: str,
    *,
    probability: float = 0.5,
    own: bool = True,
    shared: bool = False,
    sound: Path | None = None,
    heard_by: Mapping[str, str] | None = None,
    edits: int = 0,
    length: int = 0,
    judged: bool = True,
    mcd_db: float | None = None,
) -> SpokenClip:
    """Return a spoken clip."""
    return SpokenClip(
        (text, emotion, 0),
        own,
        shared,
        heard,
        heard_by or {},
        probability,
        sound,
        edits=edits,
        length=length,
        mcd_db=mcd_db,
        judged=judged,
    )


def results(metrics: Mapping[str, float], clips: Sequence[SpokenClip] = (), *, name: str = "one") -> RunResults:
    """Return a run with figures and clips."""
    return RunResults(run(name, metrics), tuple(clips))
