"""Pronunciations of English words: dictionary, endings and compounds, and for all others the spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping

from emotts.text.english.dictionary import CmuDictionary
from emotts.text.english.lexicon import LETTERS, WORDS
from emotts.text.english.spelling import SpellingReader

__all__ = ["WordReader"]

_CLITICS = {"'ll": "AH0 L", "'ve": "AH0 V", "'re": "ER0", "'m": "M", "n't": "AH0 N T", "'d": "D"}
_ENDINGS = {
    "ly": "L IY0", "ness": "N AH0 S", "less": "L AH0 S", "ful": "F AH0 L", "ment": "M AH0 N T", "ship": "SH IH2 P",
    "hood": "HH UH2 D", "dom": "D AH0 M", "ish": "IH0 SH", "like": "L AY2 K", "wise": "W AY2 Z", "able": "AH0 B AH0 L",
    "er": "ER0", "est": "AH0 S T", "ing": "IH0 NG", "y": "IY0", "ist": "IH0 S T", "ism": "IH2 Z AH0 M",
    "proof": "P R UW2 F", "gate": "G EY2 T",
}  # fmt: skip
_BEGINNINGS = {
    "un": "AH2 N", "re": "R IY2", "pre": "P R IY2", "non": "N AA2 N", "over": "OW2 V ER0", "under": "AH2 N D ER0",
    "out": "AW2 T", "mis": "M IH2 S", "anti": "AE2 N T IY0", "super": "S UW2 P ER0", "sub": "S AH2 B",
    "inter": "IH2 N T ER0", "micro": "M AY2 K R OW0", "mega": "M EH2 G AH0", "cyber": "S AY2 B ER0",
    "post": "P OW2 S T", "multi": "M AH2 L T IY0", "counter": "K AW2 N T ER0", "semi": "S EH2 M IY0",
    "nano": "N AE2 N OW0", "bio": "B AY2 OW0", "tele": "T EH2 L AH0", "auto": "AO2 T OW0", "hyper": "HH AY2 P ER0",
}  # fmt: skip
_HISSING = ("S", "Z", "SH", "CH", "JH", "ZH")
_VOICELESS = ("P", "T", "K", "F", "TH")
_SHORTEST = 3
_LONGEST = 40
_LONGEST_SPELLED, _LONGEST_PART = 20, 12
_DRAWN_OUT = re.compile(r"(.)\1{2,}")


class WordReader:
    """Says single words."""

    def __init__(
        self,
        dictionary: CmuDictionary,
        spelling: SpellingReader,
        *,
        own: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Take the dictionary, the reader of all other words, and words whose phones win."""
        self._words = {**WORDS, **(own or {})}
        self._dictionary = dictionary
        self._spelling = spelling

    def read(self, word: str) -> tuple[str, ...]:
        """Return the phones of a word in lower case (letters and apostrophes): ARPAbet with stress.

        A single letter in upper case is read by its name.
        """
        if len(word) == 1 and word.isupper():
            return LETTERS[word.lower()]
        known = self._known(word) or self._drawn_out(word)
        if known:
            return known
        letters = word.replace("'", "")
        if len(letters) > _LONGEST:
            return tuple(phone for part in _parts(letters) for phone in self.read(part))
        known = self._with_ending(word) or self._compound(word)
        if known:
            return known
        if not set(letters) & set("aeiouy"):
            return tuple(phone for letter in letters for phone in LETTERS[letter])
        return tuple(phone for part in _parts(letters) for phone in self._spelling.read(part))

    def knows(self, word: str) -> bool:
        """Say whether a word in lower case stands in a dictionary."""
        return word in self._words or word in self._dictionary

    def _known(self, word: str) -> tuple[str, ...] | None:
        return self._words.get(word) or self._dictionary.first(word)

    def _drawn_out(self, word: str) -> tuple[str, ...] | None:
        """Read a word that is known but for letters held long: sooo, yesss, coool."""
        if not _DRAWN_OUT.search(word):
            return None
        once, twice = _DRAWN_OUT.sub(r"\1", word), _DRAWN_OUT.sub(r"\1\1", word)
        # sooo is so, but cooool is cool and seee is see
        ends = word[-3] == word[-1] and word[-1] != "e"
        return self._known(once if ends else twice) or self._known(twice if ends else once)

    def _stem(self, word: str) -> tuple[str, ...] | None:
        return self._known(word) if len(word) >= _SHORTEST else None

    def _with_ending(self, word: str) -> tuple[str, ...] | None:
        """Read a word that is a known one, or any before an apostrophe, with an ending."""
        if word.endswith(("'s", "s'")):
            base = self.read(word[:-2] if word.endswith("'s") else word[:-1])
            return (*base, *_hiss(base[-1])) if word.endswith("'s") else base
        for clitic, phones in _CLITICS.items():
            if word.endswith(clitic) and len(word) > len(clitic):
                base = self.read(word.removesuffix(clitic))
                short = phones.removeprefix("AH0 ") if clitic == "'ve" and base[-1][-1].isdigit() else phones
                return (*base, *(("IH0", "D") if clitic == "'d" and base[-1] in ("T", "D") else short.split()))
        return self._ended(word) or self._begun(word)

    def _inflected(self, word: str) -> tuple[str, ...] | None:
        for ending, cut in (("ies", 3), ("es", 2), ("s", 1)):
            base = self._stem(word[:-cut] + ("y" if ending == "ies" else "")) if word.endswith(ending) else None
            if base and not word.endswith("ss"):
                return (*base, *_hiss(base[-1]))
        base = self._base_of(word, "ed")
        if base:
            return (*base, *(("IH0", "D") if base[-1] in ("T", "D") else ("T",) if _is_voiceless(base[-1]) else ("D",)))
        return None

    def _begun(self, word: str) -> tuple[str, ...] | None:
        """Read a known word with a beginning: rewatched."""
        for beginning, phones in _BEGINNINGS.items():
            rest = word.removeprefix(beginning)
            known = self._stem(rest) or (self._ended(rest) if len(rest) > _SHORTEST else None)
            if rest != word and known:
                return (*phones.split(), *known)
        return None

    def _ended(self, word: str) -> tuple[str, ...] | None:
        """Read a known word with an ending: tweetable."""
        for ending, phones in _ENDINGS.items():
            base = self._base_of(word, ending)
            if base:
                return (*base, *phones.split())
        return self._inflected(word)

    def _base_of(self, word: str, ending: str) -> tuple[str, ...] | None:
        """Find the word before an ending: googled -> google, vlogging -> vlog, happily -> happy."""
        if not word.endswith(ending):
            return None
        base = word.removesuffix(ending)
        forms = [base, base + "e"] if ending[0] in "aeiy" else [base]
        if len(base) > _SHORTEST and base[-1] == base[-2] and ending[0] in "aeiy":
            forms.insert(1, base[:-1])
        if base.endswith("i"):
            forms.append(base[:-1] + "y")
        return next((found for form in forms if (found := self._stem(form))), None)

    def _compound(self, word: str) -> tuple[str, ...] | None:
        """Read a word that is two known ones, with less stress on the second: smartwatch."""
        for cut in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
            if max(cut, len(word) - cut) <= _SHORTEST:
                continue
            first, second = self._known(word[:cut]), self._known(word[cut:]) or self._inflected(word[cut:])
            if first and second:
                return (*first, *(phone.replace("1", "2") for phone in second))
        return None


def _parts(letters: str) -> list[str]:
    """Cut a word that is too long for the network before consonants with a vowel behind them."""
    parts: list[str] = []
    while len(letters) > (_LONGEST_PART if parts else _LONGEST_SPELLED):
        cuts = range(_LONGEST_PART, _LONGEST_PART // 2, -1)
        cut = next((cut for cut in cuts if _begins_syllable(letters[cut - 1 : cut + 2])), _LONGEST_PART)
        parts.append(letters[:cut])
        letters = letters[cut:]
    return [*parts, letters]


def _begins_syllable(around: str) -> bool:
    """Say whether a syllable begins at the second of three letters."""
    vowels = [letter in "aeiouy" for letter in around]
    return vowels == [True, False, True]


def _hiss(last: str) -> tuple[str, ...]:
    if last in _HISSING:
        return ("IH0", "Z")
    return ("S",) if last in _VOICELESS else ("Z",)


def _is_voiceless(phone: str) -> bool:
    return phone in (*_VOICELESS, "S", "SH", "CH")
