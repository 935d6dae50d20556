"""How each word is read: numbers, words of the user's lexicon, what is left out."""

from pathlib import Path

import pytest

from emotts.text.frontend import front_end
from emotts.text.lexicon import NO_LEXICON, read_lexicon
from emotts.text.word_readings import word_readings


def read(tmp_path: Path, language: str, lexicon: str, text: str) -> list[tuple[str, str, str]]:
    path = tmp_path / "lexicon.tsv"
    path.write_text(lexicon, encoding="utf-8")
    reader = front_end(language, lexicon=path)
    words = word_readings(text, reader.read(text), front_end=reader, lexicon=read_lexicon(path, language=language))
    return [(word.word, word.reading, word.source) for word in words]


def test_korean_words(tmp_path: Path) -> None:
    assert read(tmp_path, "KR", "MZ세대\t엠제트세대\n", "MZ세대는 3시 30분에 🎉 와요, \ue000 USB로!") == [
        ("MZ세대는", "엠제트세대는", "lexicon"),
        ("3시", "세 시", "front end"),
        ("30분에", "삼십분에", "front end"),
        ("🎉", "", "silent"),
        ("와요,", "와요", "front end"),
        ("\ue000", "", "left out"),
        ("USB로!", "유에스비로", "front end"),
    ]


def test_english_words_and_their_phones(tmp_path: Path) -> None:
    lexicon = "emotts\tIY1 M OW0 T S\nGIF\tjif\n"
    assert read(tmp_path, "EN", lexicon, "Dr. Smith's emotts has 25 GIF files.") == [
        ("Dr.", "doctor", "front end"),
        ("Smith's", "smith's", "front end"),
        ("emotts", "emotts", "lexicon"),
        ("has", "has", "front end"),
        ("25", "twenty five", "front end"),
        ("GIF", "jif", "lexicon"),
        ("files.", "files", "front end"),
    ]
    reader = front_end("EN")
    [word] = word_readings(
        "It's!", reader.read("It's!"), front_end=reader, lexicon=read_lexicon(tmp_path / "lexicon.tsv", language="EN")
    )
    assert word.phones == ("ih", "t", "s")


def test_a_sign_inside_a_word_is_named(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv").touch()
    reader = front_end("KR")
    lexicon = read_lexicon(tmp_path / "lexicon.tsv", language="KR")
    [word] = word_readings("네\ue000!", reader.read("네\ue000!"), front_end=reader, lexicon=lexicon)
    assert (word.reading, word.source, word.left_out) == ("네", "front end", ("\ue000",))
    assert word.phones == ("ᄂ", "ᅦ")


def test_japanese_words(tmp_path: Path) -> None:
    assert read(tmp_path, "JP", "東雲\tシノノメ\n", "東雲さんは、「３時」にUSBを食べさせられました…🎉 元気です!") == [
        ("東雲", "シノノメ", "lexicon"),
        ("さん", "サン", "front end"),
        ("は、「", "ワ", "front end"),
        ("３", "サン", "front end"),
        ("時」", "ジ", "front end"),
        ("に", "ニ", "front end"),
        ("USB", "ユーエスビー", "front end"),
        ("を", "ヲ", "front end"),
        ("食べさせられました…🎉", "タベサセラレマシタ", "front end"),
        ("元気です!", "ゲンキデス", "front end"),
    ]


def test_japanese_words_that_are_spelled_otherwise_stay_together(tmp_path: Path) -> None:
    assert read(tmp_path, "JP", "鯱鉾\tオルカ\n", "鯱鉾は12月24日\ue000に￥1,500です") == [
        ("鯱鉾", "オルカ", "lexicon"),
        ("は", "ワ", "front end"),
        ("12月", "ジューニガツ", "front end"),
        ("24日\ue000", "ニジューヨッカ", "front end"),
        ("に", "ニ", "front end"),
        ("￥1,500です", "センゴヒャクエンデス", "front end"),
    ]


@pytest.mark.parametrize(
    "text", ["今日は3時30分に駅へ行きました。", "「は？」と言った。", "ははは、100%だね", "ｶﾌｪでﾗﾝﾁ。"]
)
def test_japanese_words_have_all_phones_and_all_of_the_text(text: str) -> None:
    reader = front_end("JP")
    phonemes = reader.read(text)
    words = word_readings(text, phonemes, front_end=reader, lexicon=NO_LEXICON)
    assert "".join(word.word for word in words) == text
    assert len(words) > 2
    spoken = [phone for phone in phonemes.phones[1:-1] if phone not in "!?…,."]
    assert [phone for word in words for phone in word.phones] == spoken
