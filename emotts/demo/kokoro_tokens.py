"""Korean phones written in the alphabet that the Kokoro voice reads.

Kokoro knows no Korean, but its alphabet (IPA) has a sound near each Korean one. The tables map the
conjoining jamo of the front end to it; plain stops are voiced after a voiced sound, as Korean has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from emotts.errors import TextError

__all__ = ["MARKS", "SPACE", "Clause", "clauses", "spellings"]

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
SPACE = " "
"""Stands between words; Kokoro has a token for it, but it is no phone."""
MARKS = frozenset(".,!?…")
"""The marks that are spoken, as pauses and as melody."""
_PALATAL = frozenset("ᅣᅤᅧᅨᅭᅲᅱᅵ")
_VOICED_CODAS = frozenset("ᆫᆯᆷᆼ")
_SENTENCE_ENDS = frozenset(".!?…")


@dataclass(frozen=True)
class Clause:
    """A piece of an utterance that is spoken in one breath, its closing mark included."""

    phones: tuple[str, ...]
    text: str
    ends_sentence: bool

    @property
    def syllables(self) -> int:
        """Number of syllables."""
        return _syllables(self.phones)


def spellings(phones: Sequence[str]) -> list[str]:
    """Return the Kokoro spelling of each of some Korean phones (jamo, spaces, and the marks ``.,!?…``).

    One character is one token of Kokoro; the silent onset has none.

    Raises:
        TextError: if a phone is neither a modern jamo that Korean pronunciation can give nor a known mark.
    """
    befores = ["", *phones[:-1]]
    afters = [*phones[1:], ""]
    return [
        _spell(phone, before=before, after=after) for phone, before, after in zip(phones, befores, afters, strict=True)
    ]


def clauses(phones: Sequence[str], text: str, *, min_syllables: int = 4) -> list[Clause]:
    """Cut the phones of one utterance behind its marks, and put the spaces of ``text`` back between words.

    A clause under ``min_syllables`` is spoken in one breath with the next (the last one with that before it).

    Raises:
        TextError: if phones and text do not have the same number of syllables.
    """
    cut: list[tuple[str, ...]] = []
    current: tuple[str, ...] = ()
    spaced = list(_spaced([phone for phone in phones if phone != "_"], text))
    for phone, following in zip(spaced, [*spaced[1:], " "], strict=True):
        current += (phone,)
        at_mark = phone in MARKS and following not in MARKS
        if at_mark and _syllables(current) >= min_syllables:
            cut.append(current)
            current = ()
    if cut and _syllables(current) < min_syllables:
        cut[-1] += current
    else:
        cut.append(current)
    words = iter(text.split())
    return [
        Clause(part, _take_words(words, _syllables(part)), ends_sentence=part[-1] in _SENTENCE_ENDS or last)
        for part, last in ((part[part[0] == " " :], part is cut[-1]) for part in cut)
    ]


def _syllables(phones: Sequence[str]) -> int:
    return sum(phone in _NUCLEI for phone in phones)


def _take_words(words: Iterator[str], syllables: int) -> str:
    """Take words from the front until they have as many syllables."""
    taken: list[str] = []
    while syllables > 0:
        taken.append(next(words))
        syllables -= _hangul(taken[-1])
    return " ".join(taken)


def _hangul(word: str) -> int:
    return sum("가" <= character <= "힣" for character in word)


def _spell(phone: str, *, before: str, after: str) -> str:
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
    if phone in MARKS or phone == SPACE:
        return phone
    raise TextError(
        f"phone {phone!r} cannot be spoken by the demo's voice",
        wanted="jamo of Korean pronunciation, or one of . , ! ? …",
        remedy="read the text with emotts.text.frontend.front_end('KR')",
    )


def _spaced(phones: Sequence[str], text: str) -> Iterator[str]:
    """Yield ``phones`` with a space where a word of ``text`` ends; every syllable begins with an onset."""
    words = [_hangul(word) for word in text.split()]
    syllables = sum(phone in _ONSETS for phone in phones)
    if not syllables or sum(words) != syllables:
        raise TextError(
            "phones do not belong to the text", found=f"{syllables} syllables", wanted=sum(words), where=text
        )
    word_starts = {sum(words[:place]) for place in range(1, len(words))}
    spoken = 0
    for phone in phones:
        if phone in _ONSETS:
            if spoken in word_starts:
                yield " "
            spoken += 1
        yield phone
