"""Phones to ids."""

import numpy as np
import pytest

from emotts.errors import TextError
from emotts.text.encode import encode


def test_blanks_stand_between_all_ids():
    ids = encode(["_", "ᄂ", "ᅦ", ".", "_"], [0, 0, 0, 0, 0], language="KR")
    assert ids.tokens.tolist() == [0, 0, 0, 162, 0, 184, 0, 212, 0, 0, 0]
    assert ids.tones.tolist() == [0, 11, 0, 11, 0, 11, 0, 11, 0, 11, 0]
    assert ids.languages.tolist() == [0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0]
    assert {ids.tokens.dtype, ids.tones.dtype, ids.languages.dtype} == {np.dtype(np.int64)}


def test_without_blanks():
    ids = encode(["_", "a", "_"], [0, 3, 0], language="EN", add_blank=False)
    assert ids.tokens.tolist() == [0, 19, 0]
    assert ids.tones.tolist() == [7, 10, 7]
    assert ids.languages.tolist() == [2, 2, 2]


def test_an_empty_sequence_is_one_blank():
    assert encode([], [], language="KR").tokens.tolist() == [0]


@pytest.mark.parametrize(
    ("phones", "tones", "language", "message"),
    [
        (["_"], [0], "XX", "unknown language 'XX'"),
        (["_", "ᄂ"], [0], "KR", "2 phones, 1 tones"),
        (["_", "가"], [0, 0], "KR", "'가' at 2"),
        (["_"], [5], "KR", "5 at 1\n.*from 0 to 4"),
        (["_"], [-1], "KR", "tones are out of range for KR"),
    ],
)
def test_errors(phones, tones, language, message):
    with pytest.raises(TextError, match=message):
        encode(phones, tones, language=language)
