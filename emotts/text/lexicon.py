"""Words of the user: a file of ``word<TAB>reading`` lines whose readings win over every rule and dictionary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from emotts.errors import TextError
from emotts.text.patterns import any_of

__all__ = ["NO_LEXICON", "Lexicon", "read_lexicon"]

_PHONES = re.compile(r"(?=.*[0-2])[A-Z]{1,2}[0-2]?(?: [A-Z]{1,2}[0-2]?)*")
_READINGS: Mapping[str, tuple[re.Pattern[str], str]] = MappingProxyType(
    {
        "KR": (re.compile("[가-힣]+(?: [가-힣]+)*"), "Hangul"),
        "JP": (re.compile("[ぁ-ゖァ-ヺー]+"), "hiragana or katakana"),
        "EN": (re.compile("[A-Za-z][A-Za-z' -]*|" + _PHONES.pattern), "English words, or ARPAbet: K AA1 R"),
    }
)
_ARPABET = frozenset(
    [
        "AA",
        "AE",
        "AH",
        "AO",
        "AW",
        "AY",
        "EH",
        "ER",
        "EY",
        "IH",
        "IY",
        "OW",
        "OY",
        "UH",
        "UW",
        "B",
        "CH",
        "D",
        "DH",
        "F",
        "G",
        "HH",
        "JH",
        "K",
        "L",
        "M",
        "N",
        "NG",
        "P",
        "R",
        "S",
        "SH",
        "T",
        "TH",
        "V",
        "W",
        "Y",
        "Z",
        "ZH",
    ]
)


@dataclass(frozen=True)
class Lexicon:
    """Words and their readings: ``written`` as text of the language, ``phones`` (English only) as ARPAbet.

    A word of Latin letters is matched whole and in any case; one of another script where it begins a word.
    """

    written: Mapping[str, str]
    phones: Mapping[str, tuple[str, ...]]

    def mask(self, text: str) -> str:
        """Return a text with a letter in place of every character of the words."""
        return self._words.sub(lambda match: "a" * len(match.group()), text) if self.written else text

    def apply(self, text: str) -> str:
        """Return a text with the reading in place of every word."""
        return self._words.sub(lambda match: self._folded[match.group().lower()], text) if self.written else text

    @cached_property
    def _folded(self) -> Mapping[str, str]:
        return {word.lower(): reading for word, reading in self.written.items()}

    @cached_property
    def _words(self) -> re.Pattern[str]:
        latin = [word for word in self.written if word[0].isascii() and word[0].isalnum()]
        others = [word for word in self.written if word not in latin]
        ends = r"(?![A-Za-z0-9])"
        found = [rf"(?<![A-Za-z0-9])(?:{any_of(latin)}){ends}"] if latin else []
        found += [rf"(?<![가-힣])(?:{any_of(others)})"] if others else []
        return re.compile("|".join(found), re.IGNORECASE)


NO_LEXICON = Lexicon(MappingProxyType({}), MappingProxyType({}))
"""No words of the user."""


def read_lexicon(path: Path, *, language: str) -> Lexicon:
    """Read a user's lexicon: UTF-8, ``word<TAB>reading`` a line; empty lines and ``# ...`` are passed over.

    Args:
        path: the file.
        language: ``KR`` (readings in Hangul), ``JP`` (in kana) or ``EN`` (in English words or ARPAbet).

    Raises:
        TextError: if the file is missing or not UTF-8, or a line is not of that form; names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise TextError(
            "lexicon is missing", where=path, remedy="make it (it may be empty), or correct text.lexicon in params.yaml"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise TextError("lexicon cannot be read", where=path, found=str(error), wanted="a UTF-8 text file") from error
    written: dict[str, str] = {}
    phones: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("# "):
            continue
        word, reading = _entry(line, language=language, where=f"{path}:{number}")
        if word.lower() in {*map(str.lower, written), *phones}:
            raise TextError("word stands twice in the lexicon", where=f"{path}:{number}", found=repr(word))
        if language == "EN" and _PHONES.fullmatch(reading):
            phones[word.lower()] = tuple(reading.split())
        else:
            written[word] = reading
    return Lexicon(written, phones)


def _entry(line: str, *, language: str, where: str) -> tuple[str, str]:
    word, _, reading = (part.strip() for part in line.partition("\t"))
    form, named = _READINGS[language]
    if not word or not reading:
        raise TextError(
            "line of the lexicon is no entry", where=where, found=repr(line[:80]), wanted="word<TAB>reading"
        )
    if not form.fullmatch(reading):
        raise TextError(f"reading of {word!r} cannot be used", where=where, found=repr(reading), wanted=named)
    if language == "EN" and _PHONES.fullmatch(reading):
        unknown = [phone for phone in reading.split() if phone.rstrip("012") not in _ARPABET]
        if unknown:
            raise TextError(
                f"reading of {word!r} has unknown phones", where=where, found=" ".join(unknown), wanted=named
            )
        if not re.fullmatch("[A-Za-z]+(?:'[A-Za-z]+)*", word):
            raise TextError(
                f"word {word!r} cannot have phones", where=where, wanted="a word of letters, or a reading in words"
            )
    return word, reading
