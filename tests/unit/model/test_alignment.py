"""The alignment search against all possible paths, and the expansion of given durations."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from emotts.errors import CorpusError
from emotts.model.alignment import alignment_log_likelihood, expand_durations, maximum_path
from emotts.model.masks import length_mask


def best_by_enumeration(scores: Tensor) -> Tensor:
    """Try every monotonic path through scores (frame, token)."""
    n_frames, n_tokens = scores.shape
    best, best_path = -float("inf"), torch.zeros_like(scores)
    for cuts in itertools.combinations(range(1, n_frames), n_tokens - 1):
        edges = [0, *cuts, n_frames]
        path = torch.zeros_like(scores)
        for token, (start, end) in enumerate(itertools.pairwise(edges)):
            path[start:end, token] = 1.0
        total = float((path * scores).sum())
        if total > best:
            best, best_path = total, path
    return best_path


@pytest.mark.parametrize(("n_frames", "n_tokens"), [(1, 1), (4, 4), (6, 1), (7, 3), (9, 5)])
def test_equals_enumeration(n_frames: int, n_tokens: int) -> None:
    torch.manual_seed(n_frames)
    scores = torch.randn(5, n_frames, n_tokens)
    paths = maximum_path(scores, torch.ones(5, n_frames, n_tokens, dtype=torch.bool))
    for item in range(5):
        assert torch.equal(paths[item], best_by_enumeration(scores[item]))


def test_items_of_different_lengths_and_inputs_left_alone() -> None:
    torch.manual_seed(3)
    scores = torch.randn(2, 8, 5)
    before = scores.clone()
    frames, tokens = torch.tensor([8, 6]), torch.tensor([3, 5])
    mask = length_mask(frames, max_length=8).transpose(1, 2) & length_mask(tokens, max_length=5)
    paths = maximum_path(scores, mask)
    assert torch.equal(scores, before)
    assert torch.equal(paths[0, :, :3], best_by_enumeration(scores[0, :, :3]))
    assert torch.equal(paths[1, :6], best_by_enumeration(scores[1, :6]))
    assert not (paths * ~mask).any()


def test_transposed_input_gives_the_same_path() -> None:
    torch.manual_seed(4)
    scores = torch.randn(2, 3, 7).transpose(1, 2)
    mask = torch.ones(2, 7, 3, dtype=torch.bool)
    assert torch.equal(maximum_path(scores, mask), maximum_path(scores.contiguous(), mask))


def test_more_tokens_than_frames_is_an_error_that_names_the_item() -> None:
    mask = torch.ones(2, 4, 3, dtype=torch.bool)
    mask[1, 2:] = False
    with pytest.raises(CorpusError, match=r"item 1 of the batch: (?s:.*)2 frames, 3 tokens"):
        maximum_path(torch.zeros(2, 4, 3), mask)


def test_log_likelihood_is_the_normal_density() -> None:
    torch.manual_seed(5)
    latents, mean, log_std = torch.randn(2, 3, 6), torch.randn(2, 3, 4), torch.randn(2, 3, 4) * 0.3
    density = torch.distributions.Normal(mean.unsqueeze(2), log_std.exp().unsqueeze(2))
    expected = density.log_prob(latents.unsqueeze(3)).sum(dim=1)
    found = alignment_log_likelihood(latents, prior_mean=mean, prior_log_std=log_std)
    assert torch.allclose(found, expected, atol=1e-4)


def test_expand_durations() -> None:
    durations = torch.tensor([[[2.0, 0.0, 1.0]], [[1.0, 3.0, 0.0]]])
    alignment = expand_durations(durations, n_frames=4)
    assert alignment.long().tolist() == [
        [[1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]],
        [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0]],
    ]
