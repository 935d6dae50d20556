"""One clip of the base corpus: a spoken utterance in a quiet room, at the rate of the compact model, with its times."""

from __future__ import annotations

import numpy as np

from emotts.audio.resample import resample
from tools.render.acting import SpokenUtterance
from tools.render.kokoro import KOKORO_RATE_HZ
from tools.render.phone_times import apart
from tools.render.take import room_noise

__all__ = ["CLIP_RATE_HZ", "in_room", "phone_durations_s"]

CLIP_RATE_HZ = 22_050
_ROOM_S = (0.08, 0.3)
"""Length of the room's noise before and behind the speech."""
_ROOM_DB = (-64.0, -58.0)
_SHORTEST_PHONE_S = 0.01


def in_room(spoken: SpokenUtterance, *, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Put an utterance into a quiet room.

    Returns:
        float32 (sample,) at 22.05 kHz, and the times float64 (phone + 1,) in seconds where its phones begin and the
        last one ends.
    """
    lead, tail = (round(float(generator.uniform(*_ROOM_S)) * KOKORO_RATE_HZ) for _ in range(2))
    samples = np.pad(spoken.samples, (lead, tail)).astype(np.float64)
    noise_db = float(generator.uniform(*_ROOM_DB))
    samples += room_noise(len(samples), sample_rate_hz=KOKORO_RATE_HZ, level_db=noise_db, generator=generator)
    clip = resample(samples.astype(np.float32), from_hz=KOKORO_RATE_HZ, to_hz=CLIP_RATE_HZ)
    return clip, (spoken.edges + lead) / KOKORO_RATE_HZ


def phone_durations_s(times_s: np.ndarray, *, length_s: float) -> np.ndarray:
    """Return durations (phone,) that add up to the clip, each at least 10 ms where the clip has room for that.

    Args:
        times_s: (spoken phone + 1,), where the phones begin and the last one ends.
        length_s: length of the clip. The silence before the speech is the ``_`` there; that behind it is shared by
            the mark that ends the sentence and the last ``_``.
    """
    edges_s = np.concatenate([[0.0], times_s[:-1], [(times_s[-1] + length_s) / 2.0, length_s]])
    return np.diff(apart(edges_s, least=_SHORTEST_PHONE_S))
