"""The fine pieces of a take, and the finer ones, with exact times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from emotts.corpus.transcripts.take_spans import TakeSpans

RATE = 16_000


def write(path: Path, *parts: tuple[float, float]) -> Path:
    """Write noise of (seconds, amplitude) one after the other."""
    noise = np.random.default_rng(0)
    soundfile.write(path, np.concatenate([a * noise.uniform(-1, 1, round(s * RATE)) for s, a in parts]), RATE)
    return path


def test_pieces_and_finer_ones(tmp_path: Path) -> None:
    loud, quiet = 0.3, 0.0003
    said = [
        (0.5, quiet),
        (1.0, loud),
        (0.16, quiet),
        (2.0, loud),
        (0.08, quiet),
        (1.0, loud),
        (0.7, quiet),
        (2.0, loud),
    ]
    pieces = TakeSpans.of(write(tmp_path / "take.wav", *said, (0.56, quiet)))
    assert pieces.length_ms == 8000
    assert [(round(a, -1), round(b, -1)) for a, b in pieces.spans] == [(440, 4800), (5380, 7500)]
    assert pieces.finer([]).spans == pieces.finer([1]).spans == pieces.spans
    first, second, last = pieces.finer([0]).spans
    assert (first[0], second[1]) == pieces.spans[0]
    assert first[1] == second[0] == 1580, "in the middle of the pause of 160 ms; one of 80 ms is none"
    assert last == pieces.spans[1]


def test_a_piece_that_is_too_long_to_be_heard_at_once(tmp_path: Path) -> None:
    said = [(2.0, 0.0003), (20.0, 0.3), (0.2, 0.003), (15.0, 0.3), (2.0, 0.0003)]
    first, second = TakeSpans.of(write(tmp_path / "take.wav", *said)).spans
    assert first[1] == second[0]
    assert abs(first[1] - 22_100) < 60
