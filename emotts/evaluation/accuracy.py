"""How often the meant emotion is heard, by the judge and by second ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.evaluation.metrics import accuracy_figures
from emotts.evaluation.spoken import Clip

__all__ = ["emotion_figures"]


def emotion_figures(clips: Sequence[Clip], real: Sequence[Clip], emotions: Sequence[str]) -> dict[str, float]:
    """Return accuracies over all spoken clips, the shared sentences alone, own emotions alone, and real clips.

    What the second judges hear stands under ``judge.NAME.`` and ``real.judge.NAME.``, without intervals. Clips in a
    style, which no judge knows, are left out.
    """
    clips = [clip for clip in clips if clip.task.emotion in emotions]
    groups = {
        "": clips,
        "shared_text.": [clip for clip in clips if clip.task.shared],
        "own_text.": [clip for clip in clips if clip.task.own],
        "real.": real,
    }
    figures: dict[str, float] = {}
    for prefix, group in groups.items():
        if group:
            meant = [clip.task.emotion for clip in group]
            figures |= accuracy_figures(meant, [clip.heard for clip in group], emotions=emotions, prefix=prefix)
            figures[f"{prefix}emotion_probability"] = float(np.mean([clip.probability for clip in group]))
    return figures | _second_figures(clips, emotions, prefix="") | _second_figures(real, emotions, prefix="real.")


def _second_figures(clips: Sequence[Clip], emotions: Sequence[str], *, prefix: str) -> dict[str, float]:
    figures: dict[str, float] = {}
    meant = [clip.task.emotion for clip in clips]
    for name in clips[0].second_heard if clips else ():
        head = f"{prefix}judge.{name}."
        found = accuracy_figures(meant, [clip.second_heard[name] for clip in clips], emotions=emotions, prefix=head)
        kept = {f"{head}emotion_accuracy.{key}" for key in ("balanced", *emotions)}
        figures |= {key: value for key, value in found.items() if key in kept}
    return figures
