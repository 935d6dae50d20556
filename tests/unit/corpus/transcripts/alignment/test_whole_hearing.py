"""Where a reading is heard as a whole."""

from __future__ import annotations

from emotts.corpus.transcripts.alignment.whole_hearing import spans_to_hear


def test_a_reading_is_heard_without_and_with_the_pauses_around_it() -> None:
    spans = [(1000, 2000), (2100, 3000), (4000, 5000), (5600, 40_000)]
    assert spans_to_hear(range(1, 3), spans) == [(2100, 5000), (2050, 5200)]
    assert spans_to_hear(range(1), spans) == [(1000, 2000), (800, 2050)]
    assert spans_to_hear(range(3, 4), spans) == []
    assert spans_to_hear(range(4), [(0, 10), (10, 20), (20, 30), (30, 40)]) == [(0, 40)]
    assert spans_to_hear(range(1, 2), [(0, 10), (500, 30_400), (31_000, 32_000)]) == [(500, 30_400)]
