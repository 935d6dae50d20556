"""Numbers in English texts with what stands around them: dates, times, money, units, telephone numbers, years."""

from __future__ import annotations

import re

from emotts.text.english.numbers import cardinal, decade, decimal, digits, fraction, ordinal, year
from emotts.text.english.units import ABBREVIATIONS, MONEY, MONTHS, UNITS
from emotts.text.patterns import (
    BEGINS,
    CALCULATION,
    EQUATION,
    NUMBER,
    POWER,
    SCORE,
    any_of,
    any_sign_of,
    plain_number,
    read_numbers,
)

__all__ = ["read_quantities"]

_MONEY = any_sign_of(MONEY)
_BIG = "thousand|million|billion|trillion"
_SHORT_BIG = {"k": "thousand", "K": "thousand", "m": "million", "M": "million", "bn": "billion", "B": "billion"}
_MONTH_NAMES = "|".join((*MONTHS, *(f"{name[:3]}" for name in MONTHS), "Sept"))
_ISO_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])")
_SLASH_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_SLASH_DAY = re.compile(r"(?<![\d/])(1[0-2]|0?[1-9])/(1[379]|1[458]|2[1-9]|3[01])(?![\d/])|(?<![\d/])9/11(?![\d/])")
_LIKE_YEARS = re.compile(r"(?<![\d/])50/50(?![\d/])")
_MONTH_DAY = re.compile(rf"\b({_MONTH_NAMES})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(\d{{4}}))?(?![\d,:.]*\d)\b")
_DAY_MONTH = re.compile(
    rf"(?<![\d.,])(\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?({_MONTH_NAMES})\b\.?(?:,?\s(\d{{4}}))?(?!\d)"
)
_MONTH_YEAR = re.compile(rf"\b({'|'.join(MONTHS)}),?\s(\d{{4}})\b")
_TIME = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])(\s?(?:[AaPp]\s?[Mm])\b)?")
_HOUR = re.compile(r"(?<![\d:.,])(1[0-2]|[1-9])\s?([AaPp])\s?[Mm]\b")
_PHONE = re.compile(
    r"(?<![\d.-])(?:\+?(\d{1,2})[ .-])?(?:[(,](\d{3})[),]\s?|(\d{3})-)(\d{3,4})-(\d{4})(?![\d-])"
    r"|(?<![\d.-])(?:\+(\d{1,2})[ .])?(\d{3})([ .])(\d{3})\8(\d{4})(?![\d.]*\d)"
)
_EMERGENCY = re.compile(r"(?<=[Cc]all )(?:911|999|112|119)\b|(?<=[Dd]ial )(?:911|999|112|119)\b")
_PRICE = re.compile(rf"(?<![A-Z])(US|)([{_MONEY}])\s?({NUMBER})(?:\s?({_BIG})\b|(k|K|m|M|bn|B)\b)?")
_PRICE_BEHIND = re.compile(rf"{BEGINS}({NUMBER})\s?([{_MONEY}])")
_UNIT = re.compile(rf"{BEGINS}({NUMBER})(\s?)({any_of(UNITS)})(?![A-Za-z0-9/'])\.?(?=\s|$|[^\w.]|\.$)")
_HEIGHT = re.compile(r"(?<![\d.])(\d)'(\d{1,2})(?![\d\w])")
_FRACTION = re.compile(r"(?:(?<![\d.,])(\d{1,9})\s+)?(?<![\d/])(\d{1,3})/(\d{1,3})(?![\d/])")
_RANGE = re.compile(r"(?<=\d)\s?[-–]\s?(?=[\d$€£])|(?<=[\d%°$€£])\s?[-–]\s?(?=\d)")
_PRICES = re.compile(rf"([{_MONEY}])({NUMBER})\s?[-–]\s?\1?(?={NUMBER})")
_INCHES = re.compile(r"(?<=\d)(?:\s?in\.(?!\w)|(?<=(?:ft|et) \d)\s?in\b|\s?in(?=\s*(?:$|[,;)])))|(?<=\d)\s?\"(?=\s|$)")
_COMPARED = re.compile(r"([<>~])\s?(?=[\d$€£-])")
_COMPARISONS = {"<": " less than ", ">": " greater than ", "~": " about "}
_LINES = re.compile(r"(?<!\d)(\d{1,2})(\d\d)(?=p\b)")
_SIGNED = re.compile(rf"(?<![\w)%°^])[-–](?={NUMBER})")
_SUM = re.compile(r"(?<=\d)\s?([+×x÷=*])\s?(?=\d)")
_CALCULATION_WORDS = {"+": " plus ", "-": " minus ", "–": " minus ", "×": " times ", "x": " times ", "*": " times ",
                      "÷": " divided by ", "=": " equals "}  # fmt: skip
_ORDINAL = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})++|\d++)(?:st|nd|rd|th)\b")
_DECADE = re.compile(r"(?<![\d.,])'?((?:1[1-9]|20)\d0|[2-9]0)'?s\b")
_SHORT_YEAR = re.compile(r"(?<!\w)'(\d\d)\b")
_YEAR = re.compile(
    r"(?P<before>\b(?:in|since|by|from|until|till|before|after|of|year|during|circa|early|late|mid|summer|winter|spring|fall|and|to|through)\s)"
    r"(?P<year>1[1-9]\d\d|20\d\d|(?<=[Ii]n )10[1-9]\d)(?![\d,]*\d|\.\d|\s?%)(?=$|[^\w]|\s)",
    re.IGNORECASE,
)
_LONE_YEAR = re.compile(
    r"(?<![\d.,$€£¥₩-])(1[1-9]\d\d|20[1-9]\d)(?=\s*(?:$|[,.!?;:)](?!\d)|was\b|is\b|saw\b|will\b|and\b|or\b|to\b))"
)
_NUMBERED = re.compile(r"#\s?(?=\d)|№\s?(?=\d)")
_LONGEST_NUMBER = 21
_MIXED = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")


def read_quantities(text: str) -> str:
    """Write every number of a text in words."""
    text = _calendar(text)
    text = _PHONE.sub(_phone, text)
    text = _EMERGENCY.sub(lambda match: digits(match.group()), _LIKE_YEARS.sub("fifty fifty", text))
    text = _clock(text)
    text = _PRICES.sub(r"\1\2 to \1", text)
    text = _PRICE.sub(_price, text)
    text = _PRICE_BEHIND.sub(lambda match: _amount(match.group(1), match.group(2)), text)
    text = _amounts(text)
    text = _MIXED.sub(" ", text)
    return read_numbers(
        text,
        digits=lambda number: f" {digits(number)} ",
        decimal=decimal,
        whole=lambda match: _whole(match.group()),
        version=lambda parts: " point ".join(map(_whole, parts)),
    )


def _calendar(text: str) -> str:
    text = _ISO_DATE.sub(lambda match: _date(match, month=2, day=3, year_at=1), text)
    text = _SLASH_DATE.sub(_slash_date, text)
    text = _SLASH_DAY.sub(_slash_day, text)
    text = _MONTH_DAY.sub(
        lambda match: _month_day(match.group(1), int(match.group(2)), match.group(3)) or match.group(), text
    )
    text = _DAY_MONTH.sub(
        lambda match: _month_day(match.group(2), int(match.group(1)), match.group(3)) or match.group(), text
    )
    text = _MONTH_YEAR.sub(lambda match: f"{match.group(1)} {year(int(match.group(2)))}", text)
    text = _DECADE.sub(lambda match: decade(int(match.group(1))), text)
    text = _SHORT_YEAR.sub(
        lambda match: digits(match.group(1), zero="oh") if match.group(1)[0] == "0" else cardinal(int(match.group(1))),
        text,
    )
    text = re.sub(
        r"(?<![\d$€£¥₩.,-])(1[1-9]\d\d|20\d\d)\s?[-–]\s?(1[1-9]\d\d|20\d\d|\d\d)(?![\d-])\b",
        lambda match: f"{year(int(match.group(1)))} to {year(int(match.group(2)))}",
        text,
    )
    text = _YEAR.sub(lambda match: f"{match.group('before')}{year(int(match.group('year')))}", text)
    return _LONE_YEAR.sub(lambda match: year(int(match.group(1))), text)


def _slash_date(match: re.Match[str]) -> str:
    """Read 12/25/2024 and, where only that is a date, 25/12/2024."""
    first, second = (1, 2) if int(match.group(1)) <= 12 else (2, 1)
    return _date(match, month=first, day=second, year_at=3)


def _slash_day(match: re.Match[str]) -> str:
    if not match.group(1):
        return "nine eleven"
    return f"{MONTHS[int(match.group(1)) - 1]} {ordinal(int(match.group(2)))}"


def _date(match: re.Match[str], *, month: int, day: int, year_at: int) -> str:
    if not 1 <= int(match.group(month)) <= 12:
        return match.group()
    spoken = _month_day(MONTHS[int(match.group(month)) - 1], int(match.group(day)), match.group(year_at))
    return spoken or match.group()


def _month_day(month: str, day: int, in_year: str | None) -> str | None:
    if not 1 <= day <= 31:
        return None
    name = ABBREVIATIONS.get(month, month)
    return f"{name} {ordinal(day)}" + (f", {year(int(in_year))}" if in_year else "")


def _phone(match: re.Match[str]) -> str:
    parts = [part for part in match.groups() if part and part.isdigit()]
    begins = "plus " if match.group().startswith("+") else ""
    return begins + ", ".join(digits(part, zero="oh") for part in parts)


def _clock(text: str) -> str:
    text = _TIME.sub(_time, re.sub(r"(?:(?<=:\d\d)|(?<=[AaPp][Mm]))\s?[-–]\s?(?=\d)", " to ", text))
    return _HOUR.sub(lambda match: f"{cardinal(int(match.group(1)))} {match.group(2).upper()} M", text)


def _time(match: re.Match[str]) -> str:
    hour, minute, second, half = int(match.group(1)), int(match.group(2)), match.group(3), match.group(4)
    spoken = cardinal(hour)
    if minute:
        spoken += f" {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    elif not half and not second:
        spoken += " o'clock" if hour <= 12 else " hundred"
    if second and int(second):
        spoken += f" and {cardinal(int(second))} second{'' if int(second) == 1 else 's'}"
    return spoken + (f" {half.strip()[0].upper()} M" if half else "")


def _price(match: re.Match[str]) -> str:
    american, sign, amount, big, short = match.groups()
    many = big or (_SHORT_BIG[short] if short else "")
    spoken = f"{_number(amount)} {many} {MONEY[sign][1]}" if many else _amount(amount, sign)
    return spoken.replace("dollar", "U S dollar") if american else spoken


def _amount(amount: str, sign: str) -> str:
    one, many, one_part, many_parts = MONEY[sign]
    whole, _, places = plain_number(amount).partition(".")
    if places and len(places) != 2:
        return f"{_number(amount)} {many}"
    spoken = (
        [f"{cardinal(int(whole))} {one if int(whole) == 1 else many}"] if int(whole) or not int(places or 0) else []
    )
    if places and int(places):
        spoken.append(f"{cardinal(int(places))} {one_part if int(places) == 1 else many_parts}")
    return " and ".join(spoken)


def _amounts(text: str) -> str:
    text = _HEIGHT.sub(lambda match: f"{cardinal(int(match.group(1)))} foot {cardinal(int(match.group(2)))}", text)
    text = EQUATION.sub(lambda match: CALCULATION.sub(_calculated, match.group()), text)
    text = _SUM.sub(_calculated, text)
    text = _COMPARED.sub(lambda match: _COMPARISONS[match.group(1)], text)
    text = SCORE.sub(r"\1 to \2", _RANGE.sub(" to ", _SIGNED.sub("minus ", text)))
    text = POWER.sub(_power, _UNIT.sub(_unit, _INCHES.sub(" inches", text)))
    text = _LINES.sub(lambda match: f"{match.group(1)} {match.group(2)}", re.sub("[<>*~]", " ", text))
    text = _FRACTION.sub(_fraction, text)
    text = _ORDINAL.sub(lambda match: ordinal(int(match.group(1).replace(",", ""))), text)
    return _NUMBERED.sub("number ", text)


def _calculated(match: re.Match[str]) -> str:
    return _CALCULATION_WORDS[match.group(1)]


def _power(match: re.Match[str]) -> str:
    minus, power = match.groups()
    if not minus and power in ("2", "3"):
        return " squared " if power == "2" else " cubed "
    return f" to the power of {'minus ' if minus else ''}{cardinal(int(power))} "


def _unit(match: re.Match[str]) -> str:
    amount, space, name = match.groups()
    if name in ("V", "W") and space == "" and "." not in amount and len(amount) < 2:
        return match.group()
    one, many = UNITS[name]
    ends = "." if match.group().endswith(".") and not match.string[match.end() :].strip() else ""
    return f"{_number(amount)} {one if amount == '1' else many}{ends}"


def _fraction(match: re.Match[str]) -> str:
    whole, top, bottom = match.groups()
    if (top, bottom) == ("24", "7"):
        return "twenty four seven"
    spoken = fraction(int(top), int(bottom))
    if not whole:
        return spoken
    return f"{cardinal(int(whole))} and {'a ' + spoken.removeprefix('one ') if spoken.startswith('one ') else spoken}"


def _number(amount: str) -> str:
    whole, _, places = plain_number(amount).partition(".")
    return decimal(whole, places) if places else _whole(whole)


def _whole(number: str) -> str:
    plain = plain_number(number)
    return cardinal(int(plain)) if len(plain) <= _LONGEST_NUMBER else digits(plain)
