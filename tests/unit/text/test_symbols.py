"""The tables of MeloTTS: order, counts, offsets."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from emotts.text.symbols import LANGUAGE_IDS, N_TONES, PUNCTUATION, SYMBOL_IDS, SYMBOLS, TONE_OFFSETS

REFERENCE = Path(__file__).parents[4] / "shared" / "melotts_parity" / "symbols.json"


def test_there_are_219_symbols_in_melotts_order():
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 219
    digest = hashlib.sha256("\n".join(SYMBOLS).encode()).hexdigest()
    assert digest == "dd4c1e161f27cccfd285fe80054ed6c3b0f936616c4d33715914544586e5406d"


@pytest.mark.parametrize(
    ("symbol", "index"),
    [
        ("_", 0),
        ("AA", 7),
        ("a", 19),
        ("ç", 116),
        ("\u1100", 160),
        ("\u1112", 178),
        ("\u1161", 179),
        ("\u11bc", 206),
        ("!", 208),
        (".", 212),
        ("SP", 217),
        ("UNK", 218),
    ],
)
def test_ids(symbol, index):
    assert SYMBOL_IDS[symbol] == index
    assert SYMBOLS[index] == symbol


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the reference table is not beside the repository")
def test_symbols_equal_the_reference():
    assert list(SYMBOLS) == json.loads(REFERENCE.read_text(encoding="utf-8"))


def test_tones_of_the_languages_do_not_overlap():
    assert N_TONES == 16
    assert {name: TONE_OFFSETS[name] for name in ("ZH", "JP", "EN", "KR", "ES", "FR")} == {
        "ZH": 0, "JP": 6, "EN": 7, "KR": 11, "ES": 12, "FR": 13,
    }  # fmt: skip
    assert LANGUAGE_IDS["KR"] == 4
    assert LANGUAGE_IDS["ES"] == LANGUAGE_IDS["SP"] == 5
    assert set(TONE_OFFSETS) == set(LANGUAGE_IDS)


def test_the_marks_that_texts_keep_are_symbols():
    assert all(mark in SYMBOL_IDS for mark in PUNCTUATION)
    assert not any(re.match("[가-힣]", symbol) for symbol in SYMBOLS)
