"""Numbers in Japanese texts with what stands around them: dates, times, money, units, counters, telephones."""

from __future__ import annotations

import re

from emotts.text.japanese.calendar import read_calendar
from emotts.text.japanese.counters import read_counters
from emotts.text.japanese.numbers import decimal, digits, kana, kanji, minutes
from emotts.text.japanese.telephones import read_telephones
from emotts.text.japanese.units import CODES, MONEY, PER, UNITS
from emotts.text.patterns import (
    BEGINS,
    CALCULATION,
    COMPARED,
    EQUATION,
    FRACTION,
    NUMBER,
    ORDINAL,
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
_BIG = "千万|百万|十万|万|千|億|兆"
_ORDINALS = {"1": "ファースト", "2": "セカンド", "3": "サード"}
_WINS = re.compile(
    r"(?<![\d-])(\d{1,3})\s?-\s?(\d{1,3})(?=\s?(?:で|の)?\s?(?:勝|負|敗|引き分|完封|逆転|快勝|辛勝|大勝))"
)
_SPAN = re.compile(
    r"(?<![\d-])(\d++)\s?-\s?(\d++)(?=\s?(?:分|時|日|月|年|人|個|回|歳|才|円|%|度|名|枚|本|週|ヶ|か|カ|万|千|階|段|匹|冊|問|曲|話|章|巻|点|号|倍|割|キロ|メートル|センチ|ミリ|グラム|トン|ページ|ポイント|平方|kg|km|cm|mm|ml|g|m))"
)
_FEW = re.compile(r"(?<![\d./-])(\d{1,2})\s?[-~]\s?(\d{1,2})([人日つ])(?![数本目一-鿿])")
_HYPHENS = re.compile(r"(?<=\d)-(?=\d)")
_RANGE = re.compile(r"(?<=[\d一-鿿%a-zA-Z])\s?~\s?(?=[\dA-Z一-鿿ァ-ヶ¥$€£])")
_PRICE_BEFORE = re.compile(rf"(US|米)?([{_MONEY}])\s?({NUMBER})(?:([kKMB]|bn)(?![A-Za-z])|((?:{_BIG})*))")
_PRICE_BEHIND = re.compile(rf"{BEGINS}({NUMBER}(?:{_BIG})*+)\s?([{_MONEY}])")
_CODED = re.compile(rf"(?<![A-Za-z\d])((?i:{any_of(CODES)}))\s?({NUMBER})((?:{_BIG})*)")
_CODED_BEHIND = re.compile(rf"{BEGINS}({NUMBER})((?:{_BIG})*+)\s?((?i:{any_of(CODES)}))(?![A-Za-z])")
_ANY_CASE = {name.lower(): name for name in reversed(list(UNITS)) if len(name) > 1}
_RATE = re.compile(
    rf"{BEGINS}({NUMBER})\s?({any_of(UNITS)}|(?i:{any_of(_ANY_CASE)}))"
    rf"/({any_of((*PER, *UNITS))}|(?i:{any_of(_ANY_CASE)}))(?![A-Za-z0-9^])"
)
_PRICE_PER = re.compile(rf"{BEGINS}({NUMBER}(?:{_BIG})*円)/({any_of(UNITS)})(?![A-Za-z0-9])")
_EACH = re.compile(rf"(?<![A-Za-z\d.])({any_of(name for name in UNITS if name[0].isalpha())})(?=あたり|当たり|単価)")
_COUNTS_PER = re.compile(rf"{BEGINS}({NUMBER}(?:回|個|本|人|件|杯|錠|枚))/([分秒時日週月年])(?![一-鿿])")
_MIXED = re.compile(r"(?<![\d/.])(\d{1,3})\s(\d{1,2})/(\d{1,2})(?![\d/])")
_UNIT = unit_pattern(UNITS)
_SPEED = re.compile(rf"{BEGINS}({NUMBER})\s?km/h(?![A-Za-z])")
_FAHRENHEIT = re.compile(rf"{BEGINS}({NUMBER})\s?°F(?![A-Za-z])")
_SIGNED = re.compile(rf"(?<![\d一-鿿ァ-ヶA-Za-z)^])-(?={NUMBER})")
_CALCULATION_WORDS = {
    **dict.fromkeys("×x*", "カケル"),
    **dict.fromkeys("-–", "ヒク"),
    "+": "タス",
    "÷": "ワル",
    "=": "イコール",
}  # fmt: skip
_POWER = re.compile(r"(?<![A-Za-z])\^(-?)(\d{1,6})|\^(-?)(\d{1,6})")
_MINUTES = re.compile(r"(?<![\d.])(\d{1,4})\s?分(?![割類野離解担])")
_KANJI_MINUTES = re.compile(
    r"(?<=時)([二三四五]?十?[一二三四五六七八九十])分|(?<![一二三四五六七八九十分])([二五八九])分(?=間|後|前|待|ほど|くらい|ぐらい|以内|以上|おき|ごと|遅|かか|過ぎ|経)"
)
_KANJI_DIGITS = {char: number for number, char in enumerate("〇一二三四五六七八九")}
_SPANS = {"分": "マイフン", "秒": "マイビョー", "時": "マイジ", "日": "1日", "週": "週", "月": "月", "年": "年"}
_LONGEST_NUMBER = 16


def read_quantities(text: str) -> str:
    """Write numbers with a date, a unit or another sign around them so that they are read right; bare ones stay."""
    text = ORDINAL.sub(_ordinal, read_telephones(read_calendar(text)))
    text = _signs_between(SCORE.sub(_against, text))
    text = _SIGNED.sub("マイナス", text)
    text = _PRICE_BEFORE.sub(_price, text)
    text = _PRICE_BEHIND.sub(lambda match: match.group(1) + MONEY[match.group(2)], text)
    text = _CODED.sub(lambda match: f"{match.group(2)}{match.group(3)}{CODES[match.group(1).upper()]}", text)
    text = _CODED_BEHIND.sub(lambda match: f"{match.group(1)}{match.group(2)}{CODES[match.group(3).upper()]}", text)
    text = _FAHRENHEIT.sub(r"華氏\1度", _SPEED.sub(r"時速\1キロメートル", text))
    text = _PRICE_PER.sub(lambda match: f"{UNITS[match.group(2)]}あたり{match.group(1)}", text)
    text = _EACH.sub(lambda match: UNITS[match.group(1)], text)
    text = _COUNTS_PER.sub(lambda match: f"{_SPANS[match.group(2)]}{match.group(1)}", text)
    text = _UNIT.sub(_unit, _RATE.sub(_rate, text))
    text = _POWER.sub(_power, text)
    text = _MIXED.sub(r"\1と\3ぶんの\2", text)
    text = FRACTION.sub(r"\2ぶんの\1", re.sub(r"(?<=\d)\s/\s(?=\d)", "/", text))
    text = re.sub(r"(?<=\d)\s?分の\s?(?=[\d√])", "ぶんの", text)
    text = COMPARED.sub(lambda match: "大なり" if match.group(1) == ">" else "小なり", text)
    text = CALCULATION.sub(_calculated, text)
    text = read_counters(re.sub("[<>*]", " ", text))
    text = _KANJI_MINUTES.sub(lambda match: minutes(_small(match.group(1) or match.group(2))), text)
    return _MINUTES.sub(lambda match: minutes(int(match.group(1))), text)


def read_bare_numbers(text: str) -> str:
    """Write the numbers that are left in kanji or, where nothing follows, in katakana."""
    # GPT-4, COVID-19 and B2
    text = re.sub(r"(?<=[ァ-ヶー])-(?=\d)", "", text)
    return read_numbers(
        text,
        digits=digits,
        decimal=decimal,
        whole=_whole,
        version=lambda parts: "テン".join(map(_by_itself, parts)),
    )


def _signs_between(text: str) -> str:
    """Read the sign between two numbers: a score, a sum, a span, or the hyphen of a house number."""
    text = EQUATION.sub(lambda match: CALCULATION.sub(_calculated, match.group()), _WINS.sub(_against, text))
    text = _FEW.sub(r"\1\3から\2\3", text)
    text = _SPAN.sub(r"\1から\2", text)
    text = re.sub(r"(?<=\d) - (?=\d)", "ヒク", text)
    text = _HYPHENS.sub("ノ", text)
    text = re.sub(r"(?<=\d)対(?=\d)", "タイ", text)
    return re.sub(r"(?<=\d)・(?=\d)", ",", _RANGE.sub("から", text))


def _ordinal(match: re.Match[str]) -> str:
    return _ORDINALS.get(match.group(1), f"{match.group(1)}番目")


def _unit(match: re.Match[str]) -> str:
    number, name = match.groups()
    return number + _word(name)


def _word(name: str) -> str:
    """Return the word of a unit in any case."""
    return UNITS.get(name) or UNITS[_ANY_CASE[name.lower()]]


def _rate(match: re.Match[str]) -> str:
    """Read 30 MB/s: a unit for every other one."""
    number, name, per = match.groups()
    if name == "km" and per == "h":
        return match.group()
    return f"{number}{_word(name)}マイ{PER.get(per) or _word(per)}"


def _against(match: re.Match[str]) -> str:
    return f"{match.group(1)}タイ{match.group(2)}"


def _calculated(match: re.Match[str]) -> str:
    return _CALCULATION_WORDS[match.group(1)]


def _price(match: re.Match[str]) -> str:
    american, sign, amount, short, big = match.groups()
    number = whole_amount(amount, short) if short else f"{amount}{big}"
    return f"{number}{'アメリカ' if american else ''}{MONEY[sign]}"


def _power(match: re.Match[str]) -> str:
    """Read an exponent: 10の5乗, but x二乗."""
    minus, power = match.group(1, 2) if match.group(2) else match.group(3, 4)
    return f"{'の' if match.group(2) else ''}{'マイナス' if minus else ''}{power}乗"


def _whole(match: re.Match[str]) -> str:
    plain = plain_number(match.group())
    if len(plain) > _LONGEST_NUMBER:
        return digits(plain)
    number = int(plain)
    follows = match.string[match.end() : match.end() + 1]
    alone = not ("一" <= follows <= "鿿" or follows in ("つ", "か", "ヶ", "ケ", "カ", "ヵ", "ページ"))
    return kana(number) if number == 0 or (alone and number > 10) else kanji(number)


def _by_itself(number: str) -> str:
    return kana(int(number)) if len(number) <= _LONGEST_NUMBER else digits(number)


def _small(text: str) -> int:
    """Return the value of a kanji numeral below 60."""
    tens, ten, ones = text.rpartition("十")
    return (_KANJI_DIGITS.get(tens, 1) * 10 if ten else 0) + _KANJI_DIGITS.get(ones, 0)
