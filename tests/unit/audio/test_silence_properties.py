"""Spans of speech of random signals: those of pydub, in order, apart, inside the file."""

from __future__ import annotations

import tempfile
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from emotts.audio.silence import find_speech

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_nonsilent

LEVELS = (0, 1, 2, 30, 103, 104, 327, 328, 1036, 1037, 5000, 32767)
"""Amplitudes of 16 bits, several of them beside a threshold: 103.6 is -50 dBFS, 327.7 -40, 1036.2 -30."""

signals = st.tuples(
    st.sampled_from([1000, 7919, 8000, 11025, 16000]),
    st.integers(1, 2),
    st.lists(st.tuples(st.sampled_from(LEVELS), st.integers(1, 700)), min_size=1, max_size=8),
    st.sampled_from([0.0, 0.85]),
    st.integers(0, 2**32 - 1),
)
"""Sample rate, channels, parts (amplitude, samples), fraction of samples that are 1 louder, seed of these and signs.

Where most samples are 1 louder, a level lies between two integers, of which pydub takes the lower one.
"""


Signal = tuple[int, int, list[tuple[int, int]], float, int]


def write(path: Path, signal: Signal) -> int:
    """Write a signal and return its number of frames."""
    rate, channels, parts, louder, seed = signal
    amplitudes = np.repeat([level for level, _ in parts], [length for _, length in parts])[:, None]
    rng = np.random.default_rng(seed)
    size = (len(amplitudes), channels)
    raised = np.minimum(amplitudes + (rng.random(size) < louder), 32767)
    soundfile.write(path, (raised * rng.choice([-1, 1], size=size)).astype(np.int16), rate, subtype="PCM_16")
    return len(amplitudes)


@given(signals, st.sampled_from([-96.0, -60.0, -50.0, -40.0, -33.3, -30.0, 0.0]), st.integers(1, 400))
def test_spans_are_those_of_pydub_in_order_apart_and_inside_the_file(
    signal: Signal, threshold_db: float, window_ms: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "take.wav"
        n_frames = write(path, signal)
        spans = find_speech(path, threshold_db=threshold_db, min_silence_s=window_ms / 1000)
        # the same rounding as in find_speech
        wanted = detect_nonsilent(
            AudioSegment.from_file(str(path)),
            min_silence_len=int(1000 * (window_ms / 1000)),
            silence_thresh=threshold_db,
            seek_step=1,
        )
    assert [[span.start_s, span.end_s] for span in spans] == [[start / 1000, end / 1000] for start, end in wanted]
    length_s = round(1000 * n_frames / signal[0]) / 1000
    for span in spans:
        assert 0 <= span.start_s <= span.end_s <= length_s
    for before, after in pairwise(spans):
        assert before.end_s < after.start_s
