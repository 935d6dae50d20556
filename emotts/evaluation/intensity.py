"""Curves of emotion over intensity, and their rank correlation with it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import scipy.stats

from emotts.emotions.emotion_set import NEUTRAL
from emotts.evaluation.plan import Task
from emotts.evaluation.prosody import Prosody
from emotts.evaluation.spoken import Clip, Speak, hear
from emotts.files import write_text
from emotts.progress import Progress
from emotts.recognition.protocol import EmotionModel

__all__ = [
    "CURVES_FILE",
    "INTENSITIES",
    "MEASURES",
    "Curve",
    "curve_points",
    "intensity_metrics",
    "mean_curves",
    "rank_correlation",
    "speak_curves",
    "write_curves",
]

INTENSITIES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "probability": "probability of the emotion",
        "f0_mean": "mean F0: from neutral (semitones)",
        "energy": "level: from neutral (dB)",
        "rate": "tempo: from neutral (fraction)",
    }
)
"""What is measured at every intensity, and what to write at an axis; distances have no sign."""
CURVES_FILE = "intensity.json"
_LEAST_POINTS = 3


@dataclass(frozen=True)
class Curve:
    """One sentence in one emotion: for each measure a value an intensity of :data:`INTENSITIES`, NaN where unusable."""

    text: str
    emotion: str
    values: Mapping[str, tuple[float, ...]]


def speak_curves(
    sentences: Sequence[tuple[str, str]],
    *,
    speak: Speak,
    classifier: EmotionModel,
    emotions: Sequence[str],
    per_emotion: int,
    sample_rate_hz: int,
    speaker: str | None,
    progress: Progress | None = None,
) -> list[Curve]:
    """Speak the first ``per_emotion`` sentences of every emotion but neutral at all intensities.

    Without neutral, which intensity is measured from, there is no curve.
    """
    if NEUTRAL not in emotions:
        return []
    chosen = [
        Task(number, text, emotion, own=True, shared=False)
        for emotion in emotions
        if emotion != NEUTRAL
        for number, text in enumerate([text for text, own in sentences if own == emotion][:per_emotion])
    ]
    curves = []
    for done, task in enumerate(chosen, 1):
        clips = []
        for intensity in INTENSITIES:
            samples = np.asarray(speak(task.text, task.emotion, intensity), dtype=np.float32)
            # of one sentence alone, tempo is the inverse of its length, however many phones it has
            clips.append(
                hear(task, samples, sample_rate_hz=sample_rate_hz, classifier=classifier, speaker=speaker, n_phones=1)
            )
        curves.append(_curve(task, clips))
        if progress is not None:
            progress(done, len(chosen), f"speaking at all intensities ({task.emotion})")
    return curves


def _curve(task: Task, clips: Sequence[Clip]) -> Curve:
    neutral = clips[0].prosody
    away = [_away(clip.prosody, neutral) for clip in clips]
    return Curve(
        task.text,
        task.emotion,
        {
            "probability": tuple(math.nan if clip.problem else clip.probability for clip in clips),
            **{name: tuple(row[place] for row in away) for place, name in enumerate(list(MEASURES)[1:])},
        },
    )


def _away(prosody: Prosody | None, neutral: Prosody | None) -> tuple[float, float, float]:
    """Return how far pitch (semitones), level (dB) and tempo (fraction) are from those of the neutral rendering."""
    if prosody is None or neutral is None:
        return math.nan, math.nan, math.nan
    return (
        abs(12 * math.log2(prosody.f0_mean_hz / neutral.f0_mean_hz)),
        abs(prosody.energy_db - neutral.energy_db),
        abs(prosody.rate_phones_per_s / neutral.rate_phones_per_s - 1),
    )


def rank_correlation(values: Sequence[float]) -> float:
    """Return Spearman's coefficient of values with :data:`INTENSITIES`: 1 where they always rise, 0 where they stay.

    Values that do not exist are left out; NaN where fewer than three exist.
    """
    there = [(at, value) for at, value in zip(INTENSITIES, values, strict=True) if math.isfinite(value)]
    if len(there) < _LEAST_POINTS:
        return math.nan
    at, found = zip(*there, strict=True)
    return 0.0 if len(set(found)) == 1 else float(scipy.stats.spearmanr(at, found).statistic)


def intensity_metrics(curves: Sequence[Curve]) -> dict[str, float]:
    """Return ``intensity.spearman.MEASURE.EMOTION``, averaged over sentences, and its mean over emotions."""
    metrics: dict[str, float] = {"intensity.n_sentences": float(len(curves))} if curves else {}
    for measure in MEASURES:
        groups: dict[str, list[float]] = {}
        for curve in curves:
            value = rank_correlation(curve.values[measure])
            if math.isfinite(value):
                groups.setdefault(curve.emotion, []).append(value)
        means = {emotion: float(np.mean(group)) for emotion, group in groups.items()}
        head = f"intensity.spearman.{measure}"
        metrics |= {head: float(np.mean(list(means.values())))} if means else {}
        metrics |= {f"{head}.{emotion}": mean for emotion, mean in means.items()}
    return metrics


def mean_curves(curves: Sequence[Curve]) -> dict[str, dict[str, list[float]]]:
    """Return measure to emotion to one mean an intensity, over the sentences in which it exists."""
    emotions = list(dict.fromkeys(curve.emotion for curve in curves))
    return {
        measure: {
            emotion: [
                _mean([curve.values[measure][place] for curve in curves if curve.emotion == emotion])
                for place in range(len(INTENSITIES))
            ]
            for emotion in emotions
        }
        for measure in MEASURES
    }


def _mean(values: Sequence[float]) -> float:
    there = [value for value in values if math.isfinite(value)]
    return float(np.mean(there)) if there else math.nan


def write_curves(path: Path, curves: Sequence[Curve]) -> None:
    """Write intensities, mean curves and every sentence's curves as JSON, null for what does not exist."""
    content = {
        "intensities": INTENSITIES,
        "mean": mean_curves(curves),
        "sentences": [{"text": curve.text, "emotion": curve.emotion, **curve.values} for curve in curves],
    }
    write_text(path, json.dumps(_without_nan(content), ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def _without_nan(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def curve_points(path: Path) -> list[tuple[int, dict[str, float]]]:
    """Return the mean curves of a file of :func:`write_curves` as (intensity in percent, values by name).

    Without a file there are none.
    """
    if not path.is_file():
        return []
    content = json.loads(path.read_text(encoding="utf-8"))
    points = []
    for place, intensity in enumerate(content["intensities"]):
        row = {
            f"intensity/{measure}/{emotion}": values[place]
            for measure, emotions in content["mean"].items()
            for emotion, values in emotions.items()
            if values[place] is not None
        }
        points.append((round(100 * intensity), row))
    return points
