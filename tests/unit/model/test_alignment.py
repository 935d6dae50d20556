"""The alignment search against all possible paths, and the expansion of given durations."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from emotts.errors import CorpusError
from emotts.model.alignment import alignment_log_likelihood, band_penalty, expand_durations, maximum_path
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


SPANS = torch.tensor([[0.0, 3.0], [3.0, 5.0], [5.0, 9.0], [9.0, 12.0]])


@pytest.mark.parametrize("slack", [0, 1, 2])
def test_the_best_path_stays_in_the_band_of_known_times(slack: int) -> None:
    torch.manual_seed(slack)
    scores = 1000.0 * torch.randn(6, 12, 4)
    spans = SPANS.expand(6, 4, 2)
    mask = torch.ones(6, 12, 4, dtype=torch.bool)
    paths = maximum_path(scores + band_penalty(spans, n_frames=12, slack_frames=slack), mask)
    assert paths.sum(dim=2).eq(1.0).all()
    for path in paths:
        frames, tokens = path.nonzero().T
        begins, ends = SPANS[tokens].T
        assert ((frames + 1 > begins - slack) & (frames < ends + slack)).all()
    assert not torch.equal(paths, maximum_path(scores, mask)), "the band holds nothing back here"


def test_the_band_allows_exactly_what_overlaps_the_widened_span() -> None:
    penalty = band_penalty(torch.tensor([[[2.5, 4.0]]]), n_frames=8, slack_frames=1)[0, :, 0]
    assert (penalty == 0.0).tolist() == [False, True, True, True, True, False, False, False]
    assert penalty[5:].tolist() == [-1.0e5 * (0.5 + over) for over in (0.5, 1.5, 2.5)]
    assert band_penalty(torch.tensor([[[0.0, 1.0]]]), n_frames=100, slack_frames=0).min().item() == -1.0e6


def test_where_no_path_fits_into_the_band_one_leaves_it_as_little_as_it_can() -> None:
    spans = torch.tensor([[[0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [1.0, 6.0]]])
    mask = torch.ones(1, 6, 4, dtype=torch.bool)
    path = maximum_path(band_penalty(spans, n_frames=6, slack_frames=0), mask)
    assert path[0].argmax(dim=1).tolist() == [0, 1, 2, 3, 3, 3]


def test_unknown_times_leave_the_alignment_free() -> None:
    spans = SPANS.expand(2, 4, 2).clone()
    spans[1] = float("nan")
    penalty = band_penalty(spans, n_frames=12, slack_frames=0)
    assert penalty[0].any()
    assert not penalty[1].any()
