"""The user's lexicon: entries win in every language, and errors name file and line."""

import pytest

from emotts.errors import TextError
from emotts.text.frontend import front_end


@pytest.fixture
def lexicon(tmp_path):
    def write(text):
        path = tmp_path / "lexicon.tsv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_korean_readings_are_hangul(lexicon):
    path = lexicon("# names\n\nnginx\t엔진엑스\n갤럭시\t갤럭씨\n₿\t비트코인\n3.1\t삼 점 일\n")
    korean = front_end("KR", lexicon=path, on_unknown="error")
    assert korean.read("Nginx를 켜요.").normalised_text == "엔진엑스를 켜요."
    assert korean.read("갤럭시가 ₿ 3.1").normalised_text == "갤럭씨가 비트코인 삼 점 일"
    # inside a longer word nothing is replaced
    assert korean.read("nginxx").normalised_text == front_end("KR").read("nginxx").normalised_text


def test_japanese_readings_are_kana(lexicon):
    japanese = front_end("JP", lexicon=lexicon("月夜\tるな\nReact\tリアクト\n"))
    assert japanese.read("月夜さんはreactを使う。").normalised_text == "ルナサンワリアクトヲツカウ."


def test_english_readings_are_words_or_phones(lexicon):
    path = lexicon("nginx\tengine x\nKwame\tK W AA1 M EY0\nread\tR EH1 D\nC++\tsee plus plus\n")
    english = front_end("EN", lexicon=path)
    assert english.read("Nginx and C++ work.").normalised_text == "engine X and see plus plus work."
    kwame = english.read("Kwame")
    assert kwame.normalised_text == "kwame"
    assert kwame.phones == ("_", "k", "w", "aa", "m", "ey", "_")
    assert kwame.tones == (0, 0, 0, 2, 0, 1, 0)
    # an entry wins over the rules for homographs
    assert english.read("to read").phones == ("_", "t", "uw", "r", "eh", "d", "_")


@pytest.mark.parametrize(
    ("language", "text", "message"),
    [
        (
            "KR",
            "가\t나\n단어 없음\n",
            r"lexicon.tsv:2: line of the lexicon is no entry\n.*'단어 없음'\n.*word<TAB>reading",
        ),
        ("KR", "naver\tnaver\n", r"lexicon.tsv:1: reading of 'naver' cannot be used\n.*'naver'\n.*Hangul"),
        ("JP", "月\tげつ\n夜\t夜\n", r"lexicon.tsv:2: reading of '夜' cannot be used\n.*\n.*hiragana or katakana"),
        ("EN", "x\tK QQ1\n", r"lexicon.tsv:1: reading of 'x' has unknown phones\n.*QQ1"),
        ("EN", "c3\tK AA1 R\n", r"lexicon.tsv:1: word 'c3' cannot have phones"),
        ("EN", "Ab\tone\nab\ttwo\n", r"lexicon.tsv:2: word stands twice in the lexicon\n.*'ab'"),
        ("EN", "\tone\n", r"lexicon.tsv:1: line of the lexicon is no entry"),
    ],
)
def test_a_wrong_line_is_named(lexicon, language, text, message):
    with pytest.raises(TextError, match=message):
        front_end(language, lexicon=lexicon(text))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(TextError, match=r"nothing.tsv: lexicon is missing\n.*text.lexicon in params.yaml"):
        front_end("KR", lexicon=tmp_path / "nothing.tsv")
    (tmp_path / "latin1.tsv").write_bytes("caf\xe9\tx\n".encode("latin-1"))
    with pytest.raises(TextError, match=r"latin1.tsv: lexicon cannot be read\n.*\n.*a UTF-8 text file"):
        front_end("EN", lexicon=tmp_path / "latin1.tsv")
    with pytest.raises(TextError, match="lexicon cannot be read"):
        front_end("EN", lexicon=tmp_path)
