"""Dates, weekdays and times of day in Korean texts."""

from __future__ import annotations

import re

from emotts.text.korean.numbers import digits, native, sino
from emotts.text.patterns import ORDINAL, date_behind, is_day

__all__ = ["read_calendar"]

_DATE = re.compile(
    r"(?<![\d.])(\d{4})([-./])\s?(\d{1,2})\2\s?(\d{1,2})\.?(?![\d가-힣])|(?<![\d.])'?(\d\d)\.\s?(\d\d)\.\s?(\d\d)\.?(?![\d.])"
)
_DATE_BEHIND = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)\.?(?![\d./-])")
_SHORT_DATE = re.compile(r"(?<![\d./-])(\d\d)(/)(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?![\d./-])")
_MONTH_DAY = re.compile(
    r"(?<![\d./])(\d{1,2})/(\d{1,2})(?=\s?(?:까지|부터|에(?![서게])|[~–]\s?\d{1,2}/\d|[,(][월화수목금토일][,)]))"
    r"|(?<=[~–])\s?(\d{1,2})/(\d{1,2})(?=\s?(?:까지|[,(]?$|[,(][월화수목금토일][,)]|\s))"
)
_MONTH = re.compile(
    r"(?<!\d)(1[0-2]|0?[1-9])\s?월(?!\d)(?=(\s)?)|(?<!\d)(1[0-2]|0?[1-9])월(?=\d{1,2}(?:\s?[일,~–-]|\s|$))"
)
_WEEKDAY_SPAN = re.compile(r"(?<=일),([월화수목금토일]),\s?[~–-]\s?(?=\d)")
_LEADING_ZERO = re.compile(
    r"(?<!\d)(?<!\d[.,:/-])0(\d)(?=\s?(?:시|분|초|월|일|년|개|명|번|층|회|호|장|권|대|살|세|점|위|인|주|동|과|강|화|편|부|조)(?![가-힣]{3}))"
)
_TIME_SPAN = re.compile(r"(?<=\d:\d\d)\s?[~–-]\s?(?=(?:오전|오후)?\s?\d{1,2}:\d\d)")
_TIME = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_HALF_DAY = re.compile(r"(?<![A-Za-z])([AaPp])\.?[Mm]\.?\s?(?=\d)")
_HALF_DAY_BEHIND = re.compile(r"(?<![\d:])(\d{1,2}(?::\d\d)?)\s?([AaPp])(?:\.[Mm]\.|[Mm])(?![A-Za-z])")
_ON_THE_HOUR = re.compile(r"(?<=시)\s?00\s?분")
_HOURS = re.compile(r"(?<=\d)\s?(?:h|hr|hrs|hour|hours)(?![A-Za-z])(?=\s?(\d*))")
_MINUTES = re.compile(r"(?<=\d)\s?(?:min|mins)(?![A-Za-z])|(?:(?<=h\d)|(?<=h\d\d))m(?![A-Za-z])")
_DECADE = re.compile(r"(?<!\d)(\d0)'s(?![A-Za-z])")
_ORDINALS = {"1": "퍼스트", "2": "세컨드", "3": "서드"}
_EMERGENCY = re.compile(r"(?<!\d)(11[2-9])(?=(?:에|로)(?![가-힣])|에서|\s?(?:신고|구급|구조|소방|상황|대원|안전))")
_EVENT = re.compile(
    r"(?<![\d.])(\d{1,2})\s?[.·]\s?(\d{1,2})(?=\s?(?:절|운동|광복|전쟁|혁명|테러|민주|사태|항쟁|참사|선언|쿠데타|사변|계엄))"
    r"|(?<![\d.])(3·1|4·3|4·19|5·16|5·18|6·10|6·25|6·29|8·15|9·11|10·26|12·3|12·12)(?!\d)"
)
_GENERATION = re.compile(r"(?<!\d)([2-9]0[2-9]0|[3-6]86)(?=\s?세대)")
_SPAN = re.compile(
    r"(?<=[시분초월일년])\s?[~–]\s?(?=(?:오전|오후)?\s?[\d한두세네다여일아열이삼사오육칠팔구십유시스영])"
    r"|(?<=(?<![가-힣])[월화수목금토])\s?[~–-]\s?(?=[화수목금토일](?![가-힣]))"
)
_MONTHS = {6: "유월", 10: "시월"}


def read_calendar(text: str) -> str:
    """Write dates and times of day in Hangul; numbers before 년, 일 and 분 stay."""
    text = _DATE.sub(lambda match: _date(match, (1, 3, 4) if match.group(1) else (5, 6, 7)), text)
    text = _SHORT_DATE.sub(
        lambda match: _date(match, (1, 3, 4)),
        _DATE_BEHIND.sub(lambda match: _spoken(*date_behind(match)) or match.group(), text),
    )
    text = _HOURS.sub(
        lambda match: "시간 " if match.group(1) else "시간", _MINUTES.sub("분", _DECADE.sub(r"\1년대", text))
    )
    text = _HALF_DAY_BEHIND.sub(_half_day, _HALF_DAY.sub(lambda match: _half(match.group(1)), text))
    text = ORDINAL.sub(lambda match: _ORDINALS.get(match.group(1), f"{match.group(1)}번째"), text)
    text = _LEADING_ZERO.sub(r"\1", _ON_THE_HOUR.sub(" 정각", text))
    text = _EMERGENCY.sub(lambda match: digits(match.group()), text)
    text = _GENERATION.sub(lambda match: digits(match.group()), _EVENT.sub(_event, text))
    text = _MONTH_DAY.sub(_month_day, text)
    text = _TIME.sub(_time, _TIME_SPAN.sub("에서 ", _WEEKDAY_SPAN.sub(r" \1 에서 ", text)))
    return _SPAN.sub("에서 ", _MONTH.sub(_month_of, text))


def _date(match: re.Match[str], groups: tuple[int, int, int]) -> str:
    year, month, day = (int(match.group(group)) for group in groups)
    return _spoken(year, month, day) or match.group()


def _spoken(year: int, month: int, day: int) -> str:
    if not is_day(month, day):
        return ""
    return f"{sino(year)}년 {_month(month)} {sino(day)}일"


def _month(month: int) -> str:
    return _MONTHS.get(month, f"{sino(month)}월")


def _month_of(match: re.Match[str]) -> str:
    """Read a month; a day that is glued to it is parted from it."""
    return _month(int(match.group(1))) if match.group(1) else f"{_month(int(match.group(3)))} "


def _month_day(match: re.Match[str]) -> str:
    month, day = (int(part) for part in match.groups() if part)
    return f"{_month(month)} {sino(day)}일" if is_day(month, day) else match.group()


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


def _half(letter: str) -> str:
    return "오전 " if letter in "aA" else "오후 "


def _half_day(match: re.Match[str]) -> str:
    """Put the half of the day before its hour: 3 PM -> 오후 3:00."""
    hour, letter = match.groups()
    return _half(letter) + (hour if ":" in hour else f"{hour}:00")


def _event(match: re.Match[str]) -> str:
    """Read a day that names an event: 6.25 전쟁 [육이오], 12·12 [십이십이], 10·26 [십이육]."""
    month, _, day = (match.group(3) or f"{match.group(1)}·{match.group(2)}").partition("·")
    ten = day == "10" or month == day == "12"
    return sino(int(month)) + (sino(int(day)) if ten else digits(day))
