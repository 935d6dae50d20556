"""The classes of phones by which errors are told apart: how a sound is made, for all languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CLASSES", "LANGUAGE_CLASSES", "OTHER", "SILENT_PHONES", "phone_class"]

SILENT_PHONES = frozenset("ᄋ")
"""What is written as a phone and makes no sound: the place of a Korean syllable's missing first consonant."""

_PHONES: Mapping[str, str] = MappingProxyType(
    {
        "vowel": "ᅡ ᅢ ᅥ ᅦ ᅩ ᅮ ᅳ ᅵ a e i o u a: e: i: o: u: aa ae ah ao aw ay eh er ey ih iy ow oy uh uw",
        "glide": "ᅣ ᅤ ᅧ ᅨ ᅪ ᅫ ᅬ ᅭ ᅯ ᅰ ᅱ ᅲ ᅴ w y",
        "plosive": "p b t d k g py by ty dy ky gy",
        "plain_plosive": "ᄀ ᄃ ᄇ",
        "tense_plosive": "ᄁ ᄄ ᄈ ㄸ",
        "aspirated_plosive": "ᄏ ᄐ ᄑ",
        "final_plosive": "ᆨ ᆮ ᆸ",
        "geminate": "q",
        "affricate": "ᄌ ᄍ ᄎ ch jh ts j",
        "fricative": "ᄉ ᄊ ᄒ s z sh zh th dh f v V h hh hy zy",
        "nasal": "ᄂ ᄆ ᆫ ᆷ ᆼ m n ng N my ny",
        "liquid": "ᄅ ᆯ l r ry",
    }
)
"""Korean vowels that begin or end with a glide are one phone; they count as glides."""

LANGUAGE_CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "KR": (
            *("vowel", "glide", "plain_plosive", "tense_plosive", "aspirated_plosive", "final_plosive"),
            *("affricate", "fricative", "nasal", "liquid"),
        ),
        "JP": ("vowel", "glide", "plosive", "geminate", "affricate", "fricative", "nasal", "liquid"),
        "EN": ("vowel", "glide", "plosive", "affricate", "fricative", "nasal", "liquid"),
    }
)
"""The classes that the phones of a language can be in, in the order of tables."""

OTHER = "other"
"""The class of what is in no other."""
CLASSES = (*_PHONES, OTHER)
"""All classes, in the order of tables."""
_CLASS_OF: Mapping[str, str] = MappingProxyType({phone: name for name, row in _PHONES.items() for phone in row.split()})


def phone_class(phone: str) -> str:
    """Return the class of a phone of any language's front end, :data:`OTHER` for one of none."""
    return _CLASS_OF.get(phone, OTHER)
