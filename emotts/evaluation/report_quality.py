"""The part of the report that says how natural the voice sounds."""

from __future__ import annotations

from collections.abc import Sequence

from emotts.evaluation.summary import Metrics
from emotts.evaluation.tables import MISSING, table

__all__ = ["quality_section"]


def quality_section(metrics: Metrics, emotions: Sequence[str], *, said: Sequence[str]) -> list[str]:
    """Return the paragraphs of the section; without a predictor, how to get it.

    Args:
        metrics: those of ``evaluation.json``.
        emotions: those of the voice.
        said: what is said above a table that compares with reference speech.
    """
    if "quality" not in metrics:
        return [
            "## Quality",
            "Not measured. `pip install 'emotts[quality]'` gets the quality predictor, and "
            "`evaluate.quality_predictor: distillmos` in `params.yaml` uses it.",
        ]
    rows = [["predicted quality, 1 to 5", "all", "95 % interval", "clips", *emotions]]
    for prefix, label in (("", "voice"), ("reference.", "reference speech")):
        key = f"{prefix}quality"
        if key in metrics:
            interval = f"{metrics[f'{key}.low']:.2f} – {metrics[f'{key}.high']:.2f}"
            own = (_score(metrics.get(f"{key}.{name}")) for name in emotions)
            rows.append([label, _score(metrics[key]), interval, f"{metrics[f'{key}.count']:.0f}", *own])
    return [
        "## Quality",
        *said,
        table(rows),
        "DistillMOS predicts what listeners would say of the sound, from 1 (bad) to 5 (excellent). It hears noise, "
        "buzzing and unnatural sounds; it does not rate words, speaker or emotion.",
    ]


def _score(value: float | None) -> str:
    return MISSING if value is None else f"{value:.2f}"
