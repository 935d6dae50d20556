"""Patterns of numbers and of what stands around them, as all languages write them.

No quantifier of a pattern can match one character in two ways, and a number is only looked for where it begins, so that
searching takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

__all__ = [
    "BEGINS",
    "CALCULATION",
    "CAPITAL_DIGIT",
    "COMPARED",
    "EQUATION",
    "FRACTION",
    "HASHTAG",
    "NUMBER",
    "ORDINAL",
    "POWER",
    "SCORE",
    "any_of",
    "any_sign_of",
    "date_behind",
    "is_day",
    "plain_number",
    "read_numbers",
    "unit_pattern",
    "whole_amount",
]

NUMBER = r"\d++(?:,\d{3}(?!\d))*+(?:\.\d++)?+"
"""A number with or without commas and places, for a pattern that looks behind with ``BEGINS``."""

BEGINS = r"(?<!\d)(?<!\d[.,])"
"""Where a number begins."""

FRACTION = re.compile(r"(?<![\d/.])(\d{1,3})/(\d{1,3})(?![\d/])")
CALCULATION = re.compile(r"(?<=\d)\s?([-–+×÷x*=])\s?(?=\d)")
EQUATION = re.compile(r"(?<![\d-])\d++(?:\.\d++)?+(?:\s?[-–+×÷x*]\s?\d++(?:\.\d++)?+)++(?=\s?=)")
"""A sum with = behind it, in which - is minus."""
COMPARED = re.compile(r"(?<=[\d)])\s?([<>])\s?(?=[\d(-])")
POWER = re.compile(r"\^(-?)(\d{1,6})")
HASHTAG = re.compile(r"(?<![\w&])#(?=[^\W\d])")
ORDINAL = re.compile(r"(?<![\dA-Za-z.])(\d{1,9})(?:st|nd|rd|th)(?![A-Za-z])")
"""An English ordinal in another language's text."""
SCORE = re.compile(r"(?<![\d:])(\d{1,3}):(\d{1,3})(?![\d:])")
_LEADING_ZEROS = re.compile(rf"{BEGINS}0\d++(?![\d,]*\.\d)")
_VERSION = re.compile(r"(?<![\d.])\d++(?:\.\d++){2,}+(?![\d.]*\d)")
_DECIMAL = re.compile(r"(\d++(?:,\d{3})*)\.(\d++)|(?<![\w.])\.(\d++)")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d++")
CAPITAL_DIGIT = re.compile(r"(?<=[A-Z])2(?=[A-Z](?![a-z]))")
"""The 2 of B2B, which is read as the English *to*."""

_SHORT_AMOUNTS = {"k": 10**3, "K": 10**3, "M": 10**6, "m": 10**6, "B": 10**9, "bn": 10**9, "T": 10**12}


def any_of(names: Iterable[str]) -> str:
    """Return a pattern of any of the names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def any_sign_of(signs: Iterable[str]) -> str:
    """Return the inside of a character class of the signs."""
    return "".join(re.escape(sign) for sign in signs)


def unit_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of a number (group 1) and one of the signs of units behind it (group 2).

    Signs of two letters and more match in any case.
    """
    every = list(names)
    long = any_of(name for name in every if len(name) > 1)
    return re.compile(rf"{BEGINS}({NUMBER})\s?({any_of(every)}|(?i:{long}))(?![A-Za-z0-9])")


def plain_number(digits: str) -> str:
    """Return a number without its commas."""
    return digits.replace(",", "")


def whole_amount(number: str, short: str) -> str:
    """Write an amount with a short thousand or million in full: 1.5, M -> 1500000; unchanged if it is no whole one."""
    whole, _, places = plain_number(number).partition(".")
    zeros = len(str(_SHORT_AMOUNTS[short])) - 1
    return whole + places + "0" * (zeros - len(places)) if len(places) <= zeros else number + short


def read_numbers(
    text: str,
    *,
    digits: Callable[[str], str],
    decimal: Callable[[str, str], str],
    whole: Callable[[re.Match[str]], str],
    version: Callable[[list[str]], str],
) -> str:
    """Write all numbers of a text in words: 007 by its digits, 3.11.7 by its parts, 3.14, 1,234."""
    text = _LEADING_ZEROS.sub(lambda match: digits(match.group()), text)
    text = _VERSION.sub(lambda match: version(match.group().split(".")), text)
    text = _DECIMAL.sub(
        lambda match: decimal(plain_number(match.group(1) or "0"), match.group(2) or match.group(3)), text
    )
    return _WHOLE.sub(whole, text)


def is_day(month: int, day: int) -> bool:
    """Say whether a month and a day can be those of a date."""
    return 1 <= month <= 12 and 1 <= day <= 31


def date_behind(match: re.Match[str]) -> tuple[int, int, int]:
    """Return year, month and day of 5/31/2024 and, where only that is a date, 31/5/2024 (groups 4, 1 and 3)."""
    first, second, year = int(match.group(1)), int(match.group(3)), int(match.group(4))
    month, day = (first, second) if first <= 12 else (second, first)
    return year, month, day
