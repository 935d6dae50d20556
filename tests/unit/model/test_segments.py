"""Random segments stay inside their clips; short clips are padded."""

from __future__ import annotations

import torch

from emotts.model.segments import draw_segment_starts, slice_segments


def test_starts_cover_all_places_and_no_others() -> None:
    torch.manual_seed(0)
    lengths = torch.tensor([10, 8, 3]).repeat(200)
    starts = draw_segment_starts(lengths, segment_frames=8).view(200, 3)
    assert set(starts[:, 0].tolist()) == {0, 1, 2}
    assert set(starts[:, 1].tolist()) == {0}
    assert set(starts[:, 2].tolist()) == {0}


def test_slices_are_the_right_pieces_padded_with_zeros() -> None:
    values = torch.arange(1.0, 13.0).view(2, 1, 6)
    pieces = slice_segments(values, torch.tensor([1, 4]), length=3)
    assert pieces.tolist() == [[[2.0, 3.0, 4.0]], [[11.0, 12.0, 0.0]]]


def test_gradient_reaches_the_sliced_positions() -> None:
    values = torch.zeros(1, 2, 5, requires_grad=True)
    slice_segments(values, torch.tensor([3]), length=4).sum().backward()
    assert values.grad is not None
    assert values.grad.tolist() == [[[0, 0, 0, 1, 1], [0, 0, 0, 1, 1]]]
