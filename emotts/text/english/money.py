"""Money in English texts: signs and codes of currencies, magnitudes, hundredths, prices per month."""

from __future__ import annotations

import re

from emotts.text.english.numbers import cardinal, decimal
from emotts.text.english.units import CODES, MONEY, PER
from emotts.text.patterns import any_of, any_sign_of, plain_number

__all__ = ["AMOUNT", "read_money", "spoken_number"]

AMOUNT = r"(?:(?<![\d.])\.\d++|\d++(?:,\d{3}(?!\d))*+(?:\.\d++)?+)"
"""A number with or without commas, places and whole."""

_SIGNS = any_sign_of(MONEY)
_BIG = "hundred thousand|hundred million|hundred billion|thousand|million|billion|trillion"
_SHORT = {"k": "thousand", "m": "million", "mm": "million", "mn": "million", "mil": "million", "bn": "billion",
          "b": "billion", "tn": "trillion", "t": "trillion"}  # fmt: skip
_MAGNITUDE = rf"(?:\s?((?i:{_BIG}))\b|\s?((?i:{any_of(_SHORT)}))(?![A-Za-z]))?"
_PER = rf"(?:\s?/\s?({any_of(PER)})(?![A-Za-z]))?"
_CODE = any_of(CODES)
_RANGE = re.compile(
    rf"([{_SIGNS}])({AMOUNT}(?:\s?(?i:{_BIG})\b|\s?(?i:{any_of(_SHORT)})(?![A-Za-z]))?)\s?[-–]\s?\1?(?={AMOUNT})"
)
_PRICE = re.compile(rf"(?:(?<![A-Za-z])(US|CA|AU|C|A|NZ|HK|S)\s?)?([{_SIGNS}])\s?({AMOUNT}){_MAGNITUDE}{_PER}")
_PRICE_BEHIND = re.compile(rf"(?<![\d.,])({AMOUNT}){_MAGNITUDE}\s?([{_SIGNS}])(?!\d){_PER}")
_CODED = re.compile(rf"(?<![A-Za-z])({_CODE})\s?({AMOUNT}){_MAGNITUDE}{_PER}")
_CODED_BEHIND = re.compile(rf"(?<![\d.,])({AMOUNT}){_MAGNITUDE}\s?({_CODE})(?![A-Za-z]){_PER}")
_LANDS = {"US": "U S ", "CA": "canadian ", "C": "canadian ", "AU": "australian ", "A": "australian ",
          "NZ": "new zealand ", "HK": "hong kong ", "S": "singapore "}  # fmt: skip
# what a price stands before as an adjective: a five billion dollar deal
_PRICED = re.compile(
    r"\s(?:[a-z]+ )?(?:deal|bill|note|house|home|car|project|fund|loan|investment|budget|contract|fine|prize|ticket"
    r"|gift|lawsuit|plan|market|industry|company|bonus|grant|settlement|package|business|mansion|check|jackpot|question|bond"
    r"|acquisition|takeover|purchase|program|discount|coupon|fee|startup|offer|movie|film|stake|valuation|tax|debt|lunch"
    r"|meal|donation|round|reward|salary|watch|phone|bet|minimum|scam|heist|merger|buyout|bid|order|rebate|voucher)\b"
)


def read_money(text: str) -> str:
    """Write amounts of money in words: $15,000.50, $.05, US$100, 20 EUR, $5b deal, $15/mo."""
    text = _RANGE.sub(r"\1\2 to \1", text)
    text = _PRICE.sub(lambda match: _price(match, before=match.group(1), sign=2, amount=3, magnitude=4, per=6), text)
    text = _PRICE_BEHIND.sub(lambda match: _price(match, before="", sign=4, amount=1, magnitude=2, per=5), text)
    text = _CODED.sub(lambda match: _coded(match, code=1, amount=2, magnitude=3, per=5), text)
    return _CODED_BEHIND.sub(lambda match: _coded(match, code=4, amount=1, magnitude=2, per=5), text)


def spoken_number(amount: str) -> str:
    """Read a number with commas and places; one that begins with its point has no zero."""
    whole, _, places = plain_number(amount).partition(".")
    if not places:
        return cardinal(int(whole)) if len(whole) <= 21 else whole
    return decimal(whole, places) if whole else decimal("0", places).removeprefix("zero ")


def _price(match: re.Match[str], *, before: str | None, sign: int, amount: int, magnitude: int, per: int) -> str:
    one, many = _units(MONEY[match.group(sign)], land=_LANDS.get(before or "", ""))
    return _spoken(match, names=(one, many, *MONEY[match.group(sign)][2:]), amount=amount, magnitude=magnitude, per=per)


def _coded(match: re.Match[str], *, code: int, amount: int, magnitude: int, per: int) -> str:
    land, _, sign = CODES[match.group(code)].rpartition(" ")
    if sign in MONEY:
        one, many = _units(MONEY[sign], land=f"{land} " if land else "")
        names = (one, many, *MONEY[sign][2:])
    else:
        names = (CODES[match.group(code)].removesuffix("s"), CODES[match.group(code)], "", "")
    return _spoken(match, names=names, amount=amount, magnitude=magnitude, per=per)


def _units(names: tuple[str, str, str, str], *, land: str) -> tuple[str, str]:
    return land + names[0], land + names[1]


def _spoken(match: re.Match[str], *, names: tuple[str, ...], amount: int, magnitude: int, per: int) -> str:
    long, short = match.group(magnitude), match.group(magnitude + 1)
    big = long.lower() if long else _SHORT[short.lower()] if short else ""
    rate = f" per {PER[match.group(per)]}" if match.group(per) else ""
    behind = match.string[match.end() :]
    adjective = not rate and _PRICED.match(behind) is not None
    spoken = _amount(match.group(amount), big, names=names, adjective=adjective)
    return spoken + rate + (" " if behind[:1].isalnum() else "")


def _amount(amount: str, big: str, *, names: tuple[str, ...], adjective: bool) -> str:
    one, many, one_part, many_parts = names
    if big:
        return f"{spoken_number(amount)} {big} {one if adjective else many}"
    whole, _, places = plain_number(amount).partition(".")
    # $2.50 and $20.5 have hundredths; three places and more are a decimal
    cents = places.ljust(2, "0")
    if places and (len(cents.rstrip("0")) > 2 or not one_part):
        return f"{spoken_number(amount)} {many}"
    parts = []
    if int(whole or 0) or not int(cents or 0):
        parts.append(f"{spoken_number(whole or '0')} {one if int(whole or 0) == 1 or adjective else many}")
    if int(cents or 0):
        hundredths = int(cents[:2])
        parts.append(f"{cardinal(hundredths)} {one_part if hundredths == 1 or adjective else many_parts}")
    return " and ".join(parts)
