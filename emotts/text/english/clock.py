"""Times of day and durations in English texts."""

from __future__ import annotations

import re

from emotts.text.english.numbers import cardinal

__all__ = ["read_clock"]

_HALF_DAY = r"[AaPp]\s?\.?\s?[Mm]\b\.?"
_ZONE = re.compile(r"(?<=[AP] M)(\.?\s)(?i:(est|pst|cst|mst|edt|pdt|cdt|mdt|gmt|utc|cet|kst|jst|et|pt))\b")
_DURATION = re.compile(
    r"(?<![\d:.,])(?:(\d{1,3})\s?(?:hours|hour|hrs|hr|h)\s?)?(\d{1,3})\s?(?:minutes|minute|mins|min|m)(?:\s?(\d{1,2})\s?(?:seconds|secs|sec|s))?"
    r"(?![A-Za-z/])"
)
_TIME = re.compile(rf"(?<![\d:])([01]?\d|2[0-5]):([0-5]\d)(?::([0-5]\d))?(?![\d:])(\s?{_HALF_DAY})?")
_POINTED_TIME = re.compile(rf"(?<![\d.:$])(1[0-2]|0?[1-9])\.([0-5]\d)(?=\s?{_HALF_DAY})")
_HOUR = re.compile(rf"(?<![\d:.,$])(1[0-2]|0?[1-9])\s?({_HALF_DAY})")
_HALVES = re.compile(r"(?:(?<=:\d\d)|(?<=[AaPp][Mm])|(?<=[AaPp]\.[Mm]\.)|(?<=[AP] M))\s?[-–]\s?(?=\d)")
_SPAN = re.compile(rf"(?<![\d:.,$-])(1[0-2]|[1-9])\s?[-–]\s?(?=(?:1[0-2]|[1-9])(?::[0-5]\d)?\s?{_HALF_DAY})")


def read_clock(text: str) -> str:
    """Write times in words: 3:05 p.m., 9.00 a.m., 14:30, 9am-5pm, 2hr20min."""
    text = _DURATION.sub(_duration, text)
    text = _POINTED_TIME.sub(r"\1:\2", _HALVES.sub(" to ", _SPAN.sub(r"\1 to ", text)))
    text = _HOUR.sub(lambda match: f"{cardinal(int(match.group(1)))}{_half(match, 2)}", _TIME.sub(_time, text))
    return _ZONE.sub(lambda match: f" {' '.join(match.group(2).upper())}", text)


def _time(match: re.Match[str]) -> str:
    hour, minute, second, half = int(match.group(1)), int(match.group(2)), match.group(3), match.group(4)
    if second and not half:
        parts = ((hour, "hour"), (minute, "minute"), (int(second), "second"))
        spoken = [f"{cardinal(number)} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
        return " ".join([*spoken[:-1], *(["and"] if len(spoken) > 1 else []), *(spoken[-1:] or ["zero hours"])])
    words = cardinal(hour)
    if minute:
        words += f" {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    elif not half and not second:
        words += " o'clock" if hour <= 12 else " hundred"
    if second and int(second):
        words += f" and {cardinal(int(second))} second{'' if int(second) == 1 else 's'}"
    return words + (_half(match, 4) if half else "")


def _duration(match: re.Match[str]) -> str:
    """Read hours and minutes that are written as one: 2hr20min; 20 min alone is read as other units are."""
    units = ("hour", "minute", "second")
    parts = [(int(part), unit) for part, unit in zip(match.groups(), units, strict=True) if part]
    if len(parts) < 2:
        return match.group()
    return " ".join(f"{cardinal(number)} {unit}{'' if number == 1 else 's'}" for number, unit in parts)


def _half(match: re.Match[str], group: int) -> str:
    """Return A M or P M; a point stays where it ends the sentence, and what stands behind is parted."""
    half = match.group(group).strip()
    behind = match.string[match.end() :]
    ends = half.endswith(".") and re.match(r"\s*$|\s+[A-Z][a-z]", behind)
    return f" {half[0].upper()} M" + ("." if ends else "") + (" " if behind[:1].isalpha() else "")
