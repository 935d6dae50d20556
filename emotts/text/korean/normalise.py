"""Korean normaliser: numbers, dates, times, money, units, Latin words and signs to Hangul and seven marks."""

from __future__ import annotations

import re
import unicodedata

from emotts.errors import TextError
from emotts.text.korean.characters import check_readable, to_plain
from emotts.text.korean.latin import LatinReader
from emotts.text.korean.numbers import decimal, digits, native, sino
from emotts.text.korean.units import COUNTERS, MONEY, UNITS

__all__ = ["Normaliser"]

_MONEY = "".join(re.escape(sign) for sign in MONEY)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_BIG = "천만|백만|십만|만|천|억|조"
_DATE = re.compile(r"(?<![\d.])(\d{4})([-./])\s?(\d{1,2})\2\s?(\d{1,2})\.?(?![\d가-힣])")
_TIME = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_PHONE = re.compile(
    r"(?<![\d-])(\+82[- ]?)?(\d{2,4})-(\d{3,4})-(\d{4})(?![\d-])|(?<![\d-])(1[5-9]\d{2})-(\d{4})(?![\d-])"
)
_PLAIN_PHONE = re.compile(r"(?<!\d)(01[016789])(\d{3,4})(\d{4})(?!\d)")
_FRACTION = re.compile(r"(?<![\d/])(\d{1,3})/(\d{1,3})(?![\d/])")
_SCORE = re.compile(r"(?<![\d:])(\d{1,3}):(\d{1,3})(?![\d:])")
_RANGE = re.compile(rf"(?<![\d.,])({_NUMBER})\s?~\s?({_NUMBER})\s?((?:{_BIG})*(?:[가-힣]+|%p?|[A-Za-z]+|°C?)?)")
_PRICE_BEFORE = re.compile(rf"([{_MONEY}])\s?({_NUMBER})((?:{_BIG})*)")
_PRICE_BEHIND = re.compile(rf"({_NUMBER})((?:{_BIG})*)\s?([{_MONEY}])")
_UNIT_NAMES = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
_UNIT = re.compile(rf"({_NUMBER})\s?({_UNIT_NAMES})(?![A-Za-z0-9])")
_COUNTED = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3})*|\d+)\s?("
    + "|".join(
        f"{counter}(?!{others})" if others else counter
        for counter, others in sorted(COUNTERS.items(), key=lambda item: len(item[0]), reverse=True)
    )
    + ")"
)
_SINO_BEFORE = re.compile("(?:제|채널|버스|국도|지하철|문제|기호|등번호)\\s?$")
_SINO_BEHIND = re.compile("\\s?(?:출구|문제|버스|선수|타자|국도|채널|홈|창구|게이트|교향곡|국도|방송)")
_SIGNED = re.compile(rf"(?<![\d가-힣A-Za-z)])-(?={_NUMBER})")
_CALCULATION = re.compile(r"(?<=\d)\s?([-+×÷x])\s?(?=\d)")
_CALCULATION_WORDS = {"+": " 더하기 ", "-": " 빼기 ", "×": " 곱하기 ", "x": " 곱하기 ", "÷": " 나누기 "}
_WEB = re.compile(r"(?:https?://)(?:www\.)?([A-Za-z0-9-]+(?:\.[A-Za-z]{2,})+)(?:/\S*)?|\bwww\.(?=[A-Za-z0-9])")
_DOMAINS = {"com": " 닷컴", "net": " 닷넷", "org": " 닷 오알지", r"co\.kr": " 닷 씨오 닷 케이알", "kr": " 닷 케이알"}
_LEADING_ZEROS = re.compile(r"(?<![\d.,])0\d+(?![\d,]*\.\d)")
_DECIMAL = re.compile(r"(\d+(?:,\d{3})*)\.(\d+)")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+")
_SIGN_WORDS = {
    "%": " 퍼센트 ", "&": " 앤드 ", "@": " 골뱅이 ", "+": " 플러스 ", "=": "는 ", "#": " 샵 ", "×": " 곱하기 ",
    "÷": " 나누기 ", "°": "도 ", "/": " ", ":": ",", "~": " ", "₩": " 원 ", "$": " 달러 ", "€": " 유로 ",
    "£": " 파운드 ", "¥": " 엔 ",
}  # fmt: skip
_MONTHS = {6: "유월", 10: "시월"}
_LONGEST_NUMBER = 24


class Normaliser:
    """Writes a Korean text as it is spoken; what is left is Hangul, spaces and ``! ? … , . ' -``."""

    def __init__(self, latin: LatinReader) -> None:
        self._latin = latin

    def normalise(self, text: str) -> str:
        """Return the text in Hangul.

        Raises:
            TextError: if a character cannot be read (with its position) or nothing is left to be spoken.
        """
        text = unicodedata.normalize("NFC", text)
        check_readable(text)
        plain = to_plain(text)
        plain = _WEB.sub(lambda match: match.group(1) or "", plain)
        for ending, spoken in _DOMAINS.items():
            plain = re.sub(rf"\.{ending}(?![A-Za-z])", spoken, plain)
        plain = _calendar(plain)
        plain = _quantities(plain)
        plain = self._latin.read(plain)
        plain = _bare_numbers(plain)
        for sign, word in _SIGN_WORDS.items():
            plain = plain.replace(f" {sign}" if word == "는 " else sign, word).replace(sign, word)
        spoken = _tidy(plain)
        if not any("가" <= char <= "힣" for char in spoken):
            raise TextError(
                f"text {text[:60]!r} holds nothing that can be spoken",
                wanted="at least one word in Hangul, Latin letters or digits",
            )
        return spoken


def _calendar(text: str) -> str:
    text = _DATE.sub(_date, text)
    text = _PHONE.sub(_phone, text)
    text = _PLAIN_PHONE.sub(lambda match: " ".join(digits(part) for part in match.groups()), text)
    text = _TIME.sub(_time, text)
    text = re.sub(r"(?<!\d)(1[0-2]|0?[1-9])\s?월(?!\d)", lambda match: _month(int(match.group(1))), text)
    return _SCORE.sub(lambda match: " 대 ".join(sino(int(part)) for part in match.groups()), text)


def _quantities(text: str) -> str:
    text = _RANGE.sub(_range, text)
    text = _SIGNED.sub("마이너스 ", text)
    text = _PRICE_BEFORE.sub(lambda match: f"{match.group(2)}{match.group(3)}{_money(match.group(1))}", text)
    text = _PRICE_BEHIND.sub(lambda match: f"{match.group(1)}{match.group(2)}{_money(match.group(3))}", text)
    text = _UNIT.sub(_unit, text)
    text = _FRACTION.sub(lambda match: f"{sino(int(match.group(2)))}분의 {sino(int(match.group(1)))}", text)
    text = _CALCULATION.sub(lambda match: _CALCULATION_WORDS[match.group(1)], text)
    return _COUNTED.sub(_counted, text)


def _bare_numbers(text: str) -> str:
    text = _LEADING_ZEROS.sub(lambda match: digits(match.group()), text)
    text = _DECIMAL.sub(lambda match: decimal(match.group(1).replace(",", ""), match.group(2)), text)
    return _WHOLE.sub(lambda match: _whole(match.group()), text)


def _whole(number: str) -> str:
    plain = number.replace(",", "")
    return sino(int(plain)) if len(plain) <= _LONGEST_NUMBER else digits(plain)


def _date(match: re.Match[str]) -> str:
    year, month, day = int(match.group(1)), int(match.group(3)), int(match.group(4))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match.group()
    return f"{sino(year)}년 {_month(month)} {sino(day)}일"


def _month(month: int) -> str:
    return _MONTHS.get(month, f"{sino(month)}월")


def _time(match: re.Match[str]) -> str:
    hour, minute, second = int(match.group(1)), int(match.group(2)), match.group(3)
    if hour > 24:
        return match.group()
    parts = [f"{native(hour)} 시" if 1 <= hour <= 12 else f"{sino(hour)}시"]
    if minute:
        parts.append(f"{sino(minute)}분")
    if second and int(second):
        parts.append(f"{sino(int(second))}초")
    return " ".join(parts)


def _phone(match: re.Match[str]) -> str:
    parts = [part for part in match.groups() if part]
    if parts[0].startswith("+"):
        parts = ["82", *parts[1:]]
        return "플러스 " + " ".join(digits(part) for part in parts)
    return " ".join(digits(part) for part in parts)


def _range(match: re.Match[str]) -> str:
    low, high, unit = match.groups()
    return f"{low}{_unit_head(unit)}에서 {high}{unit}"


def _unit_head(unit: str) -> str:
    """Return the unit without the particle that may follow it: 개를 -> 개."""
    for counter in sorted(COUNTERS, key=len, reverse=True):
        if unit.startswith(counter):
            return counter
    for ending in (
        "퍼센트",
        "년",
        "월",
        "일",
        "분",
        "초",
        "원",
        "명",
        "도",
        "세",
        "층",
        "호",
        "쪽",
        "회",
        "점",
        "주",
        "인분",
    ):
        head = re.match(f"(?:{_BIG})*{ending}", unit)
        if head:
            return head.group()
    return unit if not re.match("[가-힣]", unit) else ""


def _money(sign: str) -> str:
    word = MONEY[sign]
    return word if word == "원" else f" {word}"


def _unit(match: re.Match[str]) -> str:
    number, name = match.groups()
    before = "시속 " if name == "km/h" else "초속 " if name == "m/s" else ""
    joined = "" if UNITS[name] in ("도", "초") else " "
    return f"{before}{number}{joined}{UNITS[name]}"


def _counted(match: re.Match[str]) -> str:
    number, counter = int(match.group(1).replace(",", "")), match.group(2)
    before, behind = match.string[: match.start()], match.string[match.end() :]
    ordinal = counter == "번" and (_SINO_BEFORE.search(before) or _SINO_BEHIND.match(behind))
    decade = counter == "대" and number % 10 == 0
    late = (counter == "시" and number > 12) or (counter == "시간" and number > 20)
    if number == 0 or number > 99 or ordinal or decade or late or _SINO_BEFORE.search(before):
        return f"{_whole(match.group(1))}{counter if counter in ('시', '대', '번') else ' ' + counter}"
    if counter == "번째":
        return "첫 번째" if number == 1 else f"{native(number)} 번째"
    return f"{native(number)} {counter}"


def _tidy(text: str) -> str:
    text = re.sub(r"\.{2,}|…+", "…", text)
    # a dash between words is a pause; inside a word it joins
    text = re.sub(r"(?<=[가-힣])-(?=[가-힣])", " ", text)
    text = re.sub(r"\s*-+\s*", ", ", text)
    text = re.sub(r"[^가-힣\s!?…,.']", " ", text)
    text = re.sub(r"'", "", text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s+([!?…,.])", r"\1", text)
    text = re.sub(r",+(?=[!?….])|(?<=[!?….]),+", "", text)
    text = re.sub(r"([!?…,.])\1+", r"\1", text)
    text = re.sub(r"([!?…,.])(?=[가-힣])", r"\1 ", text)
    return text.lstrip(" ,.!?").rstrip(" ,")
