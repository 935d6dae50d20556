"""Patterns of paths."""

from __future__ import annotations

import unicodedata

import pytest

from emotts.corpus.sources.pattern import Pattern, fill
from emotts.errors import ConfigError


@pytest.mark.parametrize(
    ("pattern", "place", "wanted"),
    [
        ("{speaker:2}{text:3}{emotion:1}{version:1}", "wav/03a01Fa", {"speaker": "03", "text": "a01", "emotion": "F"}),
        ("{speaker}/{emotion}/{speaker}_{n}", "x/11/Sad/11_7", {"speaker": "11", "emotion": "Sad", "n": "7"}),
        ("{speaker}/{emotion}/{speaker}_{n}", "11/Sad/12_7", None),
        ("{folders}/{text}", "a/b/c", {"folders": "a/b/", "text": "c"}),
        ("{folders}/{text}", "c", {"text": "c"}),
        ("a_{level:LO|MD}", "A_lo", {"level": "lo"}),
        ("a_{level:LO|MD}", "a_hi", None),
        ("*.list", "x/mina.list", {}),
        ("*.list", "x.list/mina", None),
        ("a.b", "axb", None),
    ],
)
def test_parts_of_a_path(pattern: str, place: str, wanted: dict[str, str] | None) -> None:
    found = Pattern(pattern).match(place)
    assert (found if wanted is None else {name: (found or {}).get(name) for name in wanted}) == wanted


def test_decomposed_names_fit_composed_patterns() -> None:
    assert Pattern("가_{n}").match(unicodedata.normalize("NFD", "가_1")) == {"n": "1"}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{a", "brackets of a pattern do not close"),
        ("a}", "brackets of a pattern do not close"),
        ("{}", "part '' of a pattern has no usable name"),
        ("{Speaker}", "part 'Speaker' of a pattern has no usable name"),
        ("{folders}_{n}", "{folders} of a pattern must end in a slash"),
    ],
)
def test_patterns_that_cannot_be_used(written: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Pattern(written)


def test_patterns_that_name_whole_files() -> None:
    assert [Pattern(each).is_fixed for each in ("a.csv", "{n:a|b}.csv", "*.csv", "{n:4}.txt")] == [
        *(True, True, False, False)
    ]


def test_filling_a_template() -> None:
    assert fill("{emotion}_{n}", {"emotion": "sad", "n": "01"}) == "sad_01"
    assert fill("{emotion}_{n}", {"emotion": "sad"}) is None
