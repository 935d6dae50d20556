"""Numbers in Japanese texts with what stands around them: dates, times, money, units, counters, telephones."""

from __future__ import annotations

import re

from emotts.text.japanese.numbers import decimal, digits, kana, kanji, minutes
from emotts.text.japanese.units import MONEY, UNITS
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
_DATE = re.compile(r"(?<![\d.])(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?![\d])")
_MONTH_DAY = re.compile(r"(?<![\d./])(\d{1,2})/(\d{1,2})(?=\s?(?:,[月火水木金土日],|まで|から|締|に))")
_WEEKDAY = re.compile(r"(?<=日)\s?,([月火水木金土日])(?:・祝)?,")
_WEEKDAYS = re.compile(r"(?<![一-鿿])([月火水木金土])\s?[~-]\s?([火水木金土日])(?![一-鿿])")
_CLOCK = r"([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?"
_TIME = re.compile(rf"(?<![\d:])(?:([AaPp])\.?[Mm]\.?\s?)?{_CLOCK}(?![\d:])(?:\s?([AaPp])\.?[Mm](?![A-Za-z])\.?)?")
_PHONE = re.compile(
    r"(?<![\d-])(?:\+81[- ]?)?(\d{1,4})(?:-(\d{1,4})-|,(\d{1,4}),)(\d{3,4})(?![\d-])"
    r"|(?<!\d)(0[5789]0)[ .]?(\d{4})[ .]?(\d{4})(?!\d)"
)
_ORDINALS = {"1": "ファースト", "2": "セカンド", "3": "サード"}
_POSTAL = re.compile(r"〒\s?(\d{3})-?(\d{4})")
_WINS = re.compile(
    r"(?<![\d-])(\d{1,3})\s?-\s?(\d{1,3})(?=\s?(?:で|の)?\s?(?:勝|負|敗|引き分|完封|逆転|快勝|辛勝|大勝))"
)
_SPAN = re.compile(
    r"(?<![\d-])(\d++)\s?-\s?(\d++)(?=\s?(?:分|時|日|月|年|人|個|回|歳|才|円|%|度|名|枚|本|週|ヶ|か|カ|万|千))"
)
_HYPHENS = re.compile(r"(?<=\d)-(?=\d)")
_RANGE = re.compile(r"(?<=[\d一-鿿%a-zA-Z])\s?~\s?(?=[\d一-鿿ァ-ヶ¥$€£])")
_PRICE_BEFORE = re.compile(rf"(US|米)?([{_MONEY}])\s?({NUMBER})(?:([kKMB]|bn)(?![A-Za-z])|((?:{_BIG})*))")
_PRICE_BEHIND = re.compile(rf"{BEGINS}({NUMBER}(?:{_BIG})*+)\s?([{_MONEY}])")
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
_ODD_COUNTS = {
    "0時": "レージ", "1歩": "イッポ", "4位": "ヨンイ", "8頭": "ハットー", "9頭": "キュートー",
    "4足": "ヨンソク", "7社": "ナナシャ", "10軒": "ジュッケン", "7軒": "ナナケン", "4戸": "ヨンコ",
    "8戸": "ハチコ", "8巻": "ハチカン", "7曲": "ナナキョク", "9品": "キューヒン", "3品": "サンピン",
    "3膳": "サンゼン", "100名": "ヒャクメー", "100足": "ヒャクソク", "3つ目": "ミッツメ", "110番": "ヒャクトーバン",
}  # fmt: skip
"""Numbers and counters that the dictionary reads as other words: 一歩 as a name, 八頭 as a plant."""
_ODD = re.compile(rf"{BEGINS}(?:{any_of(_ODD_COUNTS)})")
_LONGEST_NUMBER = 16


def read_quantities(text: str) -> str:
    """Write numbers with a date, a unit or another sign around them so that they are read right; bare ones stay."""
    text = _signs_between(_calendar(text))
    text = _SIGNED.sub("マイナス", text)
    text = _PRICE_BEFORE.sub(_price, text)
    text = _PRICE_BEHIND.sub(lambda match: match.group(1) + MONEY[match.group(2)], text)
    text = _FAHRENHEIT.sub(r"華氏\1度", _SPEED.sub(r"時速\1キロメートル", text))
    text = _UNIT.sub(lambda match: match.group(1) + UNITS[match.group(2)], text)
    text = _POWER.sub(_power, text)
    text = FRACTION.sub(r"\2ぶんの\1", text)
    text = re.sub(r"(?<=\d)分の(?=\d)", "ぶんの", text)
    text = COMPARED.sub(lambda match: "大なり" if match.group(1) == ">" else "小なり", text)
    text = CALCULATION.sub(_calculated, text)
    text = _ODD.sub(lambda match: _ODD_COUNTS[match.group()], re.sub("[<>*]", " ", text))
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


def _calendar(text: str) -> str:
    text = _DATE.sub(_date, text)
    text = _MONTH_DAY.sub(r"\1月\2日", text)
    text = re.sub(r"(?<=曜日),(?=[ぁ-ん])|(?<=曜日),?\s?(?=~)", "", _WEEKDAY.sub(r"\1曜日,", text))
    text = re.sub(r"(?<=\d時)\s?00\s?分", "", _WEEKDAYS.sub(r"\1曜から\2曜", text))
    text = _POSTAL.sub(lambda match: f"郵便番号{digits(match.group(1))}ノ{digits(match.group(2))}", text)
    text = ORDINAL.sub(lambda match: _ORDINALS.get(match.group(1), f"{match.group(1)}番目"), _PHONE.sub(_phone, text))
    text = _TIME.sub(_time, text)
    return SCORE.sub(_against, text)


def _signs_between(text: str) -> str:
    """Read the sign between two numbers: a score, a sum, a span, or the hyphen of a house number."""
    text = EQUATION.sub(lambda match: CALCULATION.sub(_calculated, match.group()), _WINS.sub(_against, text))
    text = _SPAN.sub(r"\1から\2", text)
    text = re.sub(r"(?<=\d) - (?=\d)", "ヒク", text)
    text = _HYPHENS.sub("ノ", text)
    text = re.sub(r"(?<=\d)対(?=\d)", "タイ", text)
    return re.sub(r"(?<=\d)・(?=\d)", ",", _RANGE.sub("から", text))


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


def _date(match: re.Match[str]) -> str:
    year, month, day = int(match.group(1)), int(match.group(3)), int(match.group(4))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match.group()
    return f"{year}年{month}月{day}日"


def _time(match: re.Match[str]) -> str:
    before, hour, minute, second, behind = match.groups()
    half = (before or behind or "").lower()
    parts = [{"a": "午前", "p": "午後"}.get(half, ""), f"{int(hour)}時"]
    if int(minute):
        parts.append(f"{int(minute)}分")
    if second and int(second):
        parts.append(f"{int(second)}秒")
    return "".join(parts)


def _phone(match: re.Match[str]) -> str:
    parts = [part for part in match.groups() if part]
    begins = match.group().startswith("+81")
    if not begins and not parts[0].startswith("0") and len("".join(parts)) < 9:
        return match.group()
    spoken = "ノ".join(digits(part) for part in parts)
    return f"プラスハチイチノ{spoken}" if begins else spoken
