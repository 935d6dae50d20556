"""Korean phones in Kokoro's alphabet."""

import unicodedata

import pytest

from tools.render.korean_tokens import korean_spellings


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
    phones = jamo(text)
    spelled = zip(phones, korean_spellings(phones), strict=True)
    assert "".join(phone if own is None else own for phone, own in spelled) == spelling


def test_every_korean_phone_has_a_spelling():
    onsets = [chr(code) for code in range(0x1100, 0x1113)]
    nuclei = [chr(code) for code in range(0x1161, 0x1176)]
    for phone in [*onsets, *nuclei, *"ᆨᆫᆮᆯᆷᆸᆼ"]:
        (spelled,) = korean_spellings([phone])
        assert bool(spelled) == (phone != "ᄋ"), phone


def test_other_phones_have_none():
    assert korean_spellings(["ᄀ", "AA", " "]) == ["k", None, None]
