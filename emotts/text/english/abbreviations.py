"""Abbreviations in English texts and what they stand for."""

from __future__ import annotations

import re
from functools import cache

from emotts.text.english.places import read_places
from emotts.text.english.roman import read_roman
from emotts.text.english.units import abbreviations
from emotts.text.patterns import any_of
from emotts.text.tables import read_pairs

__all__ = ["expand_abbreviations", "spell"]

_POINTED = re.compile(r"(?<![\w.])(?:[A-Za-z]\.){2,16}+(?=$|[^\w])|(?<![\w.])(?:[A-Za-z]\.){1,16}[A-Za-z](?![\w.])")
_INITIAL = re.compile(r"(?:(?<=^)|(?<=[\s,(]))([A-HJ-Z])\.(?=\s(?:[A-Z]\.\s)?[A-Z][a-z]+)")
_BEFORE_INITIAL = re.compile(r"(?:^|[,(]|(?<!^)\b[A-Z][a-z]+|\b[A-Z]\.?|\b(?:by|and|with|to|of|from|for))\s?$")
_NO_INITIAL = re.compile(
    r"\b(?:Plan|Vitamin|Type|Group|Part|Class|Grade|Section|Exhibit|Option|Hepatitis|Room|Gate)\s$"
)
_DEGREE = re.compile(r"(?<!\w)Ph\.? ?D\b\.?")
_LATIN_WORDS = {
    "e.g.": "for example", "i.e.": "that is", "a.k.a.": "also known as", "et al.": "et al", "w/o": "without",
    "w/": "with ",
}  # fmt: skip
_SAINT = re.compile(r"(?<!\w)(?:St|st)\.?\s(?=[A-Z][a-z])")
_JOINED = re.compile(r"(?<![A-Za-z])([A-Z]{1,4})&([A-Z])(?![A-Za-z])")
_AND = re.compile(r"(?<=\w )['‘’]n['‘’]?(?= \w)")
_LETTERED = re.compile(r"(?<!\w)[A-Z]{1,3}(?=\d)")
_PLANS = re.compile(r"(?<!\d)(40[13]|457)\s?(?:,([a-z]),|(k)(?![a-z]))", re.IGNORECASE)
_DAYS = "Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|\\w+day"
_FROM_TO = re.compile(rf"\b({_DAYS})\.?\s?[-–]\s?({_DAYS})\b\.?")
_SHORT = {"sat": "saturday", "sun": "sunday", "mar": "march", "jun": "june", "jul": "july", "sep": "september"}


def expand_abbreviations(text: str) -> str:
    """Write titles, streets, months, numbered kings and pointed letters in full: Dr. -> doctor, U.S. -> U S."""
    for short, words in _LATIN_WORDS.items():
        text = re.sub(rf"(?<!\w){re.escape(short)}" + (r"\s?" if short == "w/" else r"(?!\w)"), words, text)
    text = _PLANS.sub(
        lambda match: f"{match.group(1)[0]} oh {match.group(1)[2]} {(match.group(2) or match.group(3)).upper()} ", text
    )
    text = _AND.sub("and", _DEGREE.sub("P H D", text))
    text = _FROM_TO.sub(lambda match: f"{_named(match.group(1))} to {_named(match.group(2))}", text)
    text = re.sub(r"(?<!\w)A\s?[-–]\s?Z(?!\w)", "A to Z", _LETTERED.sub(lambda match: f"{spell(match.group())} ", text))
    text = read_places(text)
    text = _titles().sub(
        lambda match: abbreviations("name")[(match.group(1) or match.group(2)).lower()] + " ",
        _SAINT.sub("saint ", text),
    )
    text = _JOINED.sub(lambda match: f"{spell(match.group(1))} and {match.group(2)}", text)
    text = _INITIAL.sub(_initial, _POINTED.sub(_pointed, text))
    text = _numbered().sub(lambda match: f"{abbreviations('number')[match.group(1).lower()]} ", text)
    text = _others().sub(_expanded, text)
    text = read_roman(text)
    text = _chat().sub(lambda match: read_pairs("emotts.text.english", "chat.tsv")[match.group().lower()], text)
    return re.sub(r"(?<!\w)vs\.?(?=\s)", "versus", text, flags=re.IGNORECASE)


@cache
def _titles() -> re.Pattern[str]:
    """Match a title with a point before a word, or without one before a name."""
    names = any_of(abbreviations("name"))
    sure = "Mr|Mrs|Ms|Dr|Prof|Messrs|mr|mrs|ms|dr|prof"
    return re.compile(rf"(?<![\w.])(?<!\d\s)(?:((?i:{names}))\.\s?(?=[A-Za-z])|({sure})\s(?=[A-Z]))")


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])((?i:{any_of(abbreviations('number'))}))\.\s?(?=\d|[A-Z](?![a-z]))")


@cache
def _others() -> re.Pattern[str]:
    point, plain = any_of(abbreviations("point")), any_of(abbreviations("plain"))
    name = any_of(abbreviations("name"))
    return re.compile(rf"(?<![\w.])(?:((?i:{point})|(?<!\d\s)(?i:{name}))\.(?=\s|,|$|[;:!?])|((?i:{plain}))\b\.?)")


@cache
def _chat() -> re.Pattern[str]:
    """Match the short words of chats in small letters or with a capital; in capitals they are abbreviations."""
    words = read_pairs("emotts.text.english", "chat.tsv")
    long = [word.capitalize() for word in words if len(word) > 2]
    return re.compile(rf"(?<![\w'./@-])(?:{any_of([*words, *long])})(?![\w'/@-]|\.\w)")


def _initial(match: re.Match[str]) -> str:
    """Take the point from the initial of a name: J. K. Rowling; not in plan B. Then."""
    before = match.string[max(0, match.start() - 24) : match.start()]
    return match.group(1) if _BEFORE_INITIAL.search(before) and not _NO_INITIAL.search(before) else match.group()


def _pointed(match: re.Match[str]) -> str:
    """Take the points out of U.S. and a.m.; at the end of the text the last one ends the sentence."""
    letters = match.group().replace(".", "")
    if letters.islower() and not match.group().endswith("."):
        return match.group() if letters not in ("am", "pm") else spell(letters)
    ends = match.group().endswith(".") and re.match(r"\s*$|\s+[A-Z][a-z]", match.string[match.end() :])
    names = letters.lower() in ("am", "pm") or len(letters) > 3
    return spell(letters) + ("." if ends and (names or not match.string[match.end() :].strip()) else "")


def _named(short: str) -> str:
    """Return the day or month that is shortened to its first letters."""
    lower = short.lower()
    return _SHORT.get(lower) or abbreviations("point").get(lower, short)


def _expanded(match: re.Match[str]) -> str:
    ends = match.group().endswith(".") and not match.string[match.end() :].strip()
    return abbreviations("point", "name", "plain")[(match.group(1) or match.group(2)).lower()] + ("." if ends else "")


def spell(word: str) -> str:
    """Write the letters of a word apart, in upper case, to be read by their names."""
    return " ".join(word.upper())
