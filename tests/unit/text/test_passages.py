"""Long texts: sentences that are read one by one, and never more phones than a model can speak."""

import pytest

from emotts.errors import TextError
from emotts.text.frontend import front_end
from emotts.text.passages import read_passages
from emotts.text.phonemes import Phonemes, SilentTextError


@pytest.fixture(scope="module")
def readers():
    return {language: front_end(language) for language in ("KR", "JP", "EN")}


def passages(readers, language, text, *, max_phones=200):
    return [
        (passage.phonemes.normalised_text, passage.pause)
        for passage in read_passages(text, readers[language], max_phones=max_phones)
    ]


def test_sentences_of_three_languages(readers):
    assert passages(readers, "KR", "Dr. Kim이 왔어요. 3.5점!\n「네.」") == [
        ("닥터 킴이 왔어요.", 1.0),
        ("삼 점 오점!", 1.5),
        ("네.", 1.5),
    ]
    assert passages(readers, "JP", "「はい。」と言った。雨かな？") == [("ハイ.トイッタ.", 1.0), ("アメカナ?", 1.5)]
    assert passages(readers, "EN", "Dr. Kim lives in the U.S. now. It is 3.5 km… away.") == [
        ("doctor kim lives in the U S now.", 1.0),
        ("it is three point five kilometers…", 1.0),
        ("away.", 1.5),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("KR", "9876543210 " * 40),
        ("KR", "가나다라마" * 1000),
        ("KR", "우리는 바다로 갔고, 그곳에서 놀았으며 " * 30),
        ("JP", "9876543210" * 40),
        ("JP", "東京特許許可局" * 300),
        ("JP", "今日は晴れで、明日は雨で、" * 40),
        ("EN", "$9,876,543.21 and " * 40),
        ("EN", "supercalifragilistic" * 250),
        ("EN", "WWW " * 200),
    ],
)
def test_no_passage_has_more_phones_than_the_limit(readers, language, text):
    found = list(read_passages(text, readers[language], max_phones=60))
    sizes = [len(passage.phonemes.phones) for passage in found]
    assert max(sizes) <= 60
    assert sum(sizes) / len(sizes) > 20


def test_a_sentence_without_words_is_passed_over(readers):
    assert passages(readers, "KR", "안녕! 😀😀\nㅋㅋㅋ\n* * *\n반가워요. …") == [("안녕!", 1.5), ("반가워요.", 1.5)]
    assert passages(readers, "JP", "？\nはい。\n（笑）") == [("ハイ.", 1.5)]


@pytest.mark.parametrize("text", ["", " \n ", "😀\n...", "ㅋㅋㅋ!"])
def test_nothing_to_say_at_all(readers, text):
    with pytest.raises(SilentTextError, match="holds nothing that can be spoken"):
        list(read_passages(text, readers["KR"], max_phones=200))


def test_an_unreadable_character_is_an_error_even_in_a_long_sentence(readers):
    reader = front_end("KR", on_unknown="error")
    with pytest.raises(TextError, match=r"'Ж' \(U\+0416\) at 5"):
        list(read_passages("네. " * 3 + "우리는 Ж를 " + "하나 둘 셋 " * 200, reader, max_phones=50))


def test_the_first_passage_is_there_before_the_last_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = front_end("KR")
    read, seen = reader.read, []

    def counted(text: str) -> Phonemes:
        seen.append(text)
        return read(text)

    monkeypatch.setattr(reader, "read", counted)
    passages = read_passages("하나입니다. " * 50, reader, max_phones=200)
    assert next(passages).phonemes.normalised_text == "하나입니다."
    assert len(seen) == 2, "its own sentence, and the one that may change the pause behind it"
    assert len(list(passages)) == 49
