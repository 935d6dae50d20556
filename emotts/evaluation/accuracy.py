"""The accuracy with which the meant emotion is heard, by the emotion classifier and auxiliary ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.evaluation.measures import accuracy_metrics
from emotts.evaluation.spoken import Clip

__all__ = ["emotion_metrics"]


def emotion_metrics(clips: Sequence[Clip], reference: Sequence[Clip], emotions: Sequence[str]) -> dict[str, float]:
    """Return accuracies over all spoken clips, the shared sentences alone, own emotions alone, and reference clips.

    The metrics of the auxiliary classifiers are ``auxiliary.NAME.`` and ``reference.auxiliary.NAME.``, without
    intervals. Clips in a style, which no classifier knows, are left out.
    """
    clips = [clip for clip in clips if clip.task.emotion in emotions]
    groups = {
        "": clips,
        "shared_text.": [clip for clip in clips if clip.task.shared],
        "own_text.": [clip for clip in clips if clip.task.own],
        "reference.": reference,
    }
    metrics: dict[str, float] = {}
    for prefix, group in groups.items():
        if group:
            meant = [clip.task.emotion for clip in group]
            metrics |= accuracy_metrics(meant, [clip.heard for clip in group], emotions=emotions, prefix=prefix)
            metrics[f"{prefix}emotion_probability"] = float(np.mean([clip.probability for clip in group]))
    return (
        metrics
        | _auxiliary_metrics(clips, emotions, prefix="")
        | _auxiliary_metrics(reference, emotions, prefix="reference.")
    )


def _auxiliary_metrics(clips: Sequence[Clip], emotions: Sequence[str], *, prefix: str) -> dict[str, float]:
    metrics: dict[str, float] = {}
    meant = [clip.task.emotion for clip in clips]
    for name in clips[0].auxiliary_heard if clips else ():
        head = f"{prefix}auxiliary.{name}."
        found = accuracy_metrics(meant, [clip.auxiliary_heard[name] for clip in clips], emotions=emotions, prefix=head)
        kept = {f"{head}emotion_accuracy.{key}" for key in ("balanced", *emotions)}
        metrics |= {key: value for key, value in found.items() if key in kept}
    return metrics
