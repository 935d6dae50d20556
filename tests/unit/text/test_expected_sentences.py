"""Whole sentences with the phones they must have: at least 150 a language.

``expected/*.tsv`` holds text, normalised text and phones; the tone follows a phone's name where it is not 0. Readings
were written down by rule (Standard Pronunciation of Korean; sound changes of Japanese counters and particles; American
pronunciation) and compared with a second source each: UniDic and the full-context labels of Open JTalk for Japanese,
gruut for English. Where the sources differ, the rule decided.
"""

from pathlib import Path

import pytest

from emotts.text.encode import encode
from emotts.text.frontend import SUPPORTED_LANGUAGES, front_end

EXPECTED = Path(__file__).parent / "expected"


def rows(language):
    lines = (EXPECTED / f"{language.lower()}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


def test_there_are_at_least_150_different_sentences_a_language():
    assert set(SUPPORTED_LANGUAGES) == {"KR", "JP", "EN"}
    for language in SUPPORTED_LANGUAGES:
        assert len({text for text, _, _ in rows(language)}) >= 150


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_sentences_are_spoken_as_written_down(language):
    reader = front_end(language)
    wrong = []
    for text, normalised, phones in rows(language):
        read = reader.read(text)
        spoken = " ".join(f"{phone}{tone or ''}" for phone, tone in zip(read.phones, read.tones, strict=True))
        if (read.normalised_text, spoken) != (normalised, f"_ {phones} _"):
            wrong.append((text, read.normalised_text, spoken))
    assert wrong == []


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_every_sentence_has_a_count_for_every_character_and_ids_for_every_phone(language):
    reader = front_end(language)
    for text, _, _ in rows(language):
        read = reader.read(text)
        assert len(read.word2ph) == 2 + len(read.normalised_text.replace(" ", ""))
        assert sum(read.word2ph) == len(read.phones) == len(read.tones)
        assert min(read.word2ph) >= 0
        assert (read.word2ph[0], read.word2ph[-1]) == (1, 1)
        assert len(encode(read.phones, read.tones, language=language).tokens) == 2 * len(read.phones) + 1


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_what_is_spoken_is_read_unchanged(language):
    reader = front_end(language)
    changed = [
        (once.normalised_text, twice.normalised_text)
        for once in (reader.read(text) for text, _, _ in rows(language))
        if (twice := reader.read(once.normalised_text)) != once
    ]
    assert changed == []
