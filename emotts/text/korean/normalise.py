"""Korean normaliser: addresses, numbers, Latin words and signs to Hangul and seven marks."""

from __future__ import annotations

import re

from emotts.text.addresses import AddressReader
from emotts.text.korean.characters import KOREAN_CHARACTERS, spell_chat
from emotts.text.korean.hanja import HanjaReader
from emotts.text.korean.kana import read_kana_in_hangul
from emotts.text.korean.quantities import read_bare_numbers, read_quantities
from emotts.text.latin import LatinReader
from emotts.text.lexicon import NO_LEXICON, Lexicon
from emotts.text.marks import space_marks
from emotts.text.normalising import OnUnknown, Spoken, SpokenForms
from emotts.text.patterns import CAPITAL_DIGIT, HASHTAG

__all__ = ["Normaliser"]

_ADDRESS_SIGNS = {
    ".": "닷", "@": "골뱅이", "/": "슬래시", "-": "하이픈", "_": "언더바", "+": "플러스", "~": "물결", "?": "물음표",
    "&": "앤드", "=": "는", "#": "샵", "%": "퍼센트", ":": "콜론", ".com": "닷컴", ".net": "닷넷", "co": "시오",
}  # fmt: skip
_SIGN_WORDS = {
    "%": " 퍼센트 ", "&": " 앤드 ", "@": " 골뱅이 ", "+": " 플러스 ", "×": " 곱하기 ", "÷": " 나누기 ", "°": "도 ",
    "/": " ", ":": ",", ";": ",", "~": " ", "·": ",", "±": " 플러스 마이너스 ", "≥": " 크거나 같다 ",
    "≤": " 작거나 같다 ",
    "≠": " 같지 않다 ", "≈": " 약 ", "∞": " 무한대 ", "√": " 루트 ", "₹": " 루피 ", "₽": " 루블 ",
    "₺": " 리라 ", "₫": " 동 ", "₱": " 페소 ", "₪": " 셰켈 ",
    "฿": " 밧 ", "₴": " 흐리브냐 ", "¢": " 센트 ", "₩": " 원 ", "$": " 달러 ", "€": " 유로 ",
    "£": " 파운드 ", "¥": " 엔 ", "‰": " 퍼밀 ", "μ": " 뮤 ",
}  # fmt: skip
_MONEY_HANJA = re.compile("(?<=[0-9만천억조])\\s?[円元]")
_PLACEHOLDER = re.compile(r"[○◯]{2,}|△{2,}|×{2,}")
_NUMBERED_WORDS = {"no": "넘버", "ver": "버전", "vol": "볼륨", "ep": "에피소드", "ch": "챕터", "fig": "그림"}
_NUMBERED = re.compile(r"(?<![A-Za-z])(no|ver|vol|ep|ch|fig)\.\s?(?=\d)", re.IGNORECASE)
_OPENED = re.compile(r"(?<=\d)\s?[(（](?=\d)")
_EQUALS = re.compile(r"\s?=\s?")


class Normaliser:
    """Writes a Korean text as it is spoken; what is left is Hangul, spaces and ``! ? … , . ' -``."""

    def __init__(self, latin: LatinReader, *, lexicon: Lexicon = NO_LEXICON, on_unknown: OnUnknown = "skip") -> None:
        self._latin = latin
        self._hanja = HanjaReader()
        self._addresses = AddressReader(_ADDRESS_SIGNS, read_word=latin.read)
        self._forms = SpokenForms(
            KOREAN_CHARACTERS,
            speak=lambda part, _: self._speak(part),
            is_spoken=lambda spoken: any("가" <= char <= "힣" for char in spoken),
            wanted="at least one word in Hangul, Latin letters or digits",
            on_unknown=on_unknown,
            lexicon=lexicon,
        )

    def normalise(self, text: str) -> Spoken:
        """Return the text in Hangul.

        Raises:
            TextError: if a character cannot be read (with its position) and may not be left out, or nothing is left to
                be spoken.
        """
        return self._forms.of(text)

    def _speak(self, text: str) -> str:
        text = _OPENED.sub(", ", text)
        text = read_kana_in_hangul(self._hanja.read(_MONEY_HANJA.sub(_money_hanja, text)))
        plain = KOREAN_CHARACTERS.plain(spell_chat(text))
        plain = _PLACEHOLDER.sub(lambda match: "땡" * len(match.group()), plain)
        plain = HASHTAG.sub(" 해시태그 ", self._addresses.read(plain).replace("_", " "))
        plain = CAPITAL_DIGIT.sub("투", read_quantities(plain))
        plain = _NUMBERED.sub(lambda match: f"{_NUMBERED_WORDS[match.group(1).lower()]} ", plain)
        plain = re.sub(r"(?<=[a-z])\.(?=[A-Za-z])", " ", plain)
        plain = re.sub(r"\bC#", "시샵", plain)
        plain = read_bare_numbers(self._latin.read(plain))
        for sign, word in _SIGN_WORDS.items():
            plain = plain.replace(sign, word)
        return _tidy(_EQUALS.sub(_equals, plain.replace("#", " 샵 ")))


def _money_hanja(match: re.Match[str]) -> str:
    """Read 円 and 元 behind an amount as the money of their lands."""
    return "엔" if match.group().endswith("円") else "위안"


def _equals(match: re.Match[str]) -> str:
    """Read = as the particle that fits the syllable before it: 삼은, 오는."""
    before = match.string[: match.start()].rstrip()[-1:]
    has_final = "가" <= before <= "힣" and (ord(before) - ord("가")) % 28
    return "은 " if has_final else "는 "


def _tidy(text: str) -> str:
    # a dash between words is a pause; inside a word it joins
    text = re.sub(r"(?<=[가-힣])[-–](?=[가-힣])", " ", text)
    text = re.sub(r"\s*[-–]+\s*", ", ", text)
    text = re.sub(r"\n\s*", " ", text)
    text = re.sub(r"[^가-힣\s!?…,.]", " ", text.replace("'", ""))
    return space_marks(text).lstrip(" ,.!?").rstrip(" ,")
