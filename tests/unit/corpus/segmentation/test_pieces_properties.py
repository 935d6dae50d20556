"""What holds for the pieces of every recording: nothing lost, nothing twice, lengths within the limits."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emotts.corpus.segmentation.pieces import CLICK, CLICK_MS, TOO_SHORT, Limits, Plan, plan_pieces
from emotts.corpus.segmentation.quietest_cut import quietest_cuts

limits = st.builds(
    lambda keep_ms, min_ms, factor, join_ms: Limits(
        keep_ms=keep_ms, min_ms=min_ms, max_ms=round(factor * min_ms), join_ms=join_ms
    ),
    st.integers(0, 800),
    st.integers(1, 3000),
    st.floats(2, 6),
    st.integers(0, 2000),
)


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[tuple[int, int]], int]:
    """Return spans of speech in order, a silence between any two, and the length of the recording, all in ms."""
    pauses = st.one_of(st.integers(1, 30), st.integers(100, 3000))
    lengths = st.one_of(st.integers(1, 2 * CLICK_MS), st.integers(1, 9000))
    spans, at = [], draw(st.integers(0, 2000))
    for length, pause in draw(st.lists(st.tuples(lengths, pauses), min_size=1, max_size=12)):
        spans.append((at, at + length))
        at += length + pause
    return spans, spans[-1][1] + draw(st.integers(0, 2000))


def in_order(plan: Plan) -> list[tuple[int, int]]:
    """Return the speech of all pieces, kept or not, in order of time."""
    pieces = [*plan.kept, *(piece for piece, _ in plan.rejected)]
    return sorted((piece.speech_start_ms, piece.speech_end_ms) for piece in pieces)


@given(recordings(), limits)
def test_every_span_is_in_one_piece_that_is_kept_or_rejected(
    recording: tuple[list[tuple[int, int]], int], bounds: Limits
) -> None:
    spans, length_ms = recording
    plan = plan_pieces(spans, length_ms, limits=bounds)
    speech = in_order(plan)
    assert len(spans) == len(plan.kept) + len(plan.rejected) + plan.joined
    owners = [[piece for piece in speech if piece[0] <= start and end <= piece[1]] for start, end in spans]
    assert [len(pieces) for pieces in owners] == [1] * len(spans)
    assert {piece[0] for piece in speech} <= {start for start, _ in spans}
    assert {piece[1] for piece in speech} <= {end for _, end in spans}
    found_ms = sum(end - start for start, end in spans)
    assert sum(end - start for start, end in speech) == found_ms + plan.joined_pause_ms
    clicks = {(start, end) for start, end in spans if end - start < CLICK_MS}
    for piece, reason in plan.rejected:
        if reason == CLICK:
            assert (piece.speech_start_ms, piece.speech_end_ms) in clicks
        else:
            assert reason == TOO_SHORT
            assert piece.length_ms < bounds.min_ms
    assert sum(reason == CLICK for _, reason in plan.rejected) == len(clicks)


@given(recordings(), limits)
def test_pieces_keep_to_the_limits_and_never_overlap(
    recording: tuple[list[tuple[int, int]], int], bounds: Limits
) -> None:
    spans, length_ms = recording
    plan = plan_pieces(spans, length_ms, limits=bounds)
    for piece in plan.kept:
        assert 0 <= piece.start_ms <= piece.speech_start_ms < piece.speech_end_ms <= piece.end_ms <= length_ms
        assert piece.speech_start_ms - piece.start_ms <= bounds.keep_ms
        assert piece.end_ms - piece.speech_end_ms <= bounds.keep_ms
        assert bounds.min_ms <= piece.length_ms
        # speech that is itself too long is cut afterwards
        assert piece.length_ms <= bounds.max_ms or piece.speech_ms > bounds.max_ms
    every = sorted([*plan.kept, *(piece for piece, _ in plan.rejected)], key=lambda piece: piece.start_ms)
    for before, after in pairwise(every):
        assert before.end_ms <= after.start_ms


@given(st.integers(1, 3000), st.floats(2, 6), st.floats(1, 8), st.integers(0, 2**32 - 1))
def test_a_long_piece_is_cut_into_parts_within_the_limits(min_ms: int, factor: float, times: float, seed: int) -> None:
    bounds = Limits(keep_ms=0, min_ms=min_ms, max_ms=round(factor * min_ms), join_ms=0)
    length_ms = round(times * bounds.max_ms) + 1
    power = np.random.default_rng(seed).choice([0.0, 1e-7, 0.01, 0.5], -(-length_ms // 10))
    edges = [0, *quietest_cuts(power, length_ms=length_ms, limits=bounds), length_ms]
    for start_ms, end_ms in pairwise(edges):
        assert bounds.min_ms <= end_ms - start_ms <= bounds.max_ms
