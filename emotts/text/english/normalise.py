"""English normaliser: numbers, dates, money, units, abbreviations and addresses to plain words and marks."""

from __future__ import annotations

import re
from collections.abc import Callable

from emotts.text.addresses import AddressReader
from emotts.text.english.abbreviations import expand_abbreviations, spell
from emotts.text.english.characters import ENGLISH_CHARACTERS
from emotts.text.english.foreign import romanise
from emotts.text.english.quantities import read_quantities
from emotts.text.english.units import MONEY
from emotts.text.lexicon import NO_LEXICON, Lexicon
from emotts.text.marks import space_marks
from emotts.text.normalising import OnUnknown, Spoken, SpokenForms
from emotts.text.patterns import HASHTAG

__all__ = ["Normaliser"]

_SPELLED_DOMAINS = ("ai", "de", "fr", "io", "jp", "kr", "tv", "uk")
_ADDRESS_SIGNS = {
    ".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore", "+": "plus", "~": "tilde",
    "?": "question mark",
    "&": "and", "=": "equals", "#": "hash", "%": "percent", ":": "colon",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*'?")
_CAMEL = re.compile(r"[A-Z]?[a-z']+|[A-Z]+(?![a-z])")
_ALWAYS_SPELLED = frozenset(
    re.findall(
        "[A-Z]+",
        "US IT UN EU PM AM TV PC ID AI OS IP HR PR ER VR AR ML UI UX DJ CO CEO FAQ DIY ATM GPS USB API URL OMG",
    )
)
_QUOTE = re.compile(r"(?<![a-zA-Z])'(?!(?:em|cause|til|tis|twas|round|bout)\b)|(?<=[a-zA-Z])'(?![a-zA-Z])(?<!s')")
_LONGEST_ABBREVIATION = 5
_SIGN_WORDS = {
    "&": " and ", "@": " at ", "+": " plus ", "=": " equals ", "%": " percent ", "#": " number ", "×": " times ",
    "÷": " divided by ", "±": " plus or minus ", "°": " degrees ", "≥": " at least ", "≤": " at most ",
    "≠": " is not equal to ", "≈": " is about ", "∞": " infinity ", "√": " the square root of ", "‰": " per mille ",
    "μ": " mu ", **{sign: f" {names[1]} " for sign, names in MONEY.items()},
}  # fmt: skip


class Normaliser:
    """Writes an English text as it is spoken; what is left is lower-case words and ``! ? … , .``.

    Letters that are read by their names are left in upper case, as words of their own.
    """

    def __init__(
        self, *, knows: Callable[[str], bool], lexicon: Lexicon = NO_LEXICON, on_unknown: OnUnknown = "skip"
    ) -> None:
        """Take what says whether a word in lower case is known, the user's words, and what unknown ones do."""
        self._knows = knows
        self._addresses = AddressReader(_ADDRESS_SIGNS, read_word=_address_word)
        self._forms = SpokenForms(
            ENGLISH_CHARACTERS,
            speak=lambda part, _: self._speak(romanise(part)),
            is_spoken=lambda spoken: re.search("[A-Za-z]", spoken) is not None,
            wanted="at least one word in Latin letters or digits",
            on_unknown=on_unknown,
            lexicon=lexicon,
        )

    def normalise(self, text: str) -> Spoken:
        """Return the text in plain words.

        Raises:
            TextError: if a character cannot be read (with its position) and may not be left out, or nothing is left to
                be spoken.
        """
        return self._forms.of(text)

    def _speak(self, text: str) -> str:
        plain = self._addresses.read(ENGLISH_CHARACTERS.plain(text)).replace("_", " ")
        plain = re.sub(r"\b([CFGD])#(?!\w)", r"\1 sharp", HASHTAG.sub(" hashtag ", plain))
        plain = read_quantities(expand_abbreviations(plain))
        for sign, word in _SIGN_WORDS.items():
            plain = plain.replace(sign, word)
        return _tidy(self._words(plain))

    def _words(self, text: str) -> str:
        shouted = text.upper() == text and len(re.findall("[A-Z]{2,}", text)) > 1
        return _WORD.sub(lambda match: self._word(match, shouted=shouted), text)

    def _word(self, match: re.Match[str], *, shouted: bool) -> str:
        word = match.group()
        stem, mark, ending = word.partition("'")
        lower = word.lower()
        if word == "Polish" and re.search(r"[a-z,]\s+$", match.string[: match.start()]):
            return word
        if len(stem) == 1:
            return self._letter(match)
        if word.isupper() and mark == "" and self._is_spelled(word, shouted=shouted):
            return spell(word)
        if stem.isupper() and ending.lower() == "s" and self._is_spelled(stem, shouted=shouted):
            return f"{spell(stem)}'s"
        if re.fullmatch("[A-Z]{2,5}s", word) and not self._knows(lower):
            return f"{spell(word[:-1])}'s"
        parts = _CAMEL.findall(word)
        if len(parts) > 1 and not word.isupper() and not self._knows(lower):
            spoken = (part.lower() if len(part) > 1 and not part.isupper() else self._part(part) for part in parts)
            return " ".join(spoken)
        return lower

    def _part(self, part: str) -> str:
        return part.lower() if self._knows(part.lower()) and len(part) > 2 else spell(part)

    def _is_spelled(self, word: str, *, shouted: bool) -> bool:
        if shouted:
            return not self._knows(word.lower()) and not set(word) & set("AEIOUY")
        return word in _ALWAYS_SPELLED or (not self._knows(word.lower()) and len(word) <= _LONGEST_ABBREVIATION)

    def _letter(self, match: re.Match[str]) -> str:
        """Read a lone letter: I and the article a are words, all others names of letters."""
        word = match.group()
        before, behind = match.string[: match.start()].rstrip(" "), match.string[match.end() :].lstrip(" ")
        if "'" in word:
            # i'm and o'brien are words; D's is the name of a letter
            return word.lower() if word[0] in "iI" or len(word) > len("D's") else word[0].upper() + word[1:].lower()
        if word in ("I", "i"):
            spelled = re.search(r"(?:^|\s)[A-HJ-Z]$", before) or re.match(r"[A-Z](?![a-z'])", behind)
            return "I" if spelled else "i"
        if word == "a":
            return "a"
        if word == "A":
            begins = before == "" or before[-1] in ".!?…,:"
            return "a" if begins and re.match(r"(?!(?:is|was|and|or|to|for|in|of)\b)[A-Za-z'-]{2}", behind) else "A"
        return word.upper()


def _address_word(word: str) -> str:
    """Read a part of an address: domains of countries by their letters."""
    return spell(word) if word in _SPELLED_DOMAINS or (len(word) == 1 and word.isalpha()) else word


def _tidy(text: str) -> str:
    text = re.sub(r"\s*\n\s*", ". ", text.strip())
    text = re.sub(r"(?<=\w)-(?=\w)", " ", text)
    text = re.sub(r"\s+-+\s+|--+|–|:", ", ", text)
    text = re.sub(r"[^A-Za-z'\s!?…,.]", " ", _QUOTE.sub(" ", text))
    text = re.sub(r"(?<=[a-zA-Z])\.(?=[a-zA-Z])", " ", text)
    return space_marks(text).lstrip(" ,.!?…").rstrip(" ,")
