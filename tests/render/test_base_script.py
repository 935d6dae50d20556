"""The sentences of the base voice: how many, how different from the demo's, and the sounds they cover."""

import re
from collections import Counter

import pytest

from emotts.text.frontend import Phonemes, front_end
from tools.render.emotion_rule import RULES
from tools.render.script import base_sentences, load_outliers, load_script


def trigrams(text: str) -> set[str]:
    syllables = "".join(re.findall("[가-힣]", text))
    return {syllables[place : place + 3] for place in range(len(syllables) - 2)}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [text for text, _ in base_sentences("KR")]


@pytest.fixture(scope="module")
def read(texts: list[str]) -> dict[str, Phonemes]:
    reader = front_end("KR")
    return {text: reader.read(text) for text in texts}


def test_there_are_enough_in_every_emotion():
    counts = Counter(emotion for _, emotion in base_sentences("KR"))
    assert counts.keys() == RULES.keys()
    assert counts.total() >= 1500
    assert 0.35 < counts["neutral"] / counts.total() < 0.45
    assert all(0.08 < count / counts.total() < 0.12 for emotion, count in counts.items() if emotion != "neutral")


def test_no_sentence_is_repeated(texts: list[str]):
    syllables = ["".join(re.findall("[가-힣]", text)) for text in texts]
    assert len(syllables) == len(set(syllables))


def test_none_is_nearly_one_of_the_demo(texts: list[str]):
    demo = [trigrams(line.text) for line in (*load_script(), *load_outliers())]
    for text in texts:
        own = trigrams(text)
        alike = max(len(own & other) / max(1, min(len(own), len(other))) for other in demo)
        assert alike <= 0.5, text


def test_texts_are_hangul_and_marks_that_the_front_end_leaves_as_they_are(read: dict[str, Phonemes]):
    for text, phonemes in read.items():
        assert re.fullmatch(r"[가-힣]+(?:[.,!?…]? [가-힣]+)*[.!?…]", text), text
        assert 6 <= len(re.findall("[가-힣]", text)) <= 75, text
        assert phonemes.normalised_text == text


def test_every_korean_phone_occurs_often(read: dict[str, Phonemes]):
    counts = Counter(phone for phonemes in read.values() for phone in phonemes.phones)
    onsets = [chr(code) for code in range(0x1100, 0x1113)]
    nuclei = [chr(code) for code in range(0x1161, 0x1176)]
    needed = [*onsets, *nuclei, *"ᆨᆫᆮᆯᆷᆸᆼ", *".,!?…"]
    assert {phone: counts[phone] for phone in needed if counts[phone] < 30} == {}


@pytest.mark.parametrize(("language", "lacking"), [("JP", {"by", "dy", "my", "ny", "py"}), ("EN", {"oy", "zh"})])
def test_every_other_phone_occurs_often(language: str, lacking: set[str]):
    reader = front_end(language, on_unknown="error")
    sentences = base_sentences(language)
    assert len(sentences) >= 1000
    assert len({text for text, _ in sentences}) == len(sentences)
    counts = Counter(phone for text, _ in sentences for phone in reader.read(text).phones)
    rare = {phone for phone, count in counts.items() if count < 20 and phone not in ".,!?…_"}
    assert rare <= lacking
