"""Dates, years and decades in English texts."""

from __future__ import annotations

import re

from emotts.text.english.numbers import cardinal, decade, digits, ordinal, year
from emotts.text.english.units import MONTHS

__all__ = ["read_calendar"]

_SHORT = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept?", "Oct", "Nov", "Dec")
_NAMES = rf"(?i:{'|'.join((*MONTHS, *_SHORT))})"
# May, March and their short form are words too; in lower case they need more of a date around them
_NUMBERED_NAMES = rf"(?:{_NAMES})\b\.?"
_YEAR = r"(?:1[0-9]\d\d|20\d\d)"
_IN_YEAR = rf"(?:(,?)\s({_YEAR})(?![\d,:]*\d|[\w%-]))?"
_ISO_DATE = re.compile(rf"(?<![\d./-])({_YEAR})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?![\d/-]|\.\d)")
_SLASH_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)(?![\d/-]|\.\d)")
_SHORT_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})/(\d\d)(?![\d/-]|\.\d)")
_SLASH_DAY = re.compile(
    r"(?<![\d/])(1[0-2]|0?[1-9])/(1[379]|1[458]|2[1-9]|3[01])(?![\d/])(?!\s?(?:[a-z]+s)\b|\"|th|rd|st|nd)"
)
_NINE_ELEVEN = re.compile(r"(?<![\d/])9/11(?![\d/])")
_DASHED = re.compile(rf"\b({_NAMES})-(\d{{1,2}})(?:-(\d{{4}}))?(?![\d-])")
_DAY_DASHED = re.compile(rf"(?<![\d-])(\d{{1,2}})-({_NAMES})(?:-(\d{{4}}|\d\d))?(?![\w-])")
_MONTH_DAY = re.compile(
    rf"\b({_NUMBERED_NAMES})\s(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?{_IN_YEAR}(?![\d,:./]*\d|\s?(?:%|[AaPp]\.?[Mm]\b)|[A-Za-z°\"'])",
)
_DAY_MONTH = re.compile(
    rf"(?<![\d.,:/$€£-])(\d{{1,2}})(?i:(st|nd|rd|th))?\s(of\s)?({_NUMBERED_NAMES})(?:(,?)\s({_YEAR}|'\d\d)(?![\d,:]*\d|[\w%-]))?(?!\w)"
)
_MONTH_DAYS = re.compile(rf"\b({_NUMBERED_NAMES})\s(\d{{1,2}})\s?[-–]\s?(\d{{1,2}})(?![\d:/-])")
_MONTH_YEAR = re.compile(rf"\b({'|'.join((*MONTHS, *_SHORT))}|(?i:{_NAMES}))\.?(,?)\s({_YEAR})(?![\d,]*\d|[%A-Za-z-])")
_MODAL = re.compile(r"\b(?:may|march|mar)\.?\b")
_DECADES = re.compile(r"(?<![\d.,])'?((?:1[1-9]|20)?\d0)'?s\s?[-–]\s?'?((?:1[1-9]|20)?\d0)'?s\b")
_DECADE = re.compile(r"(?<![\d.,$€£])'?((?:1[1-9]|20)\d0|[2-9]0)'?s\b|(?<![\d.,$€£])((?:1[1-9]|20)\d0)\ss(?=\s|$)")
_SHORT_YEAR = re.compile(r"(?<!\w)'(\d\d)\b")
_YEARS = re.compile(
    rf"(?<![\d$€£¥₩.,-])(1[1-9]\d\d|20\d\d)\s?[-–]\s?({_YEAR}|\d\d)(?![\d-])\b(?!\s?(?:%|[a-z]+s\b(?<!was)(?<!is)))"
)
_QUARTER = re.compile(r"\b(?:([1-4])Q|Q\s?([1-4])\s?(?='?\d\d))\s?'?((?:20)?\d\d)\b|\b([12])H\s?'?((?:20)?\d\d)\b")
_ERA = re.compile(r"(?<![\d.,$])(\d{2,4})\s?(AD|A[. ]D|BC|B[. ]C|CE|C[. ]E|BCE|B C E)\b")
_LONE_YEAR = re.compile(
    r"(?<![\w$€£¥₩#:/.])(?<![\d\s]-)(?<!^-)(?<!\d[.,])(1[1-9]\d\d|20\d\d|10[1-9]\d)(?![\d/:%°$€£¥-]|[.,]\d|(?<!\d)[A-Za-z])"
)
_COUNTED_BEHIND = re.compile(
    r"\s(?:(?!(?:was|is|has|does|as|us|this|its|his|always|perhaps|press|class|series|news|plus|less|versus)\b)[a-z]+s"
    r"|people|men|women|children|feet|teeth|sheep|fish|percent|degrees|or more|and a half|square|cubic|million|billion"
    r"|thousand|kg|km|cm|mm|ml|mg|lb|lbs|oz|mph|ft|in\.|g|m)\b|\s?(?:x|×|\+|=|\*)\s?\d"
)
_COUNTED_BEFORE = re.compile(
    r"(?:\b(?:[Nn]umber|[Nn]o\.?|[Rr]oom|[Pp]ages?|[Vv]ersion|[Mm]odel|[Tt]otal of|exactly|more than|less than|"
    r"at least|fewer than|weighs?|costs?|paid|worth|minus|plus|times|[Ss]ection|equals|[Cc]ode|[Pp]in|[Pp]assword|PIN)"
    r"|(?<![A-Za-z])[+×x*=<>~√≥≤≈#^-])\s?$"
)
_CODE_BEFORE = re.compile(
    r"\b(?:[Cc]ode|[Pp]in|[Pp]assword|PIN|[Oo]tp|OTP|[Pp]asscode|ending in|last four(?: digits)?)"
    r"(?:\s(?:is|was|number))?:?\s?$"
)


def read_calendar(text: str) -> str:
    """Write dates, years and decades in words, in the order in which they stand where they name the month."""
    text = _ISO_DATE.sub(lambda match: _date(match, year_at=1, month_at=3, day_at=4), text)
    text = _SLASH_DATE.sub(lambda match: _american(match, year_at=4, day_at=3), text)
    text = _SHORT_DATE.sub(lambda match: _american(match, year_at=3, day_at=2), text)
    text = _SLASH_DAY.sub(lambda match: _spoken(MONTHS[int(match.group(1)) - 1], match.group(2)), text)
    text = _NINE_ELEVEN.sub("nine eleven", text)
    text = _DASHED.sub(lambda match: _spoken(*match.group(1, 2), in_year=match.group(3)) or match.group(), text)
    text = _DAY_DASHED.sub(lambda match: _spoken(*match.group(2, 1), in_year=match.group(3)) or match.group(), text)
    text = _DAY_MONTH.sub(_day_month, text)
    text = _MONTH_DAYS.sub(_month_days, text)
    text = _MONTH_DAY.sub(_month_day, text)
    text = _MONTH_YEAR.sub(_month_year, text)
    text = _QUARTER.sub(_quarter, text)
    text = _DECADES.sub(lambda match: f"{decade(int(match.group(1)))} to {decade(int(match.group(2)) % 100)}", text)
    text = _DECADE.sub(lambda match: decade(int(match.group(1) or match.group(2))), text)
    text = _SHORT_YEAR.sub(lambda match: _two_digits(match.group(1)), text)
    text = _YEARS.sub(lambda match: f"{year(int(match.group(1)))} to {year(int(match.group(2)))}", text)
    text = _ERA.sub(lambda match: f"{_era(match.group(1))} {' '.join(re.findall('[A-Z]', match.group(2)))}", text)
    return _LONE_YEAR.sub(_lone_year, text)


def _month(name: str) -> str:
    """Return the full name of a month that may be short."""
    return next((month for month in MONTHS if month.lower().startswith(name.rstrip(".").lower()[:3])), name)


def _spoken(month: str, day: str, *, in_year: str | None = None, comma: str = "") -> str:
    """Read a date as Americans say it; an empty text if there is no such day."""
    if not 1 <= int(day) <= 31:
        return ""
    return f"{_month(month)} {ordinal(int(day))}" + (f"{comma} {_year(in_year)}" if in_year else "")


def _year(written: str) -> str:
    return year(int(written)) if len(written) == 4 else _two_digits(written.lstrip("'"))


def _two_digits(written: str) -> str:
    return digits(written, zero="oh") if written[0] == "0" else cardinal(int(written))


def _date(match: re.Match[str], *, year_at: int, month_at: int, day_at: int) -> str:
    if not 1 <= int(match.group(month_at)) <= 12:
        return match.group()
    month = MONTHS[int(match.group(month_at)) - 1]
    return _spoken(month, match.group(day_at), in_year=match.group(year_at)) or match.group()


def _american(match: re.Match[str], *, year_at: int, day_at: int) -> str:
    """Read 12/25/2024 and, where only that is a date, 25/12/2024."""
    if int(match.group(1)) <= 12:
        return _date(match, year_at=year_at, month_at=1, day_at=day_at)
    return _date(match, year_at=year_at, month_at=day_at, day_at=1)


def _day_month(match: re.Match[str]) -> str:
    """Read the 4th of July as it stands, and 4 July as July fourth."""
    day, ending, of, month, comma, in_year = match.groups()
    if not 1 <= int(day) <= 31 or (_MODAL.match(month) and not (ending or in_year)):
        return match.group()
    stop = "." if month.endswith(".") and not match.string[match.end() :].strip() else ""
    if not (ending or of):
        return _spoken(month, day, in_year=in_year, comma=comma) + stop
    return f"{ordinal(int(day))} of {_month(month)}" + (f"{comma} {_year(in_year)}" if in_year else "") + stop


def _month_day(match: re.Match[str]) -> str:
    month, day, comma, in_year = match.groups()
    if re.match("may|march", month) and re.match(r"\s[a-z]+s\b", match.string[match.end() :]):
        return match.group()
    if (
        re.match(r"may\b", month)
        and not in_year
        and not re.search(r"(?:^|\b(?:on|by|until|since|before|after|from|of)\s)$", match.string[: match.start()])
    ):
        return match.group()
    return _spoken(month, day, in_year=in_year, comma=comma or "") or match.group()


def _month_days(match: re.Match[str]) -> str:
    month, first, last = match.groups()
    both = 1 <= int(first) < int(last) <= 31
    return f"{_month(month)} {ordinal(int(first))} to {ordinal(int(last))}" if both else match.group()


def _month_year(match: re.Match[str]) -> str:
    month, comma, written = match.groups()
    return match.group() if month in ("may", "mar") else f"{_month(month)}{comma} {year(int(written))}"


def _quarter(match: re.Match[str]) -> str:
    before, behind, of_quarter, half, of_half = match.groups()
    part = f"{ordinal(int(half))} half" if half else f"{ordinal(int(before or behind))} quarter"
    begins = "" if re.search(r"\b(?:the|our|their|its|in)\s$", match.string[: match.start()]) else "the "
    if re.search(r"\bin\s$", match.string[: match.start()]):
        begins = "the "
    return f"{begins}{part} of {_year(of_quarter or of_half)}"


def _era(written: str) -> str:
    """Read a year before AD or BC: 340 is three forty."""
    if len(written) != 3 or written.endswith("00"):
        return year(int(written))
    return f"{cardinal(int(written[0]))} {_two_digits(written[1:])}"


def _lone_year(match: re.Match[str]) -> str:
    """Read a number of four digits as a year unless it counts something: 2026 apples."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    if _CODE_BEFORE.search(before[-40:]):
        return digits(match.group())
    if _COUNTED_BEHIND.match(behind) or _COUNTED_BEFORE.search(before[-20:]):
        return match.group()
    if int(match.group()) < 1100 and not re.search(r"\b[Ii]n $", before):
        return match.group()
    return year(int(match.group()))
