"""Whether the voice sounds like its speaker: how near the vectors of its clips are to those of real ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from emotts.evaluation.spoken import Clip
from emotts.judges.protocol import SpeakerJudge

__all__ = ["likeness_figures", "similarity_figures"]

Array = npt.NDArray[np.float64]


def likeness_figures(clips: Sequence[Clip], real: Sequence[Clip], *, judge: SpeakerJudge) -> dict[str, float]:
    """Return :func:`similarity_figures` of the usable clips spoken in their own emotion and of the usable real ones."""
    ours, theirs = (_vectors(group, judge) for group in (clips, real))
    return similarity_figures(ours, theirs) if ours and theirs else {}


def _vectors(clips: Sequence[Clip], judge: SpeakerJudge) -> dict[str, Array]:
    groups: dict[str, list[Array]] = {}
    for clip in clips:
        if clip.problem is None and clip.task.own:
            groups.setdefault(clip.task.emotion, []).append(judge.embed(clip.samples, clip.sample_rate_hz))
    return {emotion: np.stack(group) for emotion, group in groups.items()}


def similarity_figures(ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> dict[str, float]:
    """Return mean cosines of vectors (clip, channel) of length 1, which are given by emotion.

    ``speaker_similarity``: clips of the voice with real ones; ``real.speaker_similarity``: real clips with other real
    ones; ``speaker_similarity.ratio``: the first over the second. A voice changes with its emotion, so every pair of
    emotions counts alike, and only those count that can be formed on both sides.
    """
    mixed, among = [], []
    for first in sorted(ours.keys() & theirs.keys()):
        for second in sorted(theirs):
            others = ~np.eye(len(theirs[first]), dtype=bool) if first == second else np.True_
            cosines = theirs[first] @ theirs[second].T
            if first != second or len(theirs[first]) > 1:
                among.append(float(cosines[others].mean()))
                mixed.append(float((ours[first] @ theirs[second].T).mean()))
    if not mixed:
        return {}
    voice, real = float(np.mean(mixed)), float(np.mean(among))
    return {"speaker_similarity": voice, "real.speaker_similarity": real, "speaker_similarity.ratio": voice / real}
