"""The headline metrics of an evaluation: what the report says in short."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["HEADLINE", "SUMMARY", "headline", "summary"]

HEADLINE = (
    "emotion_accuracy.balanced",
    "cer",
    "quality",
    "speaker_similarity",
    "mcd_db",
    "prosody.within_15_percent",
    "intensity.spearman.probability",
    "rtf",
    "n_unusable",
    "emotion_probability",
    "shared_text.emotion_accuracy.balanced",
    "auxiliary.prosody.emotion_accuracy.balanced",
    "auxiliary.spectrum.emotion_accuracy.balanced",
    "auxiliary.whisper.emotion_accuracy.balanced",
    "reference.emotion_accuracy.balanced",
    "reference.cer",
    "reference.quality",
    "reference.speaker_similarity",
)
"""Their names, in the order in which they are shown."""

SUMMARY = {
    "accuracy": "emotion_accuracy.balanced",
    "cer": "cer",
    "similarity": "speaker_similarity",
    "mcd_db": "mcd_db",
}
"""The most telling of them by the heads of their columns: short, so that DVC's table of experiments fits a terminal."""


def headline(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return those of an evaluation's metrics that are headline metrics, in their order."""
    return {name: metrics[name] for name in HEADLINE if name in metrics}


def summary(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return those of an evaluation's metrics that ``summary.json`` has, by its names and in its order."""
    return {head: metrics[name] for head, name in SUMMARY.items() if name in metrics}
