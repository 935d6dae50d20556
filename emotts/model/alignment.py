"""The alignment of frames and tokens: the best monotonic path in training, predicted durations in speaking.

Source: Kim et al., Glow-TTS, 2020 (monotonic alignment search); noise on it as in VITS2 (Kong et al., 2023).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from emotts.errors import CorpusError
from emotts.model.text_encoder import EncodedText

__all__ = [
    "AlignmentSearch",
    "alignment_log_likelihood",
    "band_penalty",
    "expand_durations",
    "find_alignment",
    "maximum_path",
    "spread_over_frames",
]

_PENALTY_NATS = 1e5
_MOST_FRAMES_OUTSIDE = 10.0
"""Beyond this the penalty grows no more, so that sums stay far from what the search takes for impossible."""


class AlignmentSearch(NamedTuple):
    """What is added to the likelihoods that the best alignment is searched in."""

    noise_scale: float = 0.0
    """Of random noise, in units of the likelihoods' own standard deviation."""
    bias: Tensor | None = None
    """(batch, frame, token), such as :func:`band_penalty` gives; None for none."""


@torch.no_grad()
def find_alignment(prior_latents: Tensor, text: EncodedText, *, mask: Tensor, search: AlignmentSearch) -> Tensor:
    """Return the best alignment (batch, frame, token), in full precision whatever the training's.

    Args:
        prior_latents: (batch, latent, frame).
        text: the encoded texts.
        mask: bool (batch, frame, token), True where there is a frame and a token.
        search: what is added to the likelihoods.

    Raises:
        CorpusError: if an item has fewer frames than tokens.
    """
    with torch.autocast(prior_latents.device.type, enabled=False):
        likelihood = alignment_log_likelihood(
            prior_latents.float(), prior_mean=text.prior_mean.float(), prior_log_std=text.prior_log_std.float()
        )
        if search.noise_scale > 0.0:
            likelihood = likelihood + torch.randn_like(likelihood) * likelihood.std() * search.noise_scale
        if search.bias is not None:
            likelihood = likelihood + search.bias
        return maximum_path(likelihood, mask)


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
    from emotts.model.path_search import search  # its compiler is large, and speaking does not need it

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
    search(scores, path, frame_counts, token_counts)
    return torch.from_numpy(path).to(device=log_likelihood.device, dtype=log_likelihood.dtype)


def expand_durations(durations: Tensor, *, n_frames: int) -> Tensor:
    """Return the alignment (batch, n_frames, token) in which every token has its duration, as bool.

    Args:
        durations: (batch, 1, token), whole numbers of frames.
        n_frames: frames of the longest item.
    """
    ends = durations.cumsum(dim=2)
    positions = torch.arange(n_frames, device=durations.device, dtype=ends.dtype).view(1, -1, 1)
    return (positions < ends) & (positions >= ends - durations)


def spread_over_frames(values: Tensor, alignment: Tensor) -> Tensor:
    """Return values per token (batch, channel, token) for each frame (batch, channel, frame), in full precision."""
    with torch.autocast(values.device.type, enabled=False):
        return values.to(alignment.dtype) @ alignment.transpose(1, 2)
