"""How far the sound of a voice is from real renderings of the same sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.evaluation.mcd import mel_cepstral_distortion
from emotts.evaluation.metrics import mean_interval
from emotts.evaluation.spoken import Clip

__all__ = ["distortion_figures"]


def distortion_figures(clips: Sequence[Clip], real: Sequence[Clip], *, seed: int) -> dict[str, float]:
    """Return ``mcd_db`` over sentences spoken in their own emotion of which there is a real rendering.

    ``real.mcd_db.other_sentence`` is what real clips of different sentences are apart: a voice that is no nearer
    says something else, or nothing.
    """
    usable = [clip for clip in real if clip.problem is None]
    renderings = {(clip.task.text, clip.task.emotion): clip for clip in usable}
    found: dict[str, list[float]] = {}
    for clip in clips:
        reference = renderings.get((clip.task.text, clip.task.emotion))
        if clip.task.own and clip.problem is None and reference is not None:
            found.setdefault(clip.task.emotion, []).append(_apart(clip, reference))
    neighbours = zip(usable, [*usable[1:], *usable[:1]], strict=True)
    others = [_apart(clip, other) for clip, other in neighbours if clip.task.text != other.task.text]
    figures = {"real.mcd_db.other_sentence": float(np.mean(others))} if others else {}
    values = [value for group in found.values() for value in group]
    if values:
        low, high = mean_interval(values, seed=seed)
        figures |= {"mcd_db": float(np.mean(values)), "mcd_db.low": low, "mcd_db.high": high}
        figures["mcd_db.count"] = float(len(values))
    return figures | {f"mcd_db.{emotion}": float(np.mean(group)) for emotion, group in found.items()}


def _apart(first: Clip, second: Clip) -> float:
    return mel_cepstral_distortion(
        first.samples, second.samples, first_rate_hz=first.sample_rate_hz, second_rate_hz=second.sample_rate_hz
    )
