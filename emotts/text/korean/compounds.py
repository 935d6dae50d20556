"""Sounds that change inside Korean compounds, found by their morphemes: 가능+성 [가능썽], 신혼+여행 [신혼녀행].

The examples of the Standard Pronunciation, sections 26 to 29. ``data/sino_sounds.tsv`` lists Sino-Korean words whose
sound their spelling does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

from emotts.text.korean.morphemes import Morpheme
from emotts.text.tables import read_pairs

__all__ = ["Compounds"]

_LAX = (0, 3, 7, 9, 12)
"""Onsets ㄱ, ㄷ, ㅂ, ㅅ and ㅈ; the tense one follows each."""
_SIZE = 588
"""Syllables of one onset."""

_SUFFIXES: Mapping[str, str] = MappingProxyType({"성": "썽", "증": "쯩", "권": "꿘"})
"""Suffixes that are always tense behind a stem of two syllables: 중요성 [중요썽], 우울증 [우울쯩]."""

_AFTER_SONORANT: Mapping[str, str] = MappingProxyType(
    {
        "길": "낄",
        "값": "깞",
        "소리": "쏘리",
        "속": "쏙",
        "바람": "빠람",
        "빛": "삧",
        "가루": "까루",
        "국": "꾹",
        "결": "껼",
    }
)
"""Second parts that are tense behind ㄴ, ㅁ, ㅇ and ㄹ: 꿈길, 땅값, 웃음소리."""

_ALWAYS = ("길", "값")
_INSERTING = (
    "여행",
    "요리",
    "약",
    "열",
    "역",
    "잎",
    "이불",
    "여름",
    "연필",
    "윷",
    "유리",
    "이야기",
    "여성",
    "요법",
    "염",
)
"""Second parts before which ㄴ is inserted behind a consonant: 한여름, 눈약, 수학여행."""

_N_AFTER_N: Mapping[str, str] = MappingProxyType(
    {"력": "녁", "로": "노", "료": "뇨", "론": "논", "량": "냥", "령": "녕", "류": "뉴", "률": "뉼",
     "란": "난", "례": "녜",
     "율": "뉼", "록": "녹", "력자": "녁자"}
)  # fmt: skip
"""Suffixes with ㄹ that have ㄴ behind ㄴ, after a stem of two syllables: 생산량 [생산냥], 출산율 [출싼뉼]."""

# ㄹ of an ending makes what follows tense: 갈수록, 먹을지, 할게
_ADNOMINAL = re.compile("(?<=[가-힣])(?:수록|지|게|걸|거|세|진대|뿐)")


class Compounds:
    """Respells compounds as they sound; the number of characters stays the same."""

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return read_pairs("emotts.text.korean", "sino_sounds.tsv")

    def respell(self, spelled: str, text: str, parts: Sequence[Morpheme], *, taken: Collection[int]) -> str:
        """Change the sounds of a text that no word of the lexicon says.

        Args:
            spelled: the text, respelled by the lexicon.
            text: as it is written.
            parts: its morphemes.
            taken: places of letters that the lexicon has said.
        """
        # what the lexicon has said differs from any letter
        sounds = ["" if place in taken else char for place, char in enumerate(spelled)]
        for first in range(len(parts)):
            self._word(sounds, text, parts, first)
        for before, part in pairwise(parts):
            if part.start == before.end and before.is_nominal:
                _second(sounds, text, before, part)
            elif part.start == before.end and before.tag.endswith("ETM") and _final(before.text[-1]) == _RIEUL:
                # 할것을 [할꺼슬], as 할 것을 with a space
                _put(sounds, text, part.start, _tensed(part.text[0]))
        for part in parts:
            last = part.text[-1]
            if last in _ALWAYS and part.tag == "NNG" and len(part.text) > 1 and _final(part.text[-2]) in _SONORANTS:
                _put(sounds, text, part.end - 1, _AFTER_SONORANT[last])
            if "E" in part.tag or part.text.endswith("수록"):
                _ending(sounds, text, part)
        return "".join(sound or char for sound, char in zip(sounds, spelled, strict=True))

    def _word(self, sounds: list[str], text: str, parts: Sequence[Morpheme], first: int) -> None:
        """Respell the longest word of the table that begins with a morpheme and ends with one."""
        if not parts[first].is_nominal:
            return
        start = parts[first].start
        for last in range(min(first + 4, len(parts)) - 1, first - 1, -1):
            end = parts[last].end
            whole = parts[last].is_nominal or last > first
            if not whole or " " in text[start:end]:
                continue
            for size in (3, 2):
                # a longer morpheme may end with a word of the table
                place = end - size
                known = self._words.get(text[place:end]) if place >= start else None
                if known and (parts[last].is_nominal or place == start):
                    _put(sounds, text, place, known)
                    return


_NIEUN, _RIEUL = 4, 8
_SONORANTS = (4, 8, 16, 21)


def _second(sounds: list[str], text: str, before: Morpheme, part: Morpheme) -> None:
    """Respell the second of two morphemes of one word."""
    final = _final(before.text[-1])
    stem = before.end - _word_start(text, before.end)
    if part.tag.startswith("XSN") or part.tag.startswith("N"):
        if part.tag.startswith("XSN") and part.text in _SUFFIXES and stem >= 2:
            _put(sounds, text, part.start, _SUFFIXES[part.text])
        elif part.text == "적" and part.tag.startswith("XSN") and final == _RIEUL:
            _put(sounds, text, part.start, "쩍")
        elif part.text in _AFTER_SONORANT and final in _SONORANTS:
            _put(sounds, text, part.start, _AFTER_SONORANT[part.text])
        elif part.text in _INSERTING and final:
            _put(sounds, text, part.start, _with_n(part.text))
    if part.text in _N_AFTER_N and final == _NIEUN and stem >= 2 and not part.tag.startswith("J"):
        _put(sounds, text, part.start, _N_AFTER_N[part.text])


def _ending(sounds: list[str], text: str, part: Morpheme) -> None:
    """Make what follows the ㄹ of an ending tense: 갈수록 [갈쑤록], 먹을지 [머글찌]; 살지 has the ㄹ of its stem."""
    for match in _ADNOMINAL.finditer(part.text):
        place = part.start + match.start()
        if match.start() and _final(part.text[match.start() - 1]) == _RIEUL:
            _put(sounds, text, place, _tensed(text[place]) + match.group()[1:])


def _put(sounds: list[str], text: str, start: int, sound: str) -> None:
    """Write a sound over letters that are still as written."""
    for place, char in enumerate(sound, start):
        if sounds[place] == text[place]:
            sounds[place] = char


def _word_start(text: str, end: int) -> int:
    while end > 0 and "가" <= text[end - 1] <= "힣":
        end -= 1
    return end


def _final(syllable: str) -> int:
    """Return the place of the final consonant, 0 for none."""
    return (ord(syllable) - ord("가")) % 28 if "가" <= syllable <= "힣" else 0


def _with_n(word: str) -> str:
    """Put ㄴ in place of the silent onset of a word: 여행 -> 녀행."""
    return chr(ord(word[0]) - (11 - 2) * _SIZE) + word[1:]


def _tensed(syllable: str) -> str:
    onset = (ord(syllable) - ord("가")) // _SIZE
    return chr(ord(syllable) + _SIZE) if onset in _LAX else syllable
