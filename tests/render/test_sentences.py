"""Sentences as the voice speaks them, in three languages."""

import pytest

from emotts.errors import TextError
from emotts.text.frontend import front_end
from emotts.text.phonemes import Phonemes
from tools.render.english_tokens import english_spellings
from tools.render.japanese_tokens import japanese_spellings, japanese_word_ends
from tools.render.sentences import sentences


@pytest.mark.parametrize(
    ("language", "text", "spelled"),
    [
        ("KR", "오늘 날씨가 좋은데, 우리 가요! 네.", ["onɯl nalɕiɡa ʨoɯnde, uɾi kajo! ne."]),
        ("EN", "Hello, my name isn't Bob! It's thirty dogs?", ["həlˈO, mˈI nˈAm ˈɪzənt bˈɑb!", "ˈɪts θˈɜɹdˌi dˈɑɡz?"]),
        ("JP", "ラーメンを三杯食べました。誰かが後ろからついて来る。",
         ["ɾaːmeɴ o saɴ bai tabemaɕita.", "daɾeka ɡa ɯɕiɾo kaɾa ʦɨite kɯɾɯ."]),
    ],
)  # fmt: skip
def test_spelling_by_sentences(language: str, text: str, spelled: list[str]):
    cut = sentences(front_end(language).read(text), text, language=language)
    assert ["".join(each.spelled) for each in cut] == spelled
    assert " ".join(each.text for each in cut).replace(" ", "") == text.replace(" ", "")


def test_phones_but_spaces_are_those_of_the_front_end():
    text = "The judge, she said, was late. Very late indeed!"
    read = front_end("EN").read(text)
    spoken = [phone for each in sentences(read, text, language="EN") for phone in each.phones if phone != " "]
    assert tuple(spoken) == read.phones[1:-1]


def test_stress_stands_before_its_vowel_and_weak_vowels_differ():
    assert english_spellings(["ah", "ah", "er", "er", "q"], [1, 2, 1, 3, 0]) == ["ə", "ˈʌ", "əɹ", "ˌɜɹ", None]


def test_japanese_consonants_follow_their_vowel():
    assert japanese_spellings(["k", "i", "ky", "o", "o", "N", "p", "a", "q", "z", "u", "AA"]) == [
        "kʲ", "i", "kʲ", "o", "ː", "m", "p", "a", "ʔ", "z", "ɨ", None,
    ]  # fmt: skip


def test_a_word_ends_behind_its_ending():
    assert japanese_word_ends("切符を買ったの", "キップヲカッタノ") == {3, 4, 7, 8}


def test_other_phones_are_an_error():
    read = Phonemes("hm", ("_", "xx", "hh", "_"), (0, 0, 0, 0), (1, 1, 1, 1))
    with pytest.raises(TextError, match="phone 'xx' cannot be spoken by the renderer's voice"):
        sentences(read, "hm", language="EN")


def test_another_number_of_sentences_is_an_error():
    with pytest.raises(TextError, match="sentences of the text and of its phones differ"):
        sentences(front_end("EN").read("One day. It rained."), "One day it rained.", language="EN")
