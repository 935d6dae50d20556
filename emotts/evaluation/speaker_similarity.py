"""Speaker similarity: how near the speaker vectors of a voice's clips are to those of reference clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from emotts.evaluation.spoken import Clip
from emotts.recognition.protocol import SpeakerModel

__all__ = ["similarity_metrics", "speaker_similarity_metrics"]

Array = npt.NDArray[np.float64]


def speaker_similarity_metrics(
    clips: Sequence[Clip], reference: Sequence[Clip], *, encoder: SpeakerModel
) -> dict[str, float]:
    """Return :func:`similarity_metrics` of the usable clips in their own emotion and of the reference clips."""
    ours, theirs = (_vectors(group, encoder) for group in (clips, reference))
    return similarity_metrics(ours, theirs) if ours and theirs else {}


def _vectors(clips: Sequence[Clip], encoder: SpeakerModel) -> dict[str, Array]:
    groups: dict[str, list[Array]] = {}
    for clip in clips:
        if clip.problem is None and clip.task.own:
            groups.setdefault(clip.task.emotion, []).append(encoder.embed(clip.samples, clip.sample_rate_hz))
    return {emotion: np.stack(group) for emotion, group in groups.items()}


def similarity_metrics(ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> dict[str, float]:
    """Return mean cosines of vectors (clip, channel) of length 1, which are given by emotion.

    ``speaker_similarity``: clips of the voice with reference clips; ``reference.speaker_similarity``: reference clips
    with each other; ``speaker_similarity.ratio``: the first over the second. A voice changes with its
    emotion, so every pair of emotions counts alike, and only those count that can be formed on both sides.
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
    voice, reference = float(np.mean(mixed)), float(np.mean(among))
    return {
        "speaker_similarity": voice,
        "reference.speaker_similarity": reference,
        "speaker_similarity.ratio": voice / reference,
    }
