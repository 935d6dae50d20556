"""Dates, eras and times of day in Japanese texts."""

from __future__ import annotations

import re

from emotts.text.patterns import date_behind, is_day

__all__ = ["read_calendar"]

_ERAS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
_ERA = "令和|平成|昭和|大正|明治"
_ERA_DATE = re.compile(
    rf"(?<![A-Za-z])(?:([RHSTM])|({_ERA}))\s?\.?(\d{{1,2}}|元)(?:年|[./-])\s?(\d{{1,2}})(?:月|[./-])\s?(\d{{1,2}})日?(?![\d./-])"
    rf"|(?<![A-Za-z])([RHSTM])\.?\s?(\d{{1,2}}|元)(?=年)"
)
_DATE = re.compile(r"(?<![\d./-])(\d{4})([-./])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d])")
_DATE_BEHIND = re.compile(r"(?<![\d./-])(\d{1,2})([-./])(\d{1,2})\2((?:19|20)\d\d)(?![\d./-])")
_YEAR_MONTH = re.compile(
    r"(?<![\d./-])((?:19|20)\d\d)([-./])(0?[1-9]|1[0-2])(?![\d./%-])(?!\s?(?:円|倍|点|m|k|cm))"
    r"|(?<![\d./-])(0[1-9]|1[0-2])[-./]((?:19|20)\d\d)(?![\d./-])"
)
_DATES = re.compile(r"(?<=\d日)\s?[~-]\s?(?=\d{4}年\d)")
_MONTH_DAY = re.compile(
    r"(?<![\d./-])(\d{1,2})/(\d{1,2})(?=\s?(?:,\s?[月火水木金土日](?:曜日?)?(?:・祝)?,|まで|から|締|に(?!当)|は|です|の(?!確率|割|人|量)|発|開|~\s?\d{1,2}/))"
    r"|(?<=から)(\d{1,2})/(\d{1,2})(?![\d/])|(?<=~)\s?(\d{1,2})/(\d{1,2})(?![\d/])"
    r"|(?<![\d./-])(0\d|1[0-2])[-./]([0-3]\d)(?![\d./%-])(?!\s?[一-鿿ァ-ヶA-Za-z])"
    r"|(?<![\d./-])(1[0-2]|[1-9])-([12]\d|3[01]|[1-9])(?=から|まで)|(?<=から)(1[0-2]|[1-9])-([12]\d|3[01]|[1-9])(?![\d-])"
)
_LEADING_ZERO = re.compile(
    r"(?<!\d)(?<!\d[.,:/-])0(\d)(?=\s?(?:月|日|時|分|秒|年|本|人|個|枚|冊|回|階|番|号|件|台|名|歳|才|度|位|匹|杯|週|章|話|巻|点|円|組|班|つ|泊|周|色|社|軒|頭|羽|通|足))"
)
_MIDNIGHT = re.compile(r"(?<!\d)00(?=時)")
_WEEKDAY = re.compile(r"(?<=日)\s?,([月火水木金土日])(?:・?祝)?,")
_WEEKDAYS = re.compile(r"(?<![一-鿿])([月火水木金土])\s?[~-]\s?([火水木金土日])(?![一-鿿])")
_DAYS_OF_WEEK = re.compile(
    r"(?:(?<![一-鿿])|(?<=週))[月火水木金土日](?:[・、,][月火水木金土日])+(?:曜日?)?(?![一-鿿])|(?<![一-鿿・])[月火水木金土日](?:・[月火水木金土日])+(?=曜|に|は|の|が|定休)"
)
_DAY_NAMES = dict(zip("月火水木金土日", ("ゲツ", "カ", "スイ", "モク", "キン", "ド", "ニチ"), strict=True))
_CLOCK = r"([01]?\d|2\d|30):([0-5]\d)(?::([0-5]\d))?"
_HALF = r"([AaPp])\s?\.?\s?[Mm]"
_TIME = re.compile(rf"(?<![\d:])(?:{_HALF}\.?\s?)?{_CLOCK}(?![\d:])(?:\s?{_HALF}(?![A-Za-z])\.?)?")
_HOUR = re.compile(
    rf"(?<![\d:.])(1[0-2]|0?[1-9])\s?{_HALF}(?![A-Za-z])\.?|(?<![A-Za-z]){_HALF}\.?\s?(1[0-2]|0?[1-9])(?=時)"
)
_TIMES = re.compile(r"(?<=\d:\d\d)\s?[~-]\s?(?=(?:[午前後]{2})?\d{1,2}:\d\d)")
_DURATION = re.compile(r"(?<=\d)\s?(?:hours|hrs|hr|h)(?![A-Za-z])|(?<=\d)\s?(?:mins|min)(?![A-Za-z])")


def read_calendar(text: str) -> str:
    """Write dates and times of day with 年, 月, 日, 時, 分 and 秒; the numbers before these stay."""
    text = _ERA_DATE.sub(_era_date, text)
    text = _DATE_BEHIND.sub(lambda match: _spoken(*date_behind(match)) or match.group(), _DATE.sub(_date, text))
    text = _YEAR_MONTH.sub(_year_month, _DATES.sub("から", text))
    text = _MONTH_DAY.sub(_month_day, text)
    text = re.sub(r"(?<=曜日),(?=[ぁ-ん])|(?<=曜日),?\s?(?=~)", "", _WEEKDAY.sub(r"\1曜日,", text))
    text = _DAYS_OF_WEEK.sub(_days_of_week, _WEEKDAYS.sub(r"\1曜から\2曜", text))
    text = _LEADING_ZERO.sub(r"\1", _MIDNIGHT.sub("0", re.sub(r"(?<=\d時)\s?00\s?分", "", text)))
    text = _DURATION.sub(lambda match: "時間" if "h" in match.group() else "分", text)
    text = _HOUR.sub(_hour, _TIME.sub(_time, _TIMES.sub("から", text)))
    return re.sub(r"(?<=[時分日月年])\s?~(?=\s|$|[,.])", "から", text)


def _era_date(match: re.Match[str]) -> str:
    letter, name, year, month, day, short, only = match.groups()
    if short:
        return f"{_ERAS[short]}{only}"
    if not is_day(int(month), int(day)):
        return match.group()
    return f"{name or _ERAS[letter]}{year if year == '元' else int(year)}年{int(month)}月{int(day)}日"


def _date(match: re.Match[str]) -> str:
    year, month, day = int(match.group(1)), int(match.group(3)), int(match.group(4))
    return _spoken(year, month, day) or match.group()


def _spoken(year: int, month: int, day: int) -> str:
    return f"{year}年{month}月{day}日" if is_day(month, day) else ""


def _year_month(match: re.Match[str]) -> str:
    year, _, month, month_before, year_behind = match.groups()
    return f"{year or year_behind}年{int(month or month_before)}月"


def _month_day(match: re.Match[str]) -> str:
    month, day = (int(part) for part in match.groups() if part)
    return f"{month}月{day}日" if is_day(month, day) else match.group()


def _days_of_week(match: re.Match[str]) -> str:
    """Read 月・水・金 as the days of the week by their short names."""
    names = re.sub("[・、,]|曜日?$", "", match.group())
    return "".join(_DAY_NAMES[name] for name in names) + ("曜" if "曜" in match.group() else "")


def _time(match: re.Match[str]) -> str:
    before, hour, minute, second, behind = match.groups()
    parts = [_half(before or behind or ""), f"{int(hour)}時"]
    if int(minute):
        parts.append(f"{int(minute)}分")
    if second and int(second):
        parts.append(f"{int(second)}秒")
    return "".join(parts)


def _hour(match: re.Match[str]) -> str:
    hour, behind, before, hour_behind = match.groups()
    return f"{_half(behind)}{int(hour)}時" if hour else f"{_half(before)}{int(hour_behind)}"


def _half(letter: str) -> str:
    return {"a": "午前", "p": "午後"}.get(letter.lower(), "")
