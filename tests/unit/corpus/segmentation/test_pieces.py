"""Which spans become segments, and where long ones are cut."""

import numpy as np
import pytest

from emotts.corpus.segmentation.pieces import CLICK, TOO_SHORT, Limits, Piece, plan_pieces
from emotts.corpus.segmentation.quietest_cut import quietest_cuts

LIMITS = Limits(keep_ms=500, min_ms=3000, max_ms=15000, join_ms=0)


def joining(join_ms: int) -> Limits:
    return Limits(keep_ms=500, min_ms=3000, max_ms=15000, join_ms=join_ms)


def test_silence_is_kept_up_to_the_limit_and_half_of_a_pause() -> None:
    plan = plan_pieces([(200, 5000), (5600, 10000), (12000, 16000)], 16100, limits=LIMITS)
    assert plan.kept == (
        Piece(start_ms=0, end_ms=5300, speech_start_ms=200, speech_end_ms=5000),
        Piece(start_ms=5300, end_ms=10500, speech_start_ms=5600, speech_end_ms=10000),
        Piece(start_ms=11500, end_ms=16100, speech_start_ms=12000, speech_end_ms=16000),
    )


@pytest.mark.parametrize(
    ("before", "speech", "after", "start", "end"),
    [(900, 14400, 900, 600, 15600), (100, 14600, 900, 0, 15000), (900, 15000, 900, 900, 15900)],
)
def test_less_silence_is_kept_where_the_piece_would_be_too_long(
    before: int, speech: int, after: int, start: int, end: int
) -> None:
    (piece,) = plan_pieces([(before, before + speech)], before + speech + after, limits=LIMITS).kept
    assert (piece.start_ms, piece.end_ms) == (start, end)
    assert piece.length_ms == 15000


def test_short_pieces_and_clicks_are_rejected_with_the_reason() -> None:
    plan = plan_pieces([(1000, 2999), (5000, 5099), (7000, 9000), (11000, 11100)], 12000, limits=LIMITS)
    assert [(piece.speech_start_ms, reason) for piece, reason in plan.rejected] == [
        (1000, TOO_SHORT),
        (5000, CLICK),
        (11000, TOO_SHORT),
    ]
    assert [(piece.start_ms, piece.end_ms) for piece in plan.kept] == [(6500, 9500)]


def test_short_piece_joins_across_the_shorter_pause() -> None:
    spans = [(0, 4000), (5200, 6200), (7300, 12000)]
    plan = plan_pieces(spans, 12000, limits=joining(1200))
    assert [(piece.start_ms, piece.end_ms) for piece in plan.kept] == [(0, 4500), (4700, 12000)]
    assert (plan.joined, plan.joined_pause_ms, plan.rejected) == (1, 1100, ())


def test_short_pieces_join_until_they_are_long_enough() -> None:
    plan = plan_pieces([(0, 600), (1700, 2300), (3400, 4000), (9000, 13000)], 13000, limits=joining(1200))
    assert [(piece.speech_start_ms, piece.speech_end_ms) for piece in plan.kept] == [(0, 4000), (9000, 13000)]
    assert plan.joined == 2


def test_short_piece_is_not_joined_beyond_the_longest_length_or_over_a_click() -> None:
    too_long = plan_pieces([(0, 14000), (15000, 16000)], 16000, limits=joining(2000))
    assert [reason for _, reason in too_long.rejected] == [TOO_SHORT]
    over_click = plan_pieces([(0, 5000), (5500, 5550), (6100, 7000)], 7000, limits=joining(2000))
    assert [reason for _, reason in over_click.rejected] == [CLICK, TOO_SHORT]


def test_random_spans_add_up_and_keep_to_the_limits() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        edges = np.cumsum(rng.integers(50, 6000, 24))
        spans = [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
        length = int(edges[-1]) + 700
        plan = plan_pieces(spans, length, limits=joining(int(rng.integers(0, 3000))))
        assert len(spans) - plan.joined == len(plan.kept) + len(plan.rejected)
        speech = sum(piece.speech_ms for piece in [*plan.kept, *(piece for piece, _ in plan.rejected)])
        assert speech - plan.joined_pause_ms == sum(end - start for start, end in spans)
        assert all(3000 <= piece.length_ms <= 15000 for piece in plan.kept)
        assert all(left.end_ms <= right.start_ms for left, right in zip(plan.kept, plan.kept[1:], strict=False))


def speech_with_pauses(length_ms: int, *pauses: tuple[int, int, float]) -> np.ndarray:
    power = np.full(length_ms // 10, 0.01)
    for start, end, value in pauses:
        power[start // 10 : end // 10] = value
    return power


def test_cut_lies_in_the_middle_of_the_quietest_pause() -> None:
    power = speech_with_pauses(20000, (1000, 1400, 1e-7), (6000, 6400, 1e-6), (11000, 11400, 1e-5))
    (cut,) = quietest_cuts(power, length_ms=20000, limits=LIMITS)
    assert abs(cut - 6200) <= 20


def test_of_pauses_about_equally_quiet_the_balanced_one_is_cut() -> None:
    power = speech_with_pauses(20000, (4000, 4400, 1e-6), (10100, 10500, 1.5e-6), (16000, 16400, 1e-6))
    (cut,) = quietest_cuts(power, length_ms=20000, limits=LIMITS)
    assert abs(cut - 10300) <= 20


@pytest.mark.parametrize("length_ms", [15001, 15007, 16000, 31000, 60000, 123450])
def test_sound_without_pauses_is_cut_within_the_limits(length_ms: int) -> None:
    power = np.random.default_rng(length_ms).uniform(0.009, 0.011, -(-length_ms // 10))
    for curve in (power, np.full_like(power, 0.01), np.zeros_like(power)):
        lengths = np.diff([0, *quietest_cuts(curve, length_ms=length_ms, limits=LIMITS), length_ms])
        assert lengths.min() >= 3000
        assert lengths.max() <= 15000


def test_tight_limits_are_kept() -> None:
    tight = Limits(keep_ms=0, min_ms=3000, max_ms=6000, join_ms=0)
    for length_ms in (6001, 6005, 9000, 12001, 30003):
        power = np.random.default_rng(length_ms).uniform(0, 0.01, -(-length_ms // 10))
        lengths = np.diff([0, *quietest_cuts(power, length_ms=length_ms, limits=tight), length_ms])
        assert lengths.min() >= 3000
        assert lengths.max() <= 6000
