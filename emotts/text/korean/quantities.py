"""Numbers in Korean texts with what stands around them: dates, times, ranges, money, units, counters, telephones."""

from __future__ import annotations

import re

from emotts.text.korean.calendar import read_calendar
from emotts.text.korean.counters import COUNTER, read_counters
from emotts.text.korean.numbers import decimal, digits, fitting, sino, whole
from emotts.text.korean.telephones import read_telephones
from emotts.text.korean.units import CODES, MONEY, UNITS
from emotts.text.patterns import (
    BEGINS,
    CALCULATION,
    COMPARED,
    EQUATION,
    FRACTION,
    NUMBER,
    POWER,
    SCORE,
    any_of,
    any_sign_of,
    plain_number,
    read_numbers,
    unit_pattern,
    whole_amount,
)

__all__ = ["read_bare_numbers", "read_quantities"]

_MONEY = any_sign_of(MONEY)
_BIG = "천만|백만|십만|만|천|억|조"
_VERSUS = re.compile(r"(?<![\d.])(\d{1,3})\s?대\s?(\d{1,3})(?![\d개명살세위년월일분초])")
_WINS = re.compile(
    r"(?<![\d-])(\d{1,3})\s?-\s?(\d{1,3})(?=(?:으?로)?\s?(?:이[겼기긴]|[졌지진]|승|패|완승|완패|비[겼기긴]|무승부|역전|앞))"
)
_CALCULATION_WORDS = {
    **dict.fromkeys("×x*", " 곱하기 "),
    **dict.fromkeys("-–", " 빼기 "),
    "+": " 더하기 ",
    "÷": " 나누기 ",
    "=": "=",
}
_SPACED_MINUS = re.compile(r"(?<=\d) - (?=\d)")
_OFFER = re.compile(r"(?<!\d)([1-3])\+1(?=\s?(?:행사|상품|이벤트|할인|세일|으로 (?:샀|구매)))")
_RANGE = re.compile(rf"{BEGINS}({NUMBER})\s?[~–-]\s?({NUMBER})\s?((?:{_BIG})*+(?:[가-힣]++|%p?|°C?|[A-Za-z]++)?+)")
_PRICES = re.compile(rf"([{_MONEY}])({NUMBER}(?:{_BIG})*)\s?[~–-]\s?\1?({NUMBER}(?:{_BIG})*)")
_AFTER_UNIT = re.compile(rf"(?<=[%만천억원개명살도A-Za-z])\s?[~–]\s?(?=[{_MONEY}]?\d)")
_HYPHENS = re.compile(r"(?<=\d)[-–](?=\d)")
_PRICE_BEFORE = re.compile(rf"(?:(US|미화)\s?)?([{_MONEY}])\s?({NUMBER})(?:([kKMB]|bn)(?![A-Za-z])|((?:{_BIG})*))")
_CODED = re.compile(rf"(?<![A-Za-z\d만천억])((?i:{any_of(CODES)}))\s?({NUMBER})((?:{_BIG})*)(?!\d)")
_CODED_BEHIND = re.compile(
    rf"{BEGINS}({NUMBER})((?:{_BIG})*+)\s?((?i:{any_of(CODES)}))(?![A-Za-z])(?:(이|가|은|는|을|를|과|와)(?![가-힣]))?"
)
_PRICE_BEHIND = re.compile(rf"{BEGINS}({NUMBER})((?:{_BIG})*+)\s?([{_MONEY}])")
_ANY_CASE = {name.lower(): name for name in reversed(list(UNITS)) if len(name) > 1}
_UNIT = unit_pattern(UNITS)
_TIMES = {"s": "초당", "sec": "초당", "min": "분당", "h": "시간당", "hr": "시간당", "day": "하루", "d": "하루"}
_SPANS = {"초": "초당", "분": "분당", "시간": "시간당", "일": "하루", "주": "주", "월": "월", "년": "연"}
_RATE = re.compile(
    rf"{BEGINS}({NUMBER}\s?)(원|달러|{any_of(UNITS)}|(?i:{any_of(_ANY_CASE)}))"
    rf"/({any_of((*_TIMES, *UNITS))}|(?i:{any_of(_ANY_CASE)}))(?![A-Za-z0-9^])"
)
_COUNTS_PER = re.compile(rf"{BEGINS}({NUMBER}\s?(?:회|번|개|명|건|원|잔|알|정))/({any_of(_SPANS)})(?![가-힣])")
_PER = re.compile(
    rf"(?<![A-Za-z\d.])({any_of(name for name in UNITS if name[0].isalpha() and '/' not in name)})(?=당(?![가-힣]))"
)
_ONE = re.compile(r"(?<![\d.,])1(?=[만천백](?![가-힣]*명절))")
_FRACTION = re.compile(FRACTION.pattern + r"(?:(이|가|은|는|을|를|과|와)(?![가-힣]))?")
_UNIT_HEADS = (
    "퍼센트", "페이지", "미터", "주년", "개월", "인분", "년", "월", "일", "분", "초", "원", "명", "도", "세", "층",
    "호",
    "쪽", "회", "점", "주", "위", "등", "배", "인",
)  # fmt: skip


def read_quantities(text: str) -> str:
    """Write numbers with a date, a unit, a counter or another sign around them in Hangul; bare ones stay."""
    text = SCORE.sub(_against, read_calendar(read_telephones(text)))
    text = _ONE.sub("", _signs_between(text))
    text = re.sub(rf"(?<![\d가-힣A-Za-z)^])-(?={NUMBER})", "마이너스 ", text)
    text = _PRICE_BEFORE.sub(_price, text)
    text = _CODED.sub(lambda match: f"{match.group(2)}{match.group(3)}{_coded(match.group(1))}", text)
    text = _CODED_BEHIND.sub(_coded_behind, text)
    text = _PRICE_BEHIND.sub(lambda match: f"{match.group(1)}{match.group(2)}{_money(match.group(3))}", text)
    text = _COUNTS_PER.sub(lambda match: f"{_SPANS[match.group(2)]} {match.group(1)}", text)
    text = _UNIT.sub(_unit, _PER.sub(lambda match: UNITS[match.group(1)], _RATE.sub(_rate, text)))
    text = POWER.sub(_power, text)
    text = re.sub(r"(?<![\d/])([1-4])/4(?=\s?분기)", lambda match: f"{sino(int(match.group(1)))}사", text)
    text = _FRACTION.sub(_fraction, text)
    text = COMPARED.sub(lambda match: " 크다 " if match.group(1) == ">" else " 작다 ", text)
    text = CALCULATION.sub(_calculated, text)
    return read_counters(re.sub("[<>*]", " ", text))


def read_bare_numbers(text: str) -> str:
    """Write the numbers that are left in Hangul."""
    return read_numbers(
        text,
        digits=digits,
        decimal=decimal,
        whole=lambda match: whole(match.group()),
        version=lambda parts: " 점 ".join(map(whole, parts)),
    )


def _signs_between(text: str) -> str:
    """Read the sign between two numbers: a score, a sum, a range, or the hyphen of a house number."""
    text = _VERSUS.sub(_against, _WINS.sub(_against, text))
    text = _OFFER.sub(lambda match: f"{('원', '투', '쓰리')[int(match.group(1)) - 1]} 플러스 원", text)
    text = EQUATION.sub(lambda match: CALCULATION.sub(_calculated, match.group()), text)
    text = _SPACED_MINUS.sub(" 빼기 ", text)
    text = _PRICES.sub(r"\1\2에서 \1\3", text)
    return _HYPHENS.sub(" 다시 ", _AFTER_UNIT.sub("에서 ", _RANGE.sub(_range, text)))


def _against(match: re.Match[str]) -> str:
    return " 대 ".join(sino(int(part)) for part in match.groups())


def _calculated(match: re.Match[str]) -> str:
    return _CALCULATION_WORDS[match.group(1)]


def _range(match: re.Match[str]) -> str:
    low, high, unit = match.groups()
    rising = float(plain_number(low)) < float(plain_number(high))
    house = match.string[: match.start()].endswith("제") or unit.startswith(("호", "동", "번지", "길"))
    if "~" not in match.group() and (house or not (rising and unit)):
        return match.group()
    return f"{low}{_unit_head(unit)}에서 {high}{unit}"


def _unit_head(unit: str) -> str:
    """Return the unit without the particle that may follow it: 개를 -> 개."""
    head = re.match(f"(?:{_BIG})*(?:{'|'.join(_UNIT_HEADS)})|{COUNTER}|(?:{_BIG})+", unit)
    if head:
        return head.group()
    return unit if not re.match("[가-힣]", unit) else ""


def _price(match: re.Match[str]) -> str:
    american, sign, amount, short, big = match.groups()
    number = whole_amount(amount, short) if short else f"{amount}{big}"
    return f"{number}{' 미국' if american else ''}{_money(sign)}"


def _coded(code: str) -> str:
    word = CODES[code.upper()]
    return word if word == "원" else f" {word}"


def _coded_behind(match: re.Match[str]) -> str:
    """Read a code behind its amount; a particle behind it is made to fit."""
    number, big, code, particle = match.groups()
    return f"{number}{big}{_coded(code)}" + (fitting(particle, CODES[code.upper()]) if particle else "")


def _fraction(match: re.Match[str]) -> str:
    """Read a fraction, and the particle behind it so that it fits: 2/5이 is 오분의 이가."""
    top, bottom, particle = match.groups()
    spoken = f"{sino(int(bottom))}분의 {sino(int(top))}"
    return spoken + (fitting(particle, spoken) if particle else "")


def _money(sign: str) -> str:
    word = MONEY[sign]
    return word if word == "원" else f" {word}"


def _unit(match: re.Match[str]) -> str:
    number, name = match.groups()
    word = UNITS.get(name) or UNITS[_ANY_CASE[name.lower()]]
    before = {"km/h": "시속 ", "m/s": "초속 ", "°F": "화씨 "}.get(name, "")
    joined = "" if word in ("도", "초") else " "
    return f"{before}{number}{joined}{word}"


def _rate(match: re.Match[str]) -> str:
    """Read a unit for every other one: 30MB/s is 초당 삼십 메가바이트, 300원/kg 킬로그램당 삼백원."""
    number, name, per = match.groups()
    if f"{name}/{per}" in UNITS:
        return match.group()
    if per in _TIMES:
        span = _TIMES[per].replace("당", "속") if name in ("km", "m", "cm", "mm") else _TIMES[per]
        return f"{span.replace('시간속', '시속')} {number}{name}"
    word = UNITS.get(per) or UNITS[_ANY_CASE[per.lower()]]
    return f"{word}당 {number}{name}" if name in ("원", "달러") else f"{number}{name} 퍼 {word}"


def _power(match: re.Match[str]) -> str:
    minus, power = match.groups()
    if not minus and power in ("2", "3"):
        return " 제곱 " if power == "2" else " 세제곱 "
    return f"의 {'마이너스 ' if minus else ''}{sino(int(power))}제곱 "
