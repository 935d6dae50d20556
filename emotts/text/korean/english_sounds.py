"""The sounds of an English word as Koreans hear them: R behind a vowel is left out, T S is one sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from emotts.text.english.vowels import vowel_letters

__all__ = ["END", "Sound", "english_sounds"]

_VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")


@dataclass(frozen=True)
class Sound:
    """A sound of ARPAbet, or two that are one here; a vowel with its stress, its letters and whether it is held."""

    name: str
    stressed: bool = False
    letters: str = ""
    long: bool = False

    @property
    def is_vowel(self) -> bool:
        """Whether it is a vowel."""
        return self.name in _VOWELS


END = Sound("")
"""Stands behind the last sound."""


def english_sounds(phones: Sequence[str], *, spelled: str) -> list[Sound]:
    """Join T S and D Z, leave out R behind vowels, and give every vowel its letters."""
    names = [(phone.rstrip("012"), phone.endswith(("1", "2"))) for phone in phones]
    if "ua" in spelled:
        # usual is said with an u and a vowel behind it
        plain = [name for name, _ in names]
        place = next((place for place in range(len(plain) - 2) if plain[place : place + 3] == ["AH", "W", "AH"]), None)
        if place is not None:
            names[place : place + 2] = [("UW", False)]
    count = sum(name in _VOWELS for name, _ in names)
    letters = iter(vowel_letters(spelled, count))
    sounds: list[Sound] = []
    for place, (name, stressed) in enumerate(names):
        before = sounds[-1].name if sounds else ""
        following = names[place + 1][0] if place + 1 < len(names) else ""
        if before + name in ("TS", "DZ") and following not in _VOWELS:
            sounds[-1] = Sound(before + name)
        elif name == "R" and following not in _VOWELS and before in _VOWELS:
            if before in ("EH", "IH", "IY", "UH", "UW", "AY") or (
                before == "AO" and not following and re.search("o(?:re|or|ur)$", spelled)
            ):
                sounds.append(Sound("ER"))
            else:
                sounds[-1] = replace(sounds[-1], long=True)
        else:
            sounds.append(Sound(name, stressed, next(letters) if name in _VOWELS else ""))
    return sounds
