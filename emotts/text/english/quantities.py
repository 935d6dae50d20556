"""Numbers in English texts with what stands around them: telephones, units, fractions, sums, ranges, ordinals."""

from __future__ import annotations

import re

from emotts.text.english.calendar import read_calendar
from emotts.text.english.clock import read_clock
from emotts.text.english.money import AMOUNT, read_money, spoken_number
from emotts.text.english.numbers import cardinal, decimal, digits, fraction, ordinal
from emotts.text.english.telephones import read_telephones
from emotts.text.english.units import PER, UNITS
from emotts.text.patterns import (
    CALCULATION,
    EQUATION,
    POWER,
    SCORE,
    any_of,
    plain_number,
    read_numbers,
)

__all__ = ["read_quantities"]

_EMERGENCY = re.compile(r"(?<=[Cc]all )(?:911|999|112|119)\b|(?<=[Dd]ial )(?:911|999|112|119)\b")
_LIKE_YEARS = re.compile(r"(?<![\d/])50/50(?![\d/])")
_BIG = "hundred|thousand|million|billion|trillion"
_ANY_CASE = {name.lower(): names for name, names in reversed(list(UNITS.items())) if len(name) > 1}
_UNIT_NAMES = f"{any_of(UNITS)}|(?i:{any_of(_ANY_CASE)})"
_UNIT = re.compile(
    rf"(?<!\d)(?<!\d[.,])((?:\d{{1,4}}\s+)?\d{{1,3}}/\d{{1,3}}|{AMOUNT})(\s?(?:{_BIG}))?([\s-]?)({_UNIT_NAMES})(?:\s?/\s?({any_of(PER)}|{any_of(UNITS)}))?"
    r"(?![A-Za-z/'])(?!(?<=[A-Za-z])\d+(?![a-zA-Z]*\d*\s?(?:min|sec|s|oz|in)\b))\.?(?=\s|$|[^\w.]|\d|\.$)"
)
_PER_UNIT = re.compile(rf"(?<=\d)\s?/\s?({any_of(unit for unit in PER if len(unit) > 1)})(?![A-Za-z])")
_HEIGHT = re.compile(r"(?<![\d.])(\d)'\s?(\d{1,2})(?:\"|(?![\d\w]))")
_FEET = re.compile(r"(?<=\d)'(?=\s|$|[.,])")
_TIMES = re.compile(r"(?<=[\d\"])\s?[x×]\s?(?=\d+(?:\.\d+)?\s?(?:\"|'|in\b|ft\b|m\b|cm\b|mm\b|feet\b|inch|m2\b|m\^2))")
_SIDES = re.compile(r"(\d\s?(?:cm|mm|km|m|ft|in)\.?)\s?[x×]\s?(?=\d)")
_FRACTION = re.compile(
    r"(?:(?<![\d.,])(\d{1,9})(?:\s+|\s?-\s?|\sand\s))?(?<![\d/])(?<!\d[.,])(\d{1,4})\s?/\s?(\d{1,4})(?:(?i:st|nd|rd|th)s?\b)?(?![\d/])"
)
_RANGE = re.compile(r"(?<=\d)\s?[-–]\s?(?=[\d$€£])|(?<=[\d%°$€£])\s?[-–]\s?(?=\d)")
_INCHES = re.compile(r"(?<=\d)(\s?)(?:in\.(?!\w)|(?<=(?:ft|et) \d )in\b|in(?=\s*(?:$|[,;)]))|\")")
_OPENING, _CLOSING = re.compile(r"(?:^|(?<=[\s(]))\"(?=\S)"), re.compile(r"(?<=[^\s\d(])\"")
_ADJECTIVE = re.compile(
    r"\b(?:a|an|the|this|that|his|her|my|your|our|their|its|one|another|each|every)\s(?:\w+\s)?$", re.IGNORECASE
)
_NO_NOUN = re.compile(
    r"\s(?:of|to|in|at|on|by|for|from|with|and|or|but|than|that|as|is|are|was|were|has|have|will|can|per|each|we|you"
    r"|they|he|she|it|i|who|which|when|if|so|ago|away|apart|long|wide|tall|high|deep|old|later|more|less|before|after)\b"
)
_BETWEEN = re.compile(r"(?<=[\w%°])~(?=[\w$€£-])|(?<=[\d%°])\s~\s(?=[\d$€£-])|(?<=\d°[CF])\s~\s(?=[\d-])")
_SAME_UNITS = re.compile(r"(\d\s?([A-Za-z°%]{1,4}))\s?[-–]\s?(?=\d+(?:\.\d+)?\s?\2(?![A-Za-z]))")
_COMPARED = re.compile(r"(?:(?<=about )|(?<=around ))~\s?|([<>~])\s?(?=[\d$€£-])", re.IGNORECASE)
_COMPARISONS = {"<": " less than ", ">": " greater than ", "~": " about "}
_LINES = re.compile(r"(?<!\d)(\d{1,2})(\d\d)(?=p\b)")
_SIGNED = re.compile(rf"(?<![\w)%°^])[-–](?={AMOUNT})")
_SUM = re.compile(r"(?<=\d)\s?([+×x÷=*])\s?(?=\d)")
_CALCULATION_WORDS = {"+": " plus ", "-": " minus ", "–": " minus ", "×": " times ", "x": " times ", "*": " times ",
                      "÷": " divided by ", "=": " equals "}  # fmt: skip
_ORDINAL = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})++|\d++)(?:st|nd|rd|th|ST|ND|RD|TH)\b")
_NUMBERED = re.compile(r"#\s?(?=\d)|№\s?(?=\d)")
_LONGEST_NUMBER = 21
_MIXED = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")


def read_quantities(text: str) -> str:
    """Write every number of a text in words."""
    text = _LIKE_YEARS.sub("fifty fifty", read_telephones(re.sub(r" {2,}", " ", text)))
    text = _EMERGENCY.sub(lambda match: digits(match.group()), read_clock(text))
    text = _amounts(read_money(read_calendar(text)))
    text = _MIXED.sub(" ", text)
    return read_numbers(
        text,
        digits=lambda number: f" {digits(number)} ",
        decimal=lambda whole, places: decimal(whole, places),
        whole=lambda match: _whole(match.group()),
        version=lambda parts: " point ".join(map(_whole, parts)),
    )


def _amounts(text: str) -> str:
    text = _HEIGHT.sub(lambda match: f"{cardinal(int(match.group(1)))} foot {cardinal(int(match.group(2)))}", text)
    text = EQUATION.sub(lambda match: CALCULATION.sub(_calculated, match.group()), text)
    text = _FEET.sub(" ft", _SIDES.sub(r"\1 by ", _TIMES.sub(" by ", text)))
    text = _INCHES.sub(_inches, text)
    text = _SUM.sub(_calculated, text)
    text = _BETWEEN.sub(" to ", _SAME_UNITS.sub(r"\1 to ", text))
    text = re.sub(r"(?<=\w)\s([<>])\s(?=\w)", lambda match: _COMPARISONS[match.group(1)], text)
    text = _COMPARED.sub(lambda match: _COMPARISONS.get(match.group(1), ""), text)
    text = SCORE.sub(r"\1 to \2", text)
    text = _RANGE.sub(_range, _SIGNED.sub("minus ", text))
    text = POWER.sub(_power, _UNIT.sub(_unit, text))
    text = _LINES.sub(lambda match: f"{match.group(1)} {match.group(2)}", re.sub("[<>*~]", " ", text))
    text = _PER_UNIT.sub(lambda match: f" per {PER[match.group(1)]}", _FRACTION.sub(_fraction, text))
    text = _ORDINAL.sub(lambda match: ordinal(int(match.group(1).replace(",", ""))), text)
    text = re.sub(r"(?<![\w.])\.(\d+)", lambda match: f"point {digits(match.group(1))}", text)
    return _NUMBERED.sub("number ", text)


def _calculated(match: re.Match[str]) -> str:
    return _CALCULATION_WORDS[match.group(1)]


def _range(match: re.Match[str]) -> str:
    """Read a dash between two numbers as to, but not in 2-3/4 or in a mixed number."""
    return match.group() if re.match(r"\d{1,2}/\d{1,2}(?!\d)", match.string[match.end() :]) else " to "


def _power(match: re.Match[str]) -> str:
    minus, power = match.groups()
    if not minus and power in ("2", "3"):
        return " squared " if power == "2" else " cubed "
    return f" to the power of {'minus ' if minus else ''}{cardinal(int(power))} "


def _inches(match: re.Match[str]) -> str:
    """Read 12" as inches: a twelve inch pipe."""
    if match.group().strip() == '"':
        opened, closed = (len(found.findall(match.string[: match.start()])) for found in (_OPENING, _CLOSING))
        if opened > closed:
            # it closes a quotation
            return match.group()
    number = re.search(rf"{AMOUNT}$", match.string[: match.start()])
    before = match.string[: number.start()] if number else ""
    behind = match.string[match.end() :]
    noun = '"' in match.group() and re.match(r"\s[a-z]", behind) and not _NO_NOUN.match(behind)
    below = re.search(r"(?<!\d )(?<![\d/])\d{1,2}/\d{1,2}$", match.string[: match.start()]) is not None
    one = (number is not None and number.group() == "1") or below or noun or _is_adjective(before, behind)
    return " inch" if one else " inches"


def _is_adjective(before: str, behind: str) -> bool:
    """Say whether an amount stands between an article and a noun: a 12 inch pipe."""
    return (
        bool(_ADJECTIVE.search(before[-24:])) and bool(re.match(r"\s[A-Za-z]", behind)) and not _NO_NOUN.match(behind)
    )


def _unit(match: re.Match[str]) -> str:
    amount, big, space, name, per = match.groups()
    before, behind = match.string[: match.start()], match.string[match.end() :]
    if (
        name in ("V", "W", "K", "k", "L", "h", "g", "m")
        and space == ""
        and "." not in amount
        and len(amount) < 2
        and name in "VW"
    ):
        return match.group()
    if (space == "-" and len(name) < 2) or (name in ("in", "mo", "ct", "pt", "k") and space == " "):
        return match.group()
    one, many = UNITS.get(name) or _ANY_CASE[name.lower()]
    single = (amount == "1" or bool(re.fullmatch(r"\d{1,3}/\d{1,3}", amount))) and not big
    spoken = one if single or space == "-" or _is_adjective(before, behind) else many
    rate = f" per {PER.get(per) or UNITS[per][0]}" if per else ""
    ends = "." if match.group().endswith(".") and not behind.strip() else ""
    number = _FRACTION.sub(_fraction, amount) if "/" in amount else spoken_number(amount)
    return f"{number}{big or ''} {spoken}{rate}{ends}" + (" " if behind[:1].isalnum() else "")


def _fraction(match: re.Match[str]) -> str:
    whole, top, bottom = match.groups()
    if (top, bottom) == ("24", "7"):
        return "twenty four seven"
    spoken = fraction(int(top), int(bottom))
    if not whole:
        return spoken
    return f"{cardinal(int(whole))} and {'a ' + spoken.removeprefix('one ') if spoken.startswith('one ') else spoken}"


def _whole(number: str) -> str:
    plain = plain_number(number)
    return cardinal(int(plain)) if len(plain) <= _LONGEST_NUMBER else digits(plain)
