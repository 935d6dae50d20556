"""Korean phones written in the alphabet that the Kokoro voice reads.

Kokoro knows no Korean, but its alphabet (IPA) has a sound near each Korean one. The tables map the
conjoining jamo of the front end to it; plain stops are voiced after a voiced sound, as Korean has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

__all__ = ["korean_spellings"]

_ONSETS: Mapping[str, str] = MappingProxyType(
    {
        "ᄀ": "k",
        "ᄁ": "k",
        "ᄂ": "n",
        "ᄃ": "t",
        "ᄄ": "t",
        "ᄅ": "ɾ",
        "ᄆ": "m",
        "ᄇ": "p",
        "ᄈ": "p",
        "ᄉ": "s",
        "ᄊ": "s",
        "ᄋ": "",
        "ᄌ": "ʨ",
        "ᄍ": "ʨ",
        "ᄎ": "ʨʰ",
        "ᄏ": "kʰ",
        "ᄐ": "tʰ",
        "ᄑ": "pʰ",
        "ᄒ": "h",
    }
)
_VOICED: Mapping[str, str] = MappingProxyType({"ᄀ": "ɡ", "ᄃ": "d", "ᄇ": "b", "ᄌ": "ʥ"})
_NUCLEI: Mapping[str, str] = MappingProxyType(
    {
        "ᅡ": "a",
        "ᅢ": "ɛ",
        "ᅣ": "ja",
        "ᅤ": "jɛ",
        "ᅥ": "ʌ",
        "ᅦ": "e",
        "ᅧ": "jʌ",
        "ᅨ": "je",
        "ᅩ": "o",
        "ᅪ": "wa",
        "ᅫ": "wɛ",
        "ᅬ": "we",
        "ᅭ": "jo",
        "ᅮ": "u",
        "ᅯ": "wʌ",
        "ᅰ": "we",
        "ᅱ": "wi",
        "ᅲ": "ju",
        "ᅳ": "ɯ",
        "ᅴ": "ɯi",
        "ᅵ": "i",
    }
)
_CODAS: Mapping[str, str] = MappingProxyType(dict(zip("ᆨᆫᆮᆯᆷᆸᆼ", "kntlmpŋ", strict=True)))
_PALATAL = frozenset("ᅣᅤᅧᅨᅭᅲᅱᅵ")
_VOICED_CODAS = frozenset("ᆫᆯᆷᆼ")


def korean_spellings(phones: Sequence[str]) -> list[str | None]:
    """Return the Kokoro spelling of each of some Korean phones, None for one that is no jamo of Korean pronunciation.

    One character is one token of Kokoro; the silent onset has none.
    """
    befores = ["", *phones[:-1]]
    afters = [*phones[1:], ""]
    return [
        _spell(phone, before=before, after=after) for phone, before, after in zip(phones, befores, afters, strict=True)
    ]


def _spell(phone: str, *, before: str, after: str) -> str | None:
    if phone in _ONSETS:
        if phone in "ᄉᄊ" and after in _PALATAL:
            return "ɕ"
        if phone == "ᄅ" and before == "ᆯ":
            return "l"
        if phone in _VOICED and (before in _NUCLEI or before in _VOICED_CODAS):
            return _VOICED[phone]
        return _ONSETS[phone]
    if phone in _NUCLEI:
        return _NUCLEI[phone]
    if phone in _CODAS:
        return _CODAS[phone]
    return None
