"""The pictures of an evaluation, from its clips."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from emotts.evaluation.measures import UNUSABLE, heard_confusion
from emotts.evaluation.plots import contour_figure, empty_figure, prosody_figure
from emotts.evaluation.prosody import UNITS, Prosody, f0_contour
from emotts.evaluation.spoken import Clip
from emotts.plotting import save_figure
from emotts.recognition.plots import confusion_figure

__all__ = ["draw_evaluation"]


def draw_evaluation(
    clips: Sequence[Clip],
    reference: Sequence[Clip],
    emotions: Sequence[str],
    *,
    prosody: tuple[Mapping[str, Prosody], Mapping[str, Prosody]],
    out: Path,
) -> None:
    """Write ``confusion.png``, ``prosody.png`` and ``f0_contours.png`` into ``out``.

    ``prosody`` holds the means per emotion of the voice and of the reference speech.
    """
    matrices, heard = {}, list(emotions)
    if any(clip.problem is not None for clip in (*clips, *reference)):
        heard.append(UNUSABLE)
    classified = [clip for clip in clips if clip.task.emotion in emotions]
    for name, group in (("voice", classified), ("reference speech, held out", reference)):
        if group:
            matrix = heard_confusion(
                [clip.task.emotion for clip in group], [clip.heard for clip in group], emotions=emotions
            )
            padded = np.pad(matrix, ((0, 0), (0, len(heard) - matrix.shape[1])))
            matrices[f"{name} ({len(group)} clips)"] = padded
    title = "Emotion meant and emotion heard"
    save_figure(confusion_figure(matrices, emotions=emotions, heard=heard, title=title), out / "confusion.png")
    voice_table, reference_table = ({name: asdict(values) for name, values in table.items()} for table in prosody)
    title = "Prosody per emotion: the voice beside reference speech"
    save_figure(prosody_figure(voice_table, reference_table, units=UNITS, title=title), out / "prosody.png")
    _draw_contours(clips, out / "f0_contours.png")


def _draw_contours(clips: Sequence[Clip], path: Path) -> None:
    shared = [clip for clip in clips if clip.task.shared and clip.problem is None]
    if not shared:
        # dvc.yaml lists the picture among the plots, so it has to be there
        figure = empty_figure("F0 of one sentence in every emotion", note="no sentence was spoken in every emotion")
        save_figure(figure, path)
        return
    number = min(clip.task.sentence for clip in shared)
    contours = {
        clip.task.emotion: f0_contour(clip.samples, sample_rate_hz=clip.sample_rate_hz)
        for clip in shared
        if clip.task.sentence == number
    }
    voiced = {name: pair for name, pair in contours.items() if any(math.isfinite(value) for value in pair[1])}
    save_figure(contour_figure(voiced, title=f"F0 of sentence {number:02d} in every emotion (voice)"), path)
