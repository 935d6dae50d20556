"""Texts of every kind that people write, with how they are read: dates, money, addresses, Hanja, foreign words.

``expected/*_kinds.tsv`` holds kind, text and reading (the normalised text); ``kr_sounds.tsv`` Korean words as they
sound; ``en_homographs.tsv`` sentences, a word in them and its phones.
"""

from pathlib import Path

import pytest
from support.hearing import heard

from emotts.text.frontend import SUPPORTED_LANGUAGES, front_end

EXPECTED = Path(__file__).parent / "expected"


def rows(name):
    lines = (EXPECTED / name).read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_every_kind_is_read_as_written_down(language):
    reader = front_end(language)
    read = [(kind, text, reader.read(text).normalised_text) for kind, text, _ in rows(f"{language.lower()}_kinds.tsv")]
    assert read == [tuple(row) for row in rows(f"{language.lower()}_kinds.tsv")]


def test_korean_sounds_that_spelling_does_not_tell():
    korean = front_end("KR")
    wanted = [tuple(row) for row in rows("kr_sounds.tsv")]
    assert [(written, heard(korean.read(written))) for written, _ in wanted] == wanted


def test_english_homographs_by_their_neighbours():
    english = front_end("EN")
    wanted = [tuple(row) for row in rows("en_homographs.tsv")]
    read = []
    for text, word, _ in wanted:
        phonemes = english.read(text)
        start = phonemes.normalised_text.replace(" ", "").index(word)
        first = sum(phonemes.word2ph[: 1 + start])
        count = sum(phonemes.word2ph[1 + start : 1 + start + len(word)])
        spoken = zip(phonemes.phones, phonemes.tones, strict=True)
        read.append(
            (text, word, " ".join(f"{phone}{tone or ''}" for phone, tone in list(spoken)[first : first + count]))
        )
    assert read == wanted
