"""The demo script: counts, texts, characters, and the sounds it covers."""

import re
from collections import Counter

import pytest

from tools.render.script import (
    RECORDED_COUNTS,
    base_sentences,
    evaluation_sentences,
    load_outliers,
    load_script,
    recorded_lines,
)


def test_counts_per_emotion():
    script = load_script()
    assert len(script) >= 160
    assert Counter(line.emotion for line in script) == {"happy": 42, "sad": 63, "angry": 35, "neutral": 46}
    assert Counter(line.emotion for line in script if line.recorded) == RECORDED_COUNTS
    assert dict(RECORDED_COUNTS) == {"happy": 16, "sad": 37, "angry": 9, "neutral": 20}


def test_recorded_lines_are_the_first_of_their_emotion():
    for emotion, count in RECORDED_COUNTS.items():
        flags = [line.recorded for line in load_script() if line.emotion == emotion]
        assert flags == [True] * count + [False] * (len(flags) - count)


def test_no_text_is_repeated():
    texts = [line.text for line in (*load_script(), *load_outliers())]
    assert len(texts) == len(set(texts))


def test_nothing_of_the_base_voice_is_in_the_script():
    base = {text for text, _ in base_sentences("KR")}
    assert not base & {line.text for line in (*load_script(), *load_outliers())}


def test_texts_are_hangul_and_marks_alone():
    for line in (*load_script(), *load_outliers()):
        assert re.fullmatch(r"[가-힣]+(?:[.,!?…]? [가-힣]+)*[.!?…]", line.text), line.text


def test_lengths_fit_three_to_fifteen_seconds():
    syllables = [len(re.findall("[가-힣]", line.text)) for line in load_script()]
    assert min(syllables) >= 15
    assert max(syllables) <= 75
    assert sum(18 <= count <= 45 for count in syllables) > 0.8 * len(syllables)
    assert sum(count > 45 for count in syllables) >= 5


def test_evaluation_sentences_are_the_unrecorded_ones():
    sentences = evaluation_sentences()
    assert len(sentences) == 186 - 82
    recorded = {line.text for line in load_script() if line.recorded}
    assert not recorded & {text for text, _ in sentences}
    assert Counter(emotion for _, emotion in sentences) == dict.fromkeys(("happy", "sad", "angry", "neutral"), 26)


def test_outliers_are_two_short_and_one_long():
    syllables = sorted(len(re.findall("[가-힣]", line.text)) for line in load_outliers())
    assert syllables == [1, 3, 100]


@pytest.mark.parametrize("language", ["JP", "EN"])
def test_no_sentence_of_another_language_is_in_two_scripts(language: str):
    recorded = {line.text for line in recorded_lines(language)}
    unseen, base = ({text for text, _ in part} for part in (evaluation_sentences(language), base_sentences(language)))
    assert (len(recorded), len(unseen)) == (68, 107)
    assert not recorded & unseen
    assert not (recorded | unseen) & base
