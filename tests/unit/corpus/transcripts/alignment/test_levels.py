"""Fine pieces of levels that were made up."""

from __future__ import annotations

import numpy as np

from emotts.corpus.transcripts.alignment.levels import fine_pieces


def power(*parts: tuple[int, float]) -> np.ndarray:
    """Return mean squares of stretches of (ms, dB)."""
    return np.concatenate([np.full(ms // 10, 10 ** (level / 10)) for ms, level in parts])


def test_pieces_lie_between_pauses_of_300_ms() -> None:
    take = power((500, -60.0), (1000, -20.0), (280, -60.0), (1000, -20.0), (340, -60.0), (1000, -20.0), (880, -60.0))
    assert fine_pieces(take, length_ms=5000, pause_ms=300) == [(440, 2840), (3060, 4180)]


def test_the_pad_ends_with_the_take_and_clicks_are_left_out() -> None:
    take = power((2000, -20.0), (500, -60.0), (50, -20.0), (500, -60.0), (2000, -20.0))
    assert fine_pieces(take, length_ms=5050, pause_ms=300) == [(0, 2060), (2990, 5050)]


def test_a_take_without_samples_has_no_pieces() -> None:
    assert fine_pieces(np.empty(0), length_ms=0, pause_ms=300) == []
