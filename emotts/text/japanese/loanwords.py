"""English pronunciations in katakana, by the usual rules for loanwords: cat -> キャット, happy -> ハッピー."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from emotts.text.english.vowels import vowel_letters

__all__ = ["english_kana"]

_ROWS = {
    # before a, i, u, e, o; then alone, before a consonant or at the end
    "": "ア イ ウ エ オ -", "B": "バ ビ ブ ベ ボ ブ", "CH": "チャ チ チュ チェ チョ チ",
    "D": "ダ ディ ドゥ デ ド ド", "DH": "ザ ジ ズ ゼ ゾ ズ", "F": "ファ フィ フ フェ フォ フ",
    "G": "ガ ギ グ ゲ ゴ グ", "HH": "ハ ヒ フ ヘ ホ フ", "JH": "ジャ ジ ジュ ジェ ジョ ジ",
    "K": "カ キ ク ケ コ ク", "L": "ラ リ ル レ ロ ル", "M": "マ ミ ム メ モ ム", "N": "ナ ニ ヌ ネ ノ ン",
    "NG": "ンガ ンギ ング ンゲ ンゴ ング", "P": "パ ピ プ ペ ポ プ", "R": "ラ リ ル レ ロ ル",
    "S": "サ シ ス セ ソ ス", "SH": "シャ シ シュ シェ ショ シュ", "T": "タ ティ ツ テ ト ト",
    "TH": "サ シ ス セ ソ ス", "V": "バ ビ ブ ベ ボ ブ", "W": "ワ ウィ ウ ウェ ウォ ウ", "Y": "ヤ イ ユ イェ ヨ イ",
    "Z": "ザ ジ ズ ゼ ゾ ズ", "ZH": "ジャ ジ ジュ ジェ ジョ ジュ", "TS": "ツァ ツィ ツ ツェ ツォ ツ",
    "DZ": "ザ ジ ズ ゼ ゾ ズ",
}  # fmt: skip
_COLUMN = "aiueo"
_VOWELS = {
    "AA": "a", "AE": "a", "AH": "a", "AO": "oー", "AW": "aウ", "AY": "aイ", "EH": "e", "ER": "aー", "EY": "eー",
    "IH": "i", "IY": "iー", "OW": "oー", "OY": "oイ", "UH": "u", "UW": "uー", "AR": "a",
}  # fmt: skip
_GLIDED = {"B": "ビ", "D": "デ", "F": "フ", "G": "ギ", "HH": "ヒ", "K": "キ", "L": "リ", "M": "ミ", "N": "ニ",
           "P": "ピ", "R": "リ", "S": "ス", "T": "テ", "V": "ビ"}  # fmt: skip
_SHORT = ("AA", "AE", "AH", "EH", "IH", "UH")
_STOPS = ("P", "T", "K", "CH", "JH", "D", "G", "SH", "TS")
_DOUBLED = re.compile("pp|tt|ck|cc|tch")


@dataclass(frozen=True)
class _Sound:
    name: str
    stressed: bool = False

    @property
    def is_vowel(self) -> bool:
        return self.name in _VOWELS


_END = _Sound("")


def english_kana(phones: Sequence[str], *, spelled: str) -> str:
    """Return a pronunciation (ARPAbet with stress) in katakana; the spelling tells what an unclear vowel becomes."""
    sounds = _sounds(phones)
    letters = vowel_letters(spelled, sum(sound.is_vowel and sound.name != "AR" for sound in sounds))
    kana: list[str] = []
    onset = ""
    for place, sound in enumerate(sounds):
        following = sounds[place + 1] if place + 1 < len(sounds) else _END
        if sound.is_vowel:
            written = letters.pop(0) if sound.name != "AR" else ""
            kana.append(_syllable(onset, _held(sound, written, following, onset=onset)))
            onset = "R" if sound.name == "ER" and following.is_vowel else ""
            if _doubles(sound, written, following, sounds[place + 2 :], spelled=spelled):
                kana.append("ッ")
        elif (
            sound.name == "Y" and onset in ("L", "N", "V") and following.name in ("AH", "ER") and not following.stressed
        ):
            # million is ミリオン
            kana.append(_syllable(onset, "i"))
            onset = ""
        elif sound.name == "Y" and onset in _GLIDED and following.is_vowel:
            kana.append(_GLIDED[onset])
            onset = "y"
        else:
            kana.append(_alone(onset, before=sound))
            onset = sound.name
    kana.append(_alone(onset, before=_END))
    return re.sub("ー+", "ー", "".join(kana))


def _sounds(phones: Sequence[str]) -> list[_Sound]:
    """Make one sound of T and S, of D and Z, and drop an R behind a vowel of its own colour."""
    sounds: list[_Sound] = []
    names = [phone.rstrip("012") for phone in phones]
    for place, name in enumerate(names):
        before = sounds[-1].name if sounds else ""
        following = names[place + 1] if place + 1 < len(names) else ""
        if before + name in ("TS", "DZ") and following not in _VOWELS:
            sounds[-1] = _Sound(before + name)
        elif name == "R" and following not in _VOWELS and before in _VOWELS:
            if before == "AA":
                sounds[-1] = _Sound("ER")
            elif before not in ("AO", "ER"):
                sounds.append(_Sound("AR"))
        elif name == "ER" and before == "AW":
            sounds += [_Sound("W"), _Sound(name)]
        else:
            sounds.append(_Sound(name, stressed=phones[place].endswith("1")))
    return sounds


def _by_letters(sound: _Sound, letters: str, following: _Sound) -> str:
    """Return the column of a neutral vowel as it is spelled."""
    if letters in ("iu", "ia", "io", "ou", "iou", "eou"):
        return {"io": "o"}.get(letters, "a")
    nasal = following.name in ("N", "M", "NG")
    by_letter = {"o": "o" if nasal or not sound.stressed else "a", "e": "e", "i": "i", "_": "u"}
    return by_letter.get(letters[0], "a")


def _held(sound: _Sound, letters: str, following: _Sound, *, onset: str) -> str:
    """Return the column of a vowel and what follows it in the syllable."""
    if (sound.name == "AA" and letters.startswith("o")) or _is_short_o(sound, letters, following):
        return "o"
    if sound.name == "AH" and not sound.stressed and onset in ("SH", "ZH", "CH", "JH") and following.name == "N":
        return "o"
    if sound.name == "ER" and following.is_vowel:
        return {"o": "o", "e": "e", "i": "i"}.get(letters[:1], "a")
    if not sound.stressed and (sound.name == "OW" or (sound.name == "IY" and following is not _END)):
        return "i" if sound.name == "IY" else "o"
    if letters == "_" and following.name == "L" and onset in ("T", "D"):
        return "o"
    if sound.name == "AH" and letters:
        return _by_letters(sound, letters, following)
    if not sound.stressed and (sound.name, following.name) == ("AH", "L"):
        return "u"
    if not sound.stressed and (sound.name, letters) == ("IH", "e"):
        return "e"
    if sound.name == "AW" and following.name == "W":
        return "a"
    return "eイ" if sound.name == "EY" and following is _END else _VOWELS[sound.name]


def _is_short_o(sound: _Sound, letters: str, following: _Sound) -> bool:
    return sound.name == "AO" and letters == "o" and following.name in ("NG", "G", "F", "S", "TH", "T", "D")


def _syllable(onset: str, held: str) -> str:
    column, rest = held[0], held[1:]
    if onset == "y":
        return dict(zip(_COLUMN, "ャィュェョ", strict=True))[column] + rest
    return _ROWS[onset].split()[_COLUMN.index(column)] + rest


def _alone(onset: str, *, before: _Sound) -> str:
    """Return a consonant that no vowel follows."""
    if onset in ("", "y"):
        return ""
    if onset == "NG" and before.name in ("K", "G"):
        return "ン"
    if onset == "M" and before.name in ("P", "B"):
        return "ン"
    return _ROWS[onset].split()[5]


def _doubles(sound: _Sound, letters: str, following: _Sound, rest: list[_Sound], *, spelled: str) -> bool:
    """Say whether the consonant after a short vowel is doubled: at the end of a word, or where it is written so."""
    short = sound.name in _SHORT or _is_short_o(sound, letters, following)
    if not short or following.name not in _STOPS:
        return False
    if not rest:
        return sound.stressed or following.name in ("T", "K", "P")
    written = following.name == "SH" or (following.name in ("P", "T", "K", "CH") and _DOUBLED.search(spelled))
    return sound.stressed and rest[0].is_vowel and bool(written)
