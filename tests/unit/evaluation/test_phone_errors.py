"""Errors by class of phones: alignment, classes of each language, and lanes."""

from __future__ import annotations

import pytest

from emotts.evaluation.phone_classes import LANGUAGE_CLASSES, SILENT_PHONES, phone_class
from emotts.evaluation.phone_errors import PhoneErrors, phone_error_metrics, phone_errors
from emotts.evaluation.report_phones import phone_section
from emotts.text.frontend import front_end
from emotts.text.symbols import BLANK, PUNCTUATION

TEXTS = {
    "KR": "빨간 꽃이 활짝 피었어요, 의사 선생님도 웬일로 커피를 뽑아 드시네요!",
    "JP": "ちょっと待って、きょうは東京で熱いお茶とラーメンを百杯食べます。",
    "EN": "She judges the measure of vision, though which young boy left with a van?",
}


@pytest.mark.parametrize("language", TEXTS)
def test_every_phone_of_a_language_has_a_class_and_every_class_a_phone(language: str) -> None:
    unspoken = {BLANK, *PUNCTUATION, *SILENT_PHONES}
    phones = set(front_end(language).read(TEXTS[language]).phones) - unspoken
    assert {phone_class(phone) for phone in phones} == set(LANGUAGE_CLASSES[language])


def test_what_is_no_phone_has_no_class() -> None:
    assert phone_class("UNK") == "other"


@pytest.mark.parametrize(
    ("language", "text", "heard", "wrong", "added"),
    [
        ("KR", "빨간 꽃이 피었다.", "빨간 꽃이 피었다", {}, 0),
        ("KR", "빨간 꽃이 피었다.", "발간 꽃이 피었어", {"tense_plosive": 2, "final_plosive": 1, "vowel": 1}, 0),
        ("KR", "아가", "아", {"plain_plosive": 1, "vowel": 1}, 0),
        ("KR", "가", "", {"plain_plosive": 1, "vowel": 1}, 0),
        ("JP", "きって", "きて", {"geminate": 1}, 0),
        ("EN", "a red ship", "the red chip", {"fricative": 1}, 1),
        ("EN", "a red ship", "red ship", {"vowel": 1}, 0),
    ],
)
def test_what_is_missed_is_counted_by_class(
    language: str, text: str, heard: str, wrong: dict[str, int], added: int
) -> None:
    found = phone_errors(text, heard, reader=front_end(language), seconds=2.0)
    assert (found.wrong, found.added) == (wrong, added)


def test_a_clip_has_at_most_as_many_errors_as_phones_and_a_loop_is_taken_once() -> None:
    reader = front_end("KR")
    found = phone_errors("가다", "마나보라", reader=reader, seconds=2.0)
    assert (found.written, found.wrong.get("plain_plosive")) == ({"plain_plosive": 2, "vowel": 2}, 2)
    assert sum(found.wrong.values()) + found.added == 4
    assert phone_errors("가다", "가다" * 40, reader=reader, seconds=2.0).added == 0


def test_words_that_cannot_be_read_have_no_phones() -> None:
    reader = front_end("KR", on_unknown="error")
    found = phone_errors("가다 ☃", "가다", reader=reader, seconds=2.0)
    assert (found.written, found.wrong, found.added) == ({"plain_plosive": 2, "vowel": 2}, {}, 0)
    assert phone_errors("☃", "가다", reader=reader, seconds=2.0) == PhoneErrors({}, {}, 0)


def test_lanes_have_rates_of_all_their_clips() -> None:
    clips = [
        PhoneErrors({"vowel": 6, "nasal": 2}, {"nasal": 1}, added=1),
        PhoneErrors({"vowel": 2, "liquid": 2}, {"vowel": 1, "liquid": 2}, added=0),
    ]
    metrics = phone_error_metrics({"recording": clips[:1], "copy": [], "spoken": clips})
    assert {name: value for name, value in metrics.items() if ".spoken" in name} == {
        "phone_errors.spoken": 5 / 12,
        "phone_errors.spoken.added": 1 / 12,
        "phone_errors.spoken.vowel": 1 / 8,
        "phone_errors.spoken.vowel.count": 8.0,
        "phone_errors.spoken.nasal": 1 / 2,
        "phone_errors.spoken.nasal.count": 2.0,
        "phone_errors.spoken.liquid": 1.0,
        "phone_errors.spoken.liquid.count": 2.0,
    }
    assert metrics["phone_errors.recording"] == 2 / 8
    assert not any(".copy" in name for name in metrics)
    text = "\n".join(phone_section(metrics))
    assert "| phones a recogniser gets wrong | recording | voice, all sentences | phones |" in text
    assert "| nasal | 50% | 50% | 2 |" in text
    assert "| liquid | – | 100% | 2 |" in text
    assert "| **all of these** | 25% | 42% | 12 |" in text
    assert phone_section({}) == []
