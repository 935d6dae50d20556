"""Which frame is spoken on which token: the best monotonic path in training, given durations in speaking.

Source: Kim et al., Glow-TTS, 2020 (monotonic alignment search); noise on it as in VITS2 (Kong et al., 2023).
"""

from __future__ import annotations

import math

import numba
import numpy as np
import torch
from torch import Tensor

from emotts.errors import CorpusError

__all__ = ["alignment_log_likelihood", "band_penalty", "expand_durations", "maximum_path"]

_PENALTY_NATS = 1e5
_MOST_FRAMES_OUTSIDE = 10.0
"""Beyond this the penalty grows no more, so that sums stay far from what the search takes for impossible."""


def alignment_log_likelihood(prior_latents: Tensor, *, prior_mean: Tensor, prior_log_std: Tensor) -> Tensor:
    """Return the log likelihood (batch, frame, token) of every frame's latents under every token's prior.

    Args:
        prior_latents: (batch, latent, frame).
        prior_mean, prior_log_std: (batch, latent, token).
    """
    precision = (-2.0 * prior_log_std).exp()
    constant = (-0.5 * math.log(2.0 * math.pi) - prior_log_std).sum(dim=1, keepdim=True)
    squares = (-0.5 * prior_latents**2).transpose(1, 2) @ precision
    products = prior_latents.transpose(1, 2) @ (prior_mean * precision)
    offset = (-0.5 * prior_mean**2 * precision).sum(dim=1, keepdim=True)
    return constant + squares + products + offset


def band_penalty(token_spans: Tensor, *, n_frames: int, slack_frames: int) -> Tensor:
    """Return what keeps a path near known times, to be added to its likelihoods: (batch, frame, token).

    It is 0 where a frame overlaps the token's span widened by the slack, and where the span is not known. Elsewhere it
    outweighs any likelihood, and the more so the farther the frame is off; so where no path fits into the band, the
    best one leaves it as little as it can.

    Args:
        token_spans: (batch, token, 2) float, in frames: where each token begins and ends; NaN where that is not known.
        n_frames: frames of the longest item.
        slack_frames: how much longer the span is taken at either end.
    """
    centres = torch.arange(n_frames, device=token_spans.device).view(1, -1, 1) + 0.5
    begins, ends = token_spans[:, None, :, 0], token_spans[:, None, :, 1]
    outside = torch.maximum(begins - centres, centres - ends) - slack_frames
    penalty = -_PENALTY_NATS * outside.add(0.5).clamp_max(_MOST_FRAMES_OUTSIDE)
    return torch.where(outside >= 0.5, penalty, 0.0)


def maximum_path(log_likelihood: Tensor, mask: Tensor) -> Tensor:
    """Return the monotonic path of greatest likelihood, 1.0 on it and 0.0 elsewhere: (batch, frame, token).

    Every frame has one token, every token at least one frame, in order.

    Args:
        log_likelihood: (batch, frame, token).
        mask: bool (batch, frame, token), True in the upper left rectangle of each item.

    Raises:
        CorpusError: if an item has more tokens than frames or none of either, so that no path exists.
    """
    frame_counts = mask[:, :, 0].sum(dim=1).cpu().numpy().astype(np.int64)
    token_counts = mask[:, 0, :].sum(dim=1).cpu().numpy().astype(np.int64)
    for item, (n_frames, n_tokens) in enumerate(zip(frame_counts, token_counts, strict=True)):
        if not 0 < n_tokens <= n_frames:
            raise CorpusError(
                "a clip is too short for its text, so no alignment exists",
                where=f"item {item} of the batch",
                found=f"{n_frames} frames, {n_tokens} tokens",
                wanted="at least one frame for every token",
                remedy="check that the transcript belongs to the clip, or leave the utterance out",
            )
    scores = np.array(log_likelihood.detach().float().cpu().numpy(), order="C")
    path = np.zeros(scores.shape, dtype=np.float32)
    _search(scores, path, frame_counts, token_counts)
    return torch.from_numpy(path).to(device=log_likelihood.device, dtype=log_likelihood.dtype)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _search(scores: np.ndarray, path: np.ndarray, frame_counts: np.ndarray, token_counts: np.ndarray) -> None:
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


def expand_durations(durations: Tensor, *, n_frames: int) -> Tensor:
    """Return the alignment (batch, n_frames, token) in which every token has its duration, as bool.

    Args:
        durations: (batch, 1, token), whole numbers of frames.
        n_frames: frames of the longest item.
    """
    ends = durations.cumsum(dim=2)
    positions = torch.arange(n_frames, device=durations.device, dtype=ends.dtype).view(1, -1, 1)
    return (positions < ends) & (positions >= ends - durations)
