"""Abbreviations in English texts and what they stand for."""

from __future__ import annotations

import re

from emotts.text.english.units import ABBREVIATIONS

__all__ = ["expand_abbreviations", "spell"]

_POINTED = re.compile(r"(?<![\w.])(?:[A-Za-z]\.){2,16}+(?=$|[^\w])|(?<![\w.])(?:[A-Z]\.){1,16}[A-Z](?![\w.])")
_DEGREE = re.compile(r"(?<!\w)Ph\.? ?D\b\.?")
_LATIN_WORDS = {
    "e.g.": "for example",
    "i.e.": "that is",
    "a.k.a.": "also known as",
    "et al.": "et al",
    "w/o": "without",
    "w/": "with ",
}
_AMBIGUOUS = ("No", "no", "p", "ch", "ed", "Sun", "Sat", "Mar", "est", "fig")
_SHORT_NAMES = "|".join(sorted(set(ABBREVIATIONS) - set(_AMBIGUOUS), key=len, reverse=True))
_ABBREVIATION = re.compile(rf"(?<![\w.])({_SHORT_NAMES})\.(?=\s|,|$)")
_NUMBERED = re.compile(r"(?<![\w.])(No|no|p|pp|ch|fig|Fig|Vol|vol|Mar|est|Sec|sec|Eq|eq)\.\s?(?=\d)")
_TITLES = re.compile(r"(?<!\w)(Mr|Mrs|Ms|Dr|Prof|vs)(?=\s)")
_STREET = re.compile(r"\b([A-Z][a-z]+|\d+(?:st|nd|rd|th))\sSt\b\.?(?!\s[A-Z][a-z]+'s)")
_SAINT = re.compile(r"(?<!\w)St\.?\s(?=[A-Z][a-z])")
_JOINED = re.compile(r"(?<![A-Za-z])([A-Z]{1,4})&([A-Z])(?![A-Za-z])")
_DRIVE = re.compile(r"(?<=[a-z] )Dr\.?(?=\s*(?:,|$|\.))")
_AND = re.compile(r"(?<=\w )['‘’]n['‘’]?(?= \w)")
_LETTERED = re.compile(r"(?<!\w)[A-Z]{1,3}(?=\d)")
_FROM_TO = re.compile(
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\w+day)\.?\s?[-–]\s?"
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\w+day)\b\.?"
)
_ROMAN = {"II": 2, "III": 3, "IV": 4, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "XI": 11, "XII": 12, "XIII": 13, "XIV": 14,
          "XV": 15, "XVI": 16, "V": 5, "X": 10, "I": 1}  # fmt: skip
_NUMERALS = "|".join(sorted(_ROMAN, key=len, reverse=True))
_PARTS = re.compile(rf"\b(Chapter|Part|Act|Volume|War|Section|Phase|Type|Level|Book|Episode|Scene)\s({_NUMERALS})\b")
_SEQUELS = re.compile(r"(?<=[a-z] )(II|III|IV|VI|VII|VIII|IX|XI|XII|XIII)\b|(?<!\w)(III|VII|VIII|XII|XIII)(?!\w)")
_KINGS = re.compile(
    r"\b(King|Queen|Pope|Henry|Louis|Elizabeth|Charles|George|Edward|Richard|William|James|John|Paul|Philip|Napoleon)"
    rf"\s((?!I\b|V\b|X\b)(?:{_NUMERALS}))\b"
)


def expand_abbreviations(text: str) -> str:
    """Write titles, streets, months, numbered kings and pointed letters in full: Dr. -> doctor, U.S. -> U S."""
    for short, words in _LATIN_WORDS.items():
        text = re.sub(rf"(?<!\w){re.escape(short)}" + (r"\s?" if short == "w/" else r"(?!\w)"), words, text)
    text = _AND.sub("and", _DEGREE.sub("P H D", text))
    text = _FROM_TO.sub(lambda match: f"{_named(match.group(1))} to {_named(match.group(2))}", text)
    text = re.sub(r"(?<!\w)A\s?[-–]\s?Z(?!\w)", "A to Z", _LETTERED.sub(lambda match: f"{spell(match.group())} ", text))
    text = _DRIVE.sub("drive", text)
    text = _STREET.sub(lambda match: f"{match.group(1)} street{_stop(match)}", text)
    text = _SAINT.sub("saint ", text)
    text = _JOINED.sub(lambda match: f"{spell(match.group(1))} and {match.group(2)}", text)
    text = _POINTED.sub(_pointed, text)
    text = _NUMBERED.sub(lambda match: f"{ABBREVIATIONS[match.group(1)]} ", text)
    text = _ABBREVIATION.sub(_expanded, text)
    text = _TITLES.sub(lambda match: ABBREVIATIONS[match.group(1)], text)
    text = _PARTS.sub(lambda match: f"{match.group(1)} {_ROMAN[match.group(2)]}", text)
    text = _KINGS.sub(lambda match: f"{match.group(1)} the {_ROMAN[match.group(2)]}th", text)
    text = _SEQUELS.sub(lambda match: str(_ROMAN[match.group(1) or match.group(2)]), text)
    return re.sub(r"(?<!\w)vs\.?(?=\s)", "versus", text)


def _pointed(match: re.Match[str]) -> str:
    """Take the points out of U.S. and a.m.; at the end of the text the last one ends the sentence."""
    letters = match.group().replace(".", "")
    ends = match.group().endswith(".") and re.match(r"\s*$|\s+[A-Z][a-z]", match.string[match.end() :])
    names = letters.lower() in ("am", "pm") or len(letters) > 3
    return spell(letters) + ("." if ends and (names or not match.string[match.end() :].strip()) else "")


def _named(short: str) -> str:
    """Return the day or month that is shortened to its first letters."""
    return ABBREVIATIONS.get(short, short)


def _stop(match: re.Match[str]) -> str:
    """Return the point of an abbreviation where it also ends the sentence."""
    ends = match.group().endswith(".") and re.match(r"\s*$|\s+[A-Z]", match.string[match.end() :])
    return "." if ends else ""


def _expanded(match: re.Match[str]) -> str:
    ends = not match.string[match.end() :].strip()
    return ABBREVIATIONS[match.group(1)] + ("." if ends else "")


def spell(word: str) -> str:
    """Write the letters of a word apart, in upper case, to be read by their names."""
    return " ".join(word.upper())
