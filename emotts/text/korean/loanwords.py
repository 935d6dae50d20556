"""English pronunciations in Hangul, by the rules for loanwords (외래어 표기법): season -> 시즌, ticket -> 티켓.

Koreans write an unclear vowel by its letter (model -> 모델), a stop behind a short vowel as a final (hot -> 핫), and
all other consonants without a vowel with ㅡ or ㅣ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from emotts.text.korean.english_sounds import END, Sound, english_sounds

__all__ = ["english_hangul"]

_ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_NUCLEI = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_CODAS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_CONSONANTS = {
    "B": "ㅂ", "CH": "ㅊ", "D": "ㄷ", "DH": "ㄷ", "F": "ㅍ", "G": "ㄱ", "HH": "ㅎ", "JH": "ㅈ", "K": "ㅋ", "L": "ㄹ",
    "M": "ㅁ", "N": "ㄴ", "P": "ㅍ", "R": "ㄹ", "S": "ㅅ", "SH": "ㅅ", "T": "ㅌ", "TH": "ㅅ", "V": "ㅂ", "Z": "ㅈ",
    "ZH": "ㅈ", "TS": "ㅊ", "DZ": "ㅈ", "NG": "ㅇ", "": "ㅇ",
}  # fmt: skip
_ALONE = {"CH": "ㅣ", "JH": "ㅣ", "ZH": "ㅣ"}
_STOPS = {"P": "ㅂ", "T": "ㅅ", "K": "ㄱ"}
_NASALS = {"M": "ㅁ", "N": "ㄴ", "NG": "ㅇ", "L": "ㄹ"}
_VOWELS = {
    "AA": "ㅏ", "AE": "ㅐ", "AH": "ㅓ", "AO": "ㅗ", "AW": "ㅏㅜ", "AY": "ㅏㅣ", "EH": "ㅔ", "ER": "ㅓ", "EY": "ㅔㅣ",
    "IH": "ㅣ", "IY": "ㅣ", "OW": "ㅗ", "OY": "ㅗㅣ", "UH": "ㅜ", "UW": "ㅜ",
}  # fmt: skip
_SHORT = ("AA", "AE", "AH", "EH", "IH", "UH", "AO")
_W_GLIDES = dict(zip("ㅏㅓㅗㅔㅐㅣㅜㅡ", "ㅘㅝㅝㅞㅙㅟㅜㅜ", strict=True))
_Y_GLIDES = dict(zip("ㅏㅓㅗㅔㅐㅣㅜㅡ", "ㅑㅕㅛㅖㅒㅣㅠㅠ", strict=True))
_ENDINGS = {"D": ("ed",), "Z": ("es",), "S": ("ness", "less"), "JH": ("age",), "T": ("ate",)}
_BY_LETTER = {"a": "ㅓ", "e": "ㅔ", "i": "ㅣ", "y": "ㅣ", "o": "ㅗ", "u": "ㅓ", "_": "ㅡ"}
_LATIN_END = re.compile("(?:[ao]|[^aeiou]i)s?$")


def english_hangul(phones: Sequence[str], *, spelled: str) -> str:
    """Return a pronunciation (ARPAbet with stress) in Hangul; the spelling tells what an unclear vowel becomes."""
    return _Writer(english_sounds(phones, spelled=spelled), spelled).written()


class _Writer:
    """Writes sounds syllable by syllable."""

    def __init__(self, sounds: Sequence[Sound], spelled: str) -> None:
        self._sounds = sounds
        self._spelled = spelled
        self._syllables: list[list[str]] = []
        self._onset: list[str] = []

    def written(self) -> str:
        for place, sound in enumerate(self._sounds):
            following = self._sounds[place + 1] if place + 1 < len(self._sounds) else END
            if sound.is_vowel:
                self._vowel(place, sound, following)
            elif sound.name in ("W", "Y"):
                self._onset.append(sound.name)
            elif (
                following.is_vowel
                or following.name == "Y"
                or (following.name == "W" and sound.name in ("K", "G", "HH"))
            ):
                self._before_vowel(sound.name)
            else:
                self._alone(place, sound.name, following)
        return "".join(_composed(*syllable) for syllable in self._syllables)

    def _before_vowel(self, name: str) -> None:
        last = self._syllables[-1] if self._syllables else None
        if name == "L" and last is not None and not last[2]:
            last[2] = "ㄹ"
        if name == "NG" and last is not None:
            last[2] = "ㅇ"
        self._onset.append(name)

    def _vowel(self, place: int, sound: Sound, following: Sound) -> None:
        onset = next((name for name in self._onset if name not in ("W", "Y")), "")
        nuclei = self._nucleus(place, sound, following, onset=onset)
        first, rest = nuclei[0], nuclei[1:]
        before = self._sounds[place - 1].name if place else ""
        if "W" in self._onset:
            first = _W_GLIDES["ㅓ" if sound.name in ("AA", "AO") and following.name in ("L", "T", "N", "R") else first]
        elif "Y" in self._onset and onset in ("L", "N", "V") and sound.name in ("AH", "ER") and not sound.stressed:
            # 밀리언 and not 밀련
            self._syllables.append([_CONSONANTS[onset], "ㅣ", ""])
            onset = ""
        elif "Y" in self._onset or onset == "SH" or self._is_softened(sound, onset):
            first = _Y_GLIDES[first]
        elif before == "AW" and sound.name == "ER" and self._syllables:
            # 파워 and not 파우어
            self._syllables.pop()
            first = "ㅝ"
        self._syllables.append([_CONSONANTS[onset], first, ""])
        self._syllables += [["ㅇ", nucleus, ""] for nucleus in rest]
        if sound.name == "ER" and following.is_vowel:
            self._onset = ["R"]
            return
        self._onset = []

    def _is_softened(self, sound: Sound, onset: str) -> bool:
        """Say whether T, D, N or S before a u is written with a glide: 튜브, 뉴스, 슈퍼."""
        return (
            sound.name == "UW"
            and onset in ("T", "D", "N", "S")
            and sound.letters[:1] in ("u", "e")
            and sound.letters != "ee"
        )

    def _nucleus(self, place: int, sound: Sound, following: Sound, *, onset: str) -> str:
        name, letter = sound.name, sound.letters[:1]
        if name == "AA" and letter == "o":
            single = sum(other.is_vowel for other in self._sounds) == 1
            return "ㅏ" if single and following.name == "T" else "ㅗ"
        if name == "AA" and sound.letters in ("au", "aw", "ou"):
            return "ㅗ"
        if letter == "a" and name in ("AE", "AH", "AA") and _LATIN_END.search(self._spelled):
            return "ㅏ"
        if name == "EH" and letter == "a" and following.name == "R":
            return "ㅐ" if sound.stressed else "ㅓ"
        if name in ("IH", "AH") and not sound.stressed and self._is_ending(place, following):
            return "ㅣ"
        if name == "IH" and not sound.stressed and letter == "e":
            begins = not any(other.is_vowel for other in self._sounds[:place])
            return "ㅣ" if begins else "ㅔ"
        if name == "ER" and following.is_vowel:
            return {"o": "ㅗ", "i": "ㅣ"}.get(letter, "ㅔ" if self._spelled.endswith("era") else "ㅓ")
        if name == "AH" and not sound.stressed:
            return self._unclear(place, sound, following, onset=onset)
        return _VOWELS[name]

    def _is_ending(self, place: int, following: Sound) -> bool:
        """Say whether a vowel is that of an ending that is written with ㅣ: wanted, boxes, business, message."""
        last = place + 2 == len(self._sounds)
        return last and self._spelled.endswith(_ENDINGS.get(following.name, ()))

    def _unclear(self, place: int, sound: Sound, following: Sound, *, onset: str) -> str:
        letter = sound.letters[:1]
        behind = self._sounds[place + 2] if place + 2 < len(self._sounds) else END
        if letter == "u" and "Y" in self._onset:
            return "ㅜ"
        if sound.letters == "u" and following.name == "L" and behind is END and self._spelled.endswith("ful"):
            return "ㅜ"
        if letter == "o" and following.name == "M":
            return "ㅓ"
        if following.name in ("N", "L") and onset in ("SH", "ZH", "CH", "JH") and letter != "e":
            return "ㅓ"
        if following.name == "N" and behind is END and not self._spelled.endswith("an"):
            dropped = {"o": ("S", "Z"), "e": ("S", "Z", "T", "D", "V", "P", "K", "B")}.get(letter, ())
            doubled = onset == "T" and "tton" in self._spelled
            return (
                "ㅡ" if onset in dropped or doubled else "ㅓ" if onset in ("T", "K") else _BY_LETTER.get(letter, "ㅓ")
            )
        if following.name == "N" and letter == "e":
            return "ㅓ"
        if following is END:
            return "ㅏ" if self._spelled.endswith(("a", "ah")) else _BY_LETTER.get(letter, "ㅓ")
        if self._spelled.startswith(("con", "com")) and not any(other.is_vowel for other in self._sounds[:place]):
            return "ㅓ"
        return "ㅓ" if sound.letters in ("ou", "io", "eo", "ea", "ia", "iou") else _BY_LETTER.get(letter, "ㅓ")

    def _alone(self, place: int, name: str, following: Sound) -> None:
        """Write a consonant that no vowel follows: as a final, or with ㅡ or ㅣ."""
        last = self._syllables[-1] if self._syllables else None
        before = self._sounds[place - 1] if place else END
        if self._onset:
            self._onset = []
        if name == "R" or (name in _NASALS and last is not None and not last[2]):
            if name in _NASALS and last is not None:
                last[2] = _NASALS[name]
            else:
                self._syllables.append(["ㄹ", "ㅡ", ""])
            return
        if name in _NASALS:
            self._syllables.append(["ㄹ" if last is not None and last[2] == "ㄹ" else "ㅇ", "ㅡ", _NASALS[name]])
            return
        short = before.name in _SHORT and not before.long and not (before.name == "AO" and before.letters != "o")
        short = short or (before.name == "IY" and name == "P")
        if (
            name in _STOPS
            and last is not None
            and short
            and not last[2]
            and following.name not in ("L", "R", "M", "N", "W")
        ):
            last[2] = _STOPS[name]
            return
        vowel = _ALONE.get(name, "ㅡ")
        if name == "SH":
            vowel = "ㅣ" if following is END else "ㅠ"
        self._syllables.append([_CONSONANTS[name], vowel, ""])


def _composed(onset: str, nucleus: str, coda: str) -> str:
    place = (_ONSETS.index(onset) * len(_NUCLEI) + _NUCLEI.index(nucleus)) * len(_CODAS)
    return chr(ord("가") + place + _CODAS.index(coda or " "))
