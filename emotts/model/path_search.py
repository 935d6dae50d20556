"""The search for the best monotonic path, compiled.

Source: Kim et al., Glow-TTS, 2020 (monotonic alignment search).
"""

from __future__ import annotations

import numba
import numpy as np

__all__ = ["search"]


@numba.njit(cache=True, nogil=True)
def search(scores: np.ndarray, path: np.ndarray, frame_counts: np.ndarray, token_counts: np.ndarray) -> None:
    """Sum up the best scores in place, forwards, then walk back from the last token; ties stay on the token."""
    worst = np.float32(-1e9)
    for item in range(scores.shape[0]):
        n_frames = frame_counts[item]
        n_tokens = token_counts[item]
        table = scores[item]
        for frame in range(n_frames):
            first = np.float32(0.0) if frame == 0 else worst
            for token in range(max(0, n_tokens + frame - n_frames), min(n_tokens, frame + 1)):
                stay = worst if token == frame else table[frame - 1, token]
                move = first if token == 0 else table[frame - 1, token - 1]
                table[frame, token] += max(stay, move)
        token = n_tokens - 1
        for frame in range(n_frames - 1, -1, -1):
            path[item, frame, token] = 1.0
            if token != 0 and (token == frame or table[frame - 1, token] < table[frame - 1, token - 1]):
                token -= 1
