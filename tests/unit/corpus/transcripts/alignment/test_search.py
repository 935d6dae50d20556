"""The search on invented phones: what is read where."""

from __future__ import annotations

import itertools
import random
import tracemalloc

import numpy as np
import pytest

from emotts.corpus.transcripts.alignment.edits import Comparison, compare, first_row, fold_in, pairs_back, spread
from emotts.corpus.transcripts.alignment.phones import PhoneCosts
from emotts.corpus.transcripts.alignment.readings import Reading, find_readings, inserted_phones
from emotts.corpus.transcripts.alignment.search import ReadPiece, align

CONSONANTS, VOWELS = ["p", "t", "k", "ch", "s", "f", "m", "l", "w"], ["aa", "iy", "uw", "eh", "ow"]
COSTS = PhoneCosts([*CONSONANTS, *VOWELS, "b", "d", "z"])


def lines_of(count: int, *, seed: int, length: int = 20) -> list[list[str]]:
    generator = random.Random(seed)
    return [[generator.choice((CONSONANTS, VOWELS)[i % 2]) for i in range(length)] for _ in range(count)]


class Script:
    """Lines of phones, and what is found in pieces."""

    def __init__(self, lines: list[list[str]]) -> None:
        self.lines = lines
        self.starts = [0, *itertools.accumulate(map(len, lines))][:-1]
        self.ids = COSTS.ids([phone for line in lines for phone in line])

    def align(self, pieces: list[list[str]]) -> list[ReadPiece]:
        return align([COSTS.ids(piece) for piece in pieces], self.ids, line_starts=self.starts, costs=COSTS)

    def readings(self, pieces: list[list[str]]) -> list[tuple[int, int, int, int]]:
        found = find_readings(
            self.align(pieces), [len(piece) for piece in pieces], line_starts=self.starts, n_written=self.ids.size
        )
        return [(each.first_piece, each.last_piece, each.first_line, each.last_line) for each in found]


@pytest.fixture
def script() -> Script:
    return Script(lines_of(8, seed=1))


def whole(*lines: int) -> list[tuple[int, int, int, int]]:
    return [(piece, piece, line, line) for piece, line in enumerate(lines)]


def test_a_script_that_is_read_as_written(script: Script) -> None:
    read = script.align(script.lines)
    assert {piece.run for piece in read} == {0}
    assert [piece.pairs for piece in read] == [tuple((i, start + i) for i in range(20)) for start in script.starts]
    assert script.readings(script.lines) == whole(*range(8))


@pytest.mark.parametrize(
    "order",
    [(0, 1, 4, 5, 6, 7), (2, 3, 4, 5, 6, 7), (0, 1, 2, 3), (4,), (0, 2, 4, 6), (0, 1, 1, 2, 3), (0, 1, 2, 1, 2, 3)],
)
def test_skipped_lines_and_lines_read_again(script: Script, order: tuple[int, ...]) -> None:
    assert script.readings([script.lines[line] for line in order]) == whole(*order)


def test_a_start_that_breaks_off_is_a_reading_of_its_own(script: Script) -> None:
    lines = script.lines
    pieces = [lines[0], lines[1][:7], lines[1], lines[2]]
    assert script.readings(pieces) == [(0, 0, 0, 0), (1, 1, 1, 1), (2, 2, 1, 1), (3, 3, 2, 2)]
    assert [piece.run for piece in script.align(pieces)] == [0, 0, 1, 1]


def test_a_remark_belongs_to_no_line(script: Script) -> None:
    remark = ["b", "uw", "d", "z", "ow", "b", "aa", "z", "iy", "d", "b", "uw", "z", "d", "ow"]
    read = script.align([script.lines[0], remark, script.lines[1]])
    assert read[1].pairs == ()
    assert script.readings([script.lines[0], remark, script.lines[1]]) == [(0, 0, 0, 0), (2, 2, 1, 1)]


def test_a_line_in_several_pieces_and_lines_in_one_piece(script: Script) -> None:
    a, b, c, d = script.lines[:4]
    assert script.readings([a[:8], a[8:], b, c + d]) == [(0, 1, 0, 0), (2, 2, 1, 1), (3, 3, 2, 3)]
    assert script.readings([a[:8], a[8:] + b[:10], b[10:], c]) == [(0, 2, 0, 1), (3, 3, 2, 2)]


def test_a_changed_word_stays_in_its_line(script: Script) -> None:
    changed = [*script.lines[1][:8], "b", "ow", "d", "uw", *script.lines[1][12:]]
    assert script.readings([script.lines[0], changed, script.lines[2]]) == whole(0, 1, 2)
    heard, written = COSTS.ids(changed), COSTS.ids(script.lines[1])
    assert 0 < compare(heard, written, costs=COSTS).distance <= 0.2


def test_pieces_in_which_nothing_was_heard(script: Script) -> None:
    assert script.readings([[], script.lines[0], [], script.lines[1], []]) == [(1, 1, 0, 0), (3, 3, 1, 1)]


def test_another_script_has_nothing_near(script: Script) -> None:
    others = lines_of(8, seed=99)
    for first_piece, last_piece, first, last in script.readings(others):
        heard = COSTS.ids([phone for piece in others[first_piece : last_piece + 1] for phone in piece])
        written = COSTS.ids([phone for line in script.lines[first : last + 1] for phone in line])
        assert compare(heard, written, costs=COSTS).distance > 0.3


@pytest.mark.parametrize("seed", range(20))
def test_the_search_finds_the_cheapest_way(seed: int) -> None:
    """Against a plain shortest-path search over all places and borders."""
    generator = random.Random(seed)
    lines = lines_of(3, seed=seed, length=4)
    pieces = [[generator.choice(CONSONANTS + VOWELS) for _ in range(generator.randint(0, 4))] for _ in range(4)]
    pieces[1:1] = [lines[generator.randrange(3)]]
    script = Script(lines)
    assert cost_of(script, pieces, script.align(pieces)) == cheapest(script, pieces)


def cost_of(script: Script, pieces: list[list[str]], read: list[ReadPiece]) -> int:
    """Add up what a way costs, its jumps taken as cheap as they can be."""
    total = place = 0
    for piece, found in zip(pieces, read, strict=True):
        heard = COSTS.ids(piece)
        if not found.pairs:
            total += min(9 * len(piece), 15 + 6 * len(piece))
            continue
        first, last = found.pairs[0][1], found.pairs[-1][1]
        total += border_cost(script, place, first)
        total += sum(int(COSTS.table[heard[a], script.ids[b]]) for a, b in found.pairs)
        total += 9 * (len(piece) - len(found.pairs)) + 9 * (last - first + 1 - len(found.pairs))
        place = last + 1
    return total + border_cost(script, place, script.ids.size)


def border_cost(script: Script, place: int, target: int) -> int:
    """Return the least cost to come from one place to another over leaving out phones and at most one jump."""
    ends = [*script.starts, script.ids.size]
    costs = [9 * (target - place)] if target >= place else []
    line = int(np.searchsorted(script.starts, place - 1, side="right")) - 1 if place else None
    for number, start in enumerate(ends):
        back = line is not None and number in (line, line - 1) and start < place
        if start <= target and (start > place or back):
            jump = 40 if start > place else 30
            costs.append(jump + 9 * (target - start))
        # phones may be left out before a jump forward, which never pays
    return min(costs)


def cheapest(script: Script, pieces: list[list[str]]) -> int:
    size = script.ids.size
    row = {0: 0}

    def crossed(row: dict[int, int]) -> dict[int, int]:
        return {
            to: min(cost + border_cost_or(script, place, to) for place, cost in row.items()) for to in range(size + 1)
        }

    for piece in pieces:
        after = crossed(row)
        inside = np.array([after[place] for place in range(size + 1)])
        for phone in COSTS.ids(piece):
            following = inside + 9
            for place in range(1, size + 1):
                substituted = inside[place - 1] + COSTS.table[phone, script.ids[place - 1]]
                following[place] = min(following[place], substituted, following[place - 1] + 9)
            inside = following
        row = {place: int(min(inside[place], after[place] + 15 + 6 * len(piece))) for place in range(size + 1)}
    return crossed(row)[size]


def border_cost_or(script: Script, place: int, target: int) -> int:
    try:
        return border_cost(script, place, target)
    except ValueError:
        return 1 << 20


@pytest.mark.parametrize("seed", range(10))
def test_rows_are_those_of_the_plain_edit_distance(seed: int) -> None:
    generator = random.Random(seed)
    names = CONSONANTS + VOWELS
    heard, written = (COSTS.ids(generator.choices(names, k=generator.randint(1, 12))) for _ in range(2))
    plain = np.zeros((heard.size + 1, written.size + 1), dtype=int)
    plain[:, 0], plain[0] = 9 * np.arange(heard.size + 1), 9 * np.arange(written.size + 1)
    for i, j in itertools.product(range(1, heard.size + 1), range(1, written.size + 1)):
        pair = plain[i - 1, j - 1] + COSTS.table[heard[i - 1], written[j - 1]]
        plain[i, j] = min(pair, plain[i - 1, j] + 9, plain[i, j - 1] + 9)
    substitutions = COSTS.table[:, written]
    row = fold_in(first_row(written.size), heard, substitutions=substitutions)
    assert row.tolist() == plain[-1].tolist()
    start, pairs = pairs_back(first_row(written.size), heard, substitutions=substitutions, place=written.size)
    alone = heard.size + written.size - 2 * len(pairs)
    assert sum(COSTS.table[heard[a], written[b]] for a, b in pairs) + 9 * alone == plain[-1, -1]
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(pairs))
    assert start <= (pairs[0][1] if pairs else written.size)


def test_spreading_a_row() -> None:
    row = np.array([50, 3, 100, 100, 7], dtype=np.int32)
    assert spread(row).tolist() == [50, 3, 12, 21, 7]


def test_ends_of_a_comparison() -> None:
    def ends(heard: str, written: str) -> Comparison:
        return compare(COSTS.ids(heard.split()), COSTS.ids(written.split()), costs=COSTS)

    assert ends("p aa t iy", "p aa t iy") == Comparison(0.0, 0, 0, 0)
    assert ends("k ow p aa t iy", "p aa t iy") == Comparison(0.45, 2, 0, 0)
    assert ends("p aa", "p aa t iy") == Comparison(0.45, 0, 2, 0)
    assert ends("b aa t iy", "p aa t iy") == Comparison(0.1, 0, 0, 0)
    assert ends("p iy t iy", "p aa t iy") == Comparison(0.175, 0, 0, 0)
    assert ends("", "p aa") == Comparison(0.9, 0, 2, 0)
    assert ends("p aa t iy", "p aa t iy k uw s iy") == Comparison(0.45, 0, 4, 4), "the iy at the end does not hide it"
    assert ends("t iy k uw p aa t iy", "p aa t iy") == Comparison(0.9, 4, 0, 0)


def test_what_is_said_twice_or_left_out_in_the_middle_of_a_comparison() -> None:
    line = "p aa t iy k uw s iy m ow l eh"

    def compared(heard: str, written: str) -> tuple[int, int, int]:
        found = compare(COSTS.ids(heard.split()), COSTS.ids(written.split()), costs=COSTS)
        return found.beyond, found.unheard, found.omitted

    assert compared("p aa t iy k uw t iy k uw s iy m ow l eh", line) == (4, 0, 0)
    assert compared("p aa t iy m ow l eh", line) == (0, 0, 4)
    assert compared("p aa t iy z b z b m ow l eh", line) == (0, 0, 0)


def test_a_piece_with_a_few_stray_phones_of_the_next_line_is_not_in_it() -> None:
    pairs = (*tuple((i, i) for i in range(18)), (19, 21))
    read = [ReadPiece(0, pairs), ReadPiece(0, tuple((i, 20 + i) for i in range(2, 20)))]
    found = find_readings(read, [20, 20], line_starts=[0, 20], n_written=40)
    assert found == [Reading(0, 0, 0, 0), Reading(1, 1, 1, 1)]


def test_a_take_of_six_minutes_needs_little_memory() -> None:
    lines = lines_of(95, seed=5, length=45)
    script = Script(lines)
    pieces = [part for line in lines for part in (line[:20], line[20:])]
    tracemalloc.start()
    read = script.align(pieces)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {piece.run for piece in read} == {0}
    assert [piece.pairs[0][1] for piece in read] == [start + at for start in script.starts for at in (0, 20)]
    assert peak < 10e6


def test_a_remark_within_a_line_is_inserted_and_a_piece_that_was_heard_wrongly_is_not(script: Script) -> None:
    line, remark = script.lines[0], ["b", "uw", "d", "z", "ow", "b", "aa", "z", "iy", "d", "b", "uw"]

    def inserted(*pieces: list[str]) -> dict[int, int]:
        return inserted_phones(script.align(list(pieces)), [len(piece) for piece in pieces])

    assert inserted(line[:10], remark, line[10:], script.lines[1]) == {1: 12}
    assert inserted(line[:4], remark, line[16:], script.lines[1]) == {}
    read = [ReadPiece(0, ((3, 3),)), ReadPiece(0, ()), ReadPiece(0, ((0, 14),))]
    assert inserted_phones(read, [4, 12, 4]) == {1: 2}
    assert inserted(remark, line) == {}
