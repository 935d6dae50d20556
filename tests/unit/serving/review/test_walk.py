"""The way of a tab through the pieces, while they change under it."""

from __future__ import annotations

from support.review_pieces import entries, spoken

from emotts.corpus.corrections.applying import apply_corrections
from emotts.corpus.corrections.correction import Correction
from emotts.corpus.corrections.entry import Entry
from emotts.emotions.emotion_set import EmotionSet
from emotts.serving.review.walk import Walk

PIECES = entries(spoken(1.0, 4.0, "하나"), spoken(5.0, 8.0, "둘"), spoken(8.0, 11.0, "셋"))


def changed(**what: object) -> list[Entry]:
    """Return the pieces after a change of the second."""
    row = Correction.from_dict({"recording": "take.wav", "start_s": 5.0, "end_s": 8.0, **what})
    return list(apply_corrections(PIECES, [row], emotions=EmotionSet(), where="").entries)


def test_steps_end_at_both_ends() -> None:
    walk = Walk(PIECES)
    assert (walk.key, walk.next_key, len(walk)) == (PIECES[0].key, PIECES[1].key, 3)
    assert not walk.step(-1)
    assert walk.step(1)
    assert walk.step(1)
    assert not walk.step(1)
    assert (walk.key, walk.next_key) == (PIECES[2].key, None)
    empty = Walk([])
    assert (empty.key, empty.next_key, empty.step(1)) == (None, None, False)


def test_after_a_split_the_first_part_is_shown_and_the_second_is_next() -> None:
    walk = Walk(PIECES)
    walk.step(1)
    pieces = changed(split_s=6.0)
    walk.follow(pieces)
    assert (walk.key, walk.next_key, len(walk)) == (("take.wav", 5000, 6000), ("take.wav", 6000, 8000), 4)
    walk.follow(PIECES)  # undone
    assert (walk.key, walk.next_key, len(walk)) == (PIECES[1].key, PIECES[2].key, 3)


def test_after_a_merge_the_whole_is_shown_from_either_side() -> None:
    pieces = changed(merge_to_s=11.0)
    for steps in (1, 2):
        walk = Walk(PIECES)
        for _ in range(steps):
            walk.step(1)
        walk.follow(pieces)
        assert (walk.key, len(walk)) == (("take.wav", 5000, 11000), 2)


def test_a_cut_that_is_moved_is_followed() -> None:
    walk = Walk(PIECES)
    walk.step(1)
    walk.follow(changed(cut_s=[5.5, 8.5]))
    assert (walk.key, walk.next_key) == (("take.wav", 5500, 8500), ("take.wav", 8500, 11000))


def test_a_piece_of_another_filter_comes_in_behind_the_present_one() -> None:
    walk = Walk([PIECES[0], PIECES[2]])
    walk.show(PIECES[1])
    assert (walk.key, walk.next_key, len(walk)) == (PIECES[1].key, PIECES[2].key, 3)
    walk.show(PIECES[0])
    assert walk.place == 0
