"""Which readings are accepted, which are taken in part, and which give way to later ones."""

from __future__ import annotations

import pytest

from emotts.corpus.transcripts.alignment.acceptance import LIMITS, Decision, Fit, Measures, decide
from emotts.corpus.transcripts.alignment.edits import Comparison
from emotts.corpus.transcripts.alignment.phones import PhoneCosts
from emotts.corpus.transcripts.alignment.readings import Reading, superseded, trim_readings

EN = LIMITS["EN"]


def measured(
    *,
    distance: float = 0.1,
    beyond: int = 0,
    unheard: int = 0,
    omitted: int = 0,
    word: float = -3.0,
    ratio: float = 5.0,
    slowness: float = 0.8,
) -> Measures:
    return Measures(Comparison(distance, beyond, unheard, omitted), Fit(word, ratio, slowness))


@pytest.mark.parametrize(
    ("measures", "strict", "lines"),
    [
        (measured(), None, None),
        (measured(distance=0.20, word=-6.0, ratio=25.0), None, None),
        (measured(distance=0.21), "wording differs", "wording differs"),
        (measured(beyond=3, unheard=3), None, None),
        (measured(beyond=4), "wording differs", "wording differs"),
        (measured(unheard=4), "broken off", "broken off"),
        (measured(omitted=4), "wording differs", "wording differs"),
        (measured(word=-6.1), "wording differs", None),
        (measured(ratio=25.1), "wording differs", None),
        (measured(slowness=1.1), "wording differs", "wording differs"),
        (Measures(Comparison(0.0, 0, 0, 0), None), "wording differs", "wording differs"),
    ],
)
def test_what_the_rules_accept(measures: Measures, strict: str | None, lines: str | None) -> None:
    assert decide(measures, limits=EN, wording="strict").reason == strict
    assert decide(measures, limits=EN, wording="lines").reason == lines


def test_the_confidence_says_how_far_the_nearest_limit_is() -> None:
    assert decide(measured(distance=0.0, word=0.0, ratio=-2.0), limits=EN, wording="strict") == Decision(
        None, 1.0, True
    )
    assert decide(measured(distance=0.05, word=-4.5), limits=EN, wording="lines") == Decision(None, 0.25, True)
    assert decide(measured(distance=0.3), limits=EN, wording="strict").confidence == -0.5
    assert decide(measured(word=-9.0), limits=EN, wording="strict") == Decision("wording differs", -0.5, True)
    assert decide(measured(slowness=1.5), limits=EN, wording="lines") == Decision("wording differs", -0.5, False, True)
    assert not decide(measured(distance=0.3), limits=EN, wording="lines").is_near


def test_korean_is_heard_less_well() -> None:
    korean = LIMITS["KR"]
    assert decide(measured(distance=0.3, beyond=4, unheard=5), limits=korean, wording="strict").reason is None
    assert decide(measured(word=-7.0, ratio=15.0), limits=korean, wording="strict").reason is None
    assert decide(measured(word=-4.0, ratio=30.0), limits=korean, wording="strict").reason is None
    for measures in (measured(word=-7.0, ratio=15.1), measured(word=-3.9, ratio=30.1), measured(beyond=5)):
        assert decide(measures, limits=korean, wording="strict").reason == "wording differs"
    assert decide(measured(unheard=6), limits=korean, wording="strict").reason == "broken off"


def test_the_last_reading_of_a_line_stays() -> None:
    accepted = [range(1), range(1, 2), range(1, 2), range(2, 4), range(3, 4), range(2, 3)]
    assert superseded(accepted, retakes="last") == [False, True, False, True, False, False]
    assert superseded(accepted, retakes="all") == [False] * 6
    assert superseded([range(2, 4), range(3, 4)], retakes="last") == [False, False]


def test_a_reading_takes_in_what_brings_it_nearer() -> None:
    def distance(found: Reading) -> float:
        return abs(found.first_piece - 1) + abs(found.last_piece - 4)

    trimmed = trim_readings([Reading(3, 3, 0, 0)], n_pieces=8, loose=(), distance=distance)
    assert trimmed == [Reading(1, 4, 0, 0)]
    taken = [Reading(2, 2, 0, 0), Reading(3, 3, 1, 1)]
    assert trim_readings(taken, n_pieces=4, loose=(), distance=lambda found: -len(found.pieces)) == [
        Reading(0, 2, 0, 0),
        Reading(3, 3, 1, 1),
    ]


def test_a_reading_leaves_out_loose_pieces_only() -> None:
    def distance(found: Reading) -> float:
        return float(len(found.pieces))

    readings = [Reading(0, 3, 0, 0)]
    assert trim_readings(readings, n_pieces=4, loose={0, 3}, distance=distance) == [Reading(1, 2, 0, 0)]
    assert trim_readings(readings, n_pieces=4, loose={1, 2}, distance=distance) == readings
    assert trim_readings([Reading(0, 0, 0, 0)], n_pieces=1, loose={0}, distance=distance) == [Reading(0, 0, 0, 0)]


def test_costs_of_phones() -> None:
    costs = PhoneCosts(["p", "b", "aa", "iy", "s", "ᄀ", "ᆨ", "ᅡ", "ᅥ"])
    pairs = {("p", "p"): 0, ("p", "b"): 4, ("aa", "iy"): 7, ("p", "aa"): 10, ("p", "s"): 10, ("ᄀ", "ᆨ"): 4, ("ᅡ", "ᅥ"): 7}
    for (heard, written), cost in pairs.items():
        assert costs.table[costs.ids([heard]), costs.ids([written])].tolist() == [cost]
        assert costs.table[costs.ids([written]), costs.ids([heard])].tolist() == [cost]
