"""Japanese phones written in the alphabet that the Kokoro voice reads, and where words begin."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pyopenjtalk

from emotts.text.japanese.kana import is_katakana, to_katakana

__all__ = ["japanese_spellings", "japanese_word_ends"]

_CONSONANTS: Mapping[str, str] = MappingProxyType(
    {
        "ch": "ʨ",
        "f": "ɸ",
        "g": "ɡ",
        "j": "ʥ",
        "r": "ɾ",
        "sh": "ɕ",
        "ts": "ʦ",
        "w": "β",
        "y": "j",
        "z": "ʣ",
        "q": "ʔ",
        **{phone: phone for phone in "bdhkmnpstv"},
    }
)
_PALATAL: Mapping[str, str] = MappingProxyType({"h": "ç", "n": "ɲ", "z": "ʥ"})
"""What a consonant becomes before i and in front of y; the others get ʲ."""
_VOWELS: Mapping[str, str] = MappingProxyType({"a": "a", "i": "i", "u": "ɯ", "e": "e", "o": "o"})
_ALREADY_PALATAL = frozenset({"ch", "j", "sh", "y", "w", "q"})
_CENTRAL = frozenset({"s", "z", "ts"})
"""Consonants behind which u is spoken further in front."""
_NASALS: Mapping[str, str] = MappingProxyType({"m": "m", "p": "m", "b": "m", "k": "ŋ", "ɡ": "ŋ", "ʨ": "ɲ", "ʥ": "ɲ"})
_DENTAL = frozenset("ntdɾʣʦzɲ")


def japanese_spellings(phones: Sequence[str]) -> list[str | None]:
    """Return the Kokoro spelling of each of some Japanese phones, None for one that is no Japanese phone.

    Args:
        phones: as the front end gives them, with spaces between the words.
    """
    befores = ["", *phones[:-1]]
    afters = [*phones[1:], ""]
    spelled = [
        _spell(phone, before=before, after=after) for phone, before, after in zip(phones, befores, afters, strict=True)
    ]
    following = [*spelled[1:], None]
    return [
        _nasal(after) if phone == "N" else own for phone, own, after in zip(phones, spelled, following, strict=True)
    ]


def japanese_word_ends(text: str, kana: str) -> set[int]:
    """Return behind how many of the characters of a reading a word ends.

    Args:
        text: as it is written.
        kana: its reading as the front end gives it, without spaces.
    """
    words = _words(text)
    matcher = difflib.SequenceMatcher(a="".join(words), b=kana, autojunk=False)
    same = {block.a + shift: block.b + shift for block in matcher.get_matching_blocks() for shift in range(block.size)}
    lengths = [len(word) for word in words]
    ends = (sum(lengths[: number + 1]) - 1 for number in range(len(words)))
    return {same[end] + 1 for end in ends if end in same}


def _words(text: str) -> list[str]:
    """Return the readings of the words of a text; an ending is part of its verb."""
    words: list[str] = []
    before = ""
    for feature in pyopenjtalk.run_frontend(text):
        reading = to_katakana(feature["pron"].replace("’", ""))
        if not is_katakana(reading):
            before = ""
            continue
        ending = feature["pos"] == "助動詞" or feature["pos_group1"] == "接続助詞"
        if ending and before in {"動詞", "形容詞", "助動詞"}:
            words[-1] += reading
        else:
            words.append(reading)
        before = feature["pos"]
    return words


def _spell(phone: str, *, before: str, after: str) -> str | None:
    if phone in _VOWELS:
        if phone == before:
            return "ː"
        fronted = before in _CENTRAL or (before in _CONSONANTS and _is_palatal(before) and before != "y")
        return "ɨ" if phone == "u" and (fronted or _is_glide(before)) else _VOWELS[phone]
    if _is_glide(phone):
        return _softened(phone[:-1])
    if phone not in _CONSONANTS:
        return None
    if after == "i" and phone not in _ALREADY_PALATAL:
        return _softened(phone)
    return "z" if phone == "z" and after == "u" else _CONSONANTS[phone]


def _is_glide(phone: str) -> bool:
    """Whether a phone is a consonant that glides into its vowel, such as ky."""
    return len(phone) > 1 and phone.endswith("y") and phone[:-1] in _CONSONANTS


def _is_palatal(phone: str) -> bool:
    return phone in _ALREADY_PALATAL - {"w", "q"}


def _softened(phone: str) -> str:
    return _PALATAL.get(phone, f"{_CONSONANTS[phone]}ʲ")


def _nasal(after: str | None) -> str:
    """Return the syllabic nasal before a sound."""
    sound = (after or " ")[0]
    return "n" if sound in _DENTAL else _NASALS.get(sound, "ɴ")
