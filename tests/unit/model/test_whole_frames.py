"""Whole frames: every token at least one, and as many in all as were predicted."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from emotts.model.rounding import Rounding
from emotts.model.whole_frames import whole_frames


def rounded(
    deterministic: list[float],
    *,
    rounding: Rounding = "cumulative",
    stochastic: list[float] | None = None,
    sdp_ratio: float = 0.0,
    mask: list[bool] | None = None,
    length_scale: float = 1.0,
) -> list[float]:
    def log(frames: list[float]) -> Tensor:
        return torch.tensor([[frames]]).log()

    found = whole_frames(
        stochastic_log=torch.zeros(()) if stochastic is None else log(stochastic),
        deterministic_log=log(deterministic),
        sdp_ratio=sdp_ratio,
        token_mask=torch.tensor([[mask or [True] * len(deterministic)]]),
        length_scale=length_scale,
        rounding=rounding,
    )
    numbers: list[float] = found[0, 0].tolist()
    return numbers


def test_rounding_up_lengthens_every_token_and_cumulative_rounding_none() -> None:
    assert rounded([1.4, 2.4, 1.2, 3.4], rounding="up") == [2, 3, 2, 4]
    assert rounded([1.4, 2.4, 1.2, 3.4]) == [1, 3, 1, 3]
    fractions = torch.rand(1000, generator=torch.Generator().manual_seed(1)) * 6.0 + 1.0
    frames = rounded(fractions.tolist())
    assert sum(frames) == pytest.approx(float(fractions.sum()), abs=0.6)


def test_a_token_shorter_than_a_frame_takes_it_from_those_after_it() -> None:
    assert rounded([0.2, 0.2, 0.2, 5.4]) == [1, 1, 1, 3]
    assert rounded([0.1, 0.1]) == [1, 1]
    assert rounded([2.0, 2.0, 2.0], length_scale=0.25) == [1, 1, 1]
    assert rounded([2.0, 2.0, 2.0], length_scale=1.5) == [3, 3, 3]


def test_a_text_in_a_longer_batch_gets_nothing_behind_its_end() -> None:
    assert rounded([1.6, 1.6, 9.0, 9.0], mask=[True, True, False, False]) == [2, 1, 0, 0]
    assert rounded([1.6, 1.6, 9.0, 9.0], mask=[True, True, False, False], rounding="up") == [2, 2, 0, 0]


def test_the_two_predictors_are_mixed() -> None:
    """The stochastic one learns durations less half a frame on average; MeloTTS mixes logarithms."""
    halves = {"stochastic": [3.5, 3.5], "deterministic": [8.0, 8.0], "sdp_ratio": 0.5}
    assert rounded(**halves) == [6, 6]
    mixed_logarithms = rounded([16.0], stochastic=[4.0], sdp_ratio=0.25, rounding="up")
    assert mixed_logarithms == [12], "4 ** 0.25 * 16 ** 0.75 is 11.3"
    assert rounded([1.0], stochastic=[2.5], sdp_ratio=1.0) == [3]
