"""Places in English texts: house numbers, directions, kinds of streets, states of America and their zip codes."""

from __future__ import annotations

import re
from functools import cache

from emotts.text.english.numbers import cardinal, digits
from emotts.text.english.units import abbreviations
from emotts.text.patterns import any_of
from emotts.text.tables import read_pairs

__all__ = ["read_places"]

_DIRECTIONS = {
    "N": "north", "S": "south", "E": "east", "W": "west", "NE": "northeast", "NW": "northwest", "SE": "southeast",
    "SW": "southwest",
}  # fmt: skip
_NAME = r"(?:[A-Z][\w'-]*|\d{1,3}(?:st|nd|rd|th))"
_LIKE_WORDS = ("HI", "IN", "ME", "OH", "OK", "OR", "MA", "PA", "LA", "DE", "CO", "ID")
# words that begin a sentence before St. Louis; no name of a street is one of them
_NO_NAMES = "In|On|At|To|By|Of|From|Near|The|And|Or|But|For|With|Visit|Meet|Saint|Dear|Old|Both|About|Like|Is|Was|Are"
_ROAD_WORDS = {"i-": "interstate", "hwy": "highway", "rte": "route", "rt": "route"}
_ROADS = re.compile(r"\b(I-|(?i:hwy|rte|rt)(?=[.\s]))\.?\s?(\d{1,3})\b")
_ZIP = re.compile(r"(?<=[a-z])(,?\s+)(\d{5})(?:-(\d{4}))?(?!\d)")


_NUMBERED = re.compile(
    r"\b((?:[Rr]oom|[Ss]uite|[Aa]partment|[Aa]pt\.?|[Hh]ighway|[Rr]oute|[Ii]nterstate|[Bb]us|[Ff]light|Boeing|Porsche)\s)"
    r"(\d{3,4})(?![\d,.]*\d)"
)


def read_places(text: str) -> str:
    """Write addresses in full: 40 N 3rd Ave, Reno, NV 89501; Dr. and St. behind the name of a street."""
    text = _ROADS.sub(lambda match: f"{_ROAD_WORDS[match.group(1).lower()]} {match.group(2)}", text)
    text = _numbered_streets().sub(_numbered, text)
    text = _streets().sub(lambda match: f"{match.group(1)} {_kind(match)}", text)
    text = _NUMBERED.sub(lambda match: match.group(1) + _house(match.group(2)), text)
    return _states().sub(_state, text)


@cache
def _kinds() -> dict[str, str]:
    kinds = abbreviations("street")
    return {**kinds, **{words: words for words in kinds.values()}}


@cache
def _numbered_streets() -> re.Pattern[str]:
    kinds = any_of(_kinds())
    return re.compile(
        rf"(?<![\w.,$-])(\d{{1,5}})([A-Z]?)\s+(?:({any_of(_DIRECTIONS)})\.?\s+)?((?:{_NAME}\s+){{1,4}}?)"
        rf"(?:(?i:({kinds}))\b(\.?))(?:\s+({any_of(_DIRECTIONS)})\b\.?)?"
    )


@cache
def _streets() -> re.Pattern[str]:
    """Match a name and the kind of its street; Dr. and St. before a name are a doctor and a saint."""
    sure = any_of(kind for kind in abbreviations("street") if kind not in ("st", "dr", "pl", "ct"))
    return re.compile(
        rf"\b((?!(?:{_NO_NAMES})\b){_NAME})\s((?i:{sure})|St(?!\.?\s[A-Z][a-z]+'s)|(?:Dr|Pl|Ct)(?=\.?(?:\s[a-z]|\s*[,;!?]|\.?\s*$)))"
        r"\b(\.?)"
    )


@cache
def _states() -> re.Pattern[str]:
    sure = any_of(code for code in read_pairs("emotts.text.english", "states.tsv") if code not in _LIKE_WORDS)
    return re.compile(
        rf"(?<=[a-z],\s)({sure})(?=$|[\s,.;)!?])((?:,?\s+\d{{5}}(?:-\d{{4}})?(?!\d))?)"
        rf"|(?<=[a-z],\s)({any_of(_LIKE_WORDS)})(,?\s+\d{{5}}(?:-\d{{4}})?)(?!\d)"
        rf"|(?<=[a-z],\s)(?<!\b(?:Yes|Hey),\s)({any_of(code for code in _LIKE_WORDS if code != 'OK')})(?=\s*$|[,.;)])"
    )


def _numbered(match: re.Match[str]) -> str:
    number, letter, direction, names, kind, point, behind = match.groups()
    parts = [_house(number), letter, _DIRECTIONS.get(direction or "", ""), names.strip(), _kinds()[kind.lower()]]
    parts.append(_DIRECTIONS.get(behind or "", ""))
    return " ".join(part for part in parts if part) + (_stop(match) if point else "")


def _house(number: str) -> str:
    """Read the number of a house: 40, one twenty three, seven oh eight, twelve eleven."""
    if len(number) < 3 or number.endswith("000"):
        return cardinal(int(number))
    if len(number) == 5:
        return digits(number)
    high, low = number[:-2], number[-2:]
    if low == "00":
        return f"{cardinal(int(high))} hundred"
    return f"{cardinal(int(high))} {'oh ' if low[0] == '0' else ''}{cardinal(int(low))}"


def _kind(match: re.Match[str]) -> str:
    return _kinds()[match.group(2).lower()] + (_stop(match) if match.group(3) else "")


def _state(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(3) or match.group(5)
    name = read_pairs("emotts.text.english", "states.tsv")[code]
    return name + _ZIP.sub(_zip, f"a{match.group(2) or match.group(4) or ''}")[1:]


def _zip(match: re.Match[str]) -> str:
    between, five, four = match.groups()
    return f"{between}{digits(five)}" + (f", {digits(four)}" if four else "")


def _stop(match: re.Match[str]) -> str:
    """Return the point of an abbreviation where it also ends the sentence."""
    return "." if re.match(r"\s*$|\s+[A-Z]", match.string[match.end() :]) else ""
