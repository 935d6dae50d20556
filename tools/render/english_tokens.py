"""English phones (ARPAbet) written in the alphabet that the Kokoro voice reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

__all__ = ["english_spellings"]

_CONSONANTS: Mapping[str, str] = MappingProxyType(
    {
        "ch": "ʧ",
        "dh": "ð",
        "g": "ɡ",
        "hh": "h",
        "jh": "ʤ",
        "ng": "ŋ",
        "r": "ɹ",
        "sh": "ʃ",
        "th": "θ",
        "V": "v",
        "y": "j",
        "zh": "ʒ",
        **{phone: phone for phone in "bdfklmnpstwz"},
    }
)
_VOWELS: Mapping[str, str] = MappingProxyType(
    {
        "aa": "ɑ",
        "ae": "æ",
        "ah": "ʌ",
        "ao": "ɔ",
        "aw": "W",
        "ay": "I",
        "eh": "ɛ",
        "er": "ɜɹ",
        "ey": "A",
        "ih": "ɪ",
        "iy": "i",
        "ow": "O",
        "oy": "Y",
        "uh": "ʊ",
        "uw": "u",
    }
)
_WEAK: Mapping[str, str] = MappingProxyType({"ah": "ə", "er": "əɹ"})
"""Vowels that sound otherwise without stress."""
_STRESS: Mapping[int, str] = MappingProxyType({1: "", 2: "ˈ", 3: "ˌ"})
"""Tone of a vowel -> mark of its stress."""


def english_spellings(phones: Sequence[str], tones: Sequence[int]) -> list[str | None]:
    """Return the Kokoro spelling of each of some English phones, None for one that is no English phone.

    Args:
        phones: as the front end gives them, boundaries and marks left out or not.
        tones: of each phone: for vowels 1 unstressed, 2 primary stress, 3 secondary stress.
    """
    spelled: list[str | None] = []
    for phone, tone in zip(phones, tones, strict=True):
        if phone in _VOWELS:
            sound = _WEAK.get(phone, _VOWELS[phone]) if tone == 1 else _VOWELS[phone]
            spelled.append(_STRESS.get(tone, "") + sound)
        else:
            spelled.append(_CONSONANTS.get(phone))
    return spelled
