"""Utterances of the embedded recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from tools.render.demo import TAKE_FOLDERS
from tools.render.script import recorded_folder

__all__ = ["RATE_HZ", "demo_clips"]

RATE_HZ = 24_000


def demo_clips(emotion: str, *, count: int) -> list[tuple[str, np.ndarray]]:
    """Return text and samples (sample,) of the first utterances of an emotion's take."""
    take = Path(recorded_folder()) / TAKE_FOLDERS[emotion] / "take1.flac"
    clips = []
    for line in take.with_name("take1.labels.txt").read_text(encoding="utf-8").splitlines()[:count]:
        start, end, text = line.split("\t")
        first, last = round(float(start) * RATE_HZ), round(float(end) * RATE_HZ)
        samples, _ = soundfile.read(take, start=first, stop=last, dtype="float32")
        clips.append((text, samples))
    return clips
