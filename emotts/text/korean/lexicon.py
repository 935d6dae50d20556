"""Words whose pronunciation does not follow from their spelling, written as they sound.

Sources: the examples of the Standard Pronunciation (표준 발음법 sections 15, 23-29) and the Standard Korean
Dictionary (표준국어대사전). Final consonants are kept as spelled, so that liaison still finds them (눈빛이 -> 눈삧이).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from importlib.resources import files

from emotts.text.tables import read_pairs

__all__ = ["Lexicon"]

_ANYWHERE = (
    # 칠십 [칠씹], 팔십 [팔씹] (rule 26)
    (re.compile("(?<=[칠팔])십"), "씹"),
    # ㄴ is inserted before 육 after a consonant: 십육 [심뉵]
    (re.compile("(?<=[십백천만억])육"), "뉵"),
    # ㄴ between words that are spoken as one: 무슨 일 [무슨 닐], 할 일 [할 릴]
    (re.compile("(?<=무슨 )일(?=$|[^가-힣]|이|을|은|도|인|로|에)"), "닐"),
    (re.compile("(?<=할 )일(?=$|[^가-힣]|이|을|은|도|만)"), "릴"),
    # names of letters (rule 16): 디귿이 [디그시]
    (re.compile("디귿(?=[이을은에으])"), "디긋"),
    (re.compile("([지치티히])[읒읓읕읗](?=[이을은에으])"), "\\1읏"),
    (re.compile("키읔(?=[이을은에으])"), "키윽"),
    (re.compile("피읖(?=[이을은에으])"), "피읍"),
    # endings that begin with ㄹ (rule 27): 할게 [할께], 할수록 [할쑤록]
    (re.compile("(?<=[할갈줄볼올을될낼둘쓸])게(?=$|[^가-힣])"), "께"),
    (re.compile("(?<=[할갈줄볼올을될낼둘])지(?=[가-힣]|$|[^가-힣])"), "찌"),
    (re.compile("(?<=[할갈줄볼올을될])거(?=[야예라다지]|든요?|니까)"), "꺼"),
    (re.compile("(?<=[할갈줄볼올을될])걸(?=요?(?:$|[^가-힣]))"), "껄"),
    (re.compile("(?<=[할갈줄볼올을될])수(?=있|없|가 |도 |는 |밖| 있| 없)"), "쑤"),
)
_LIKE_PARTICLES = "가과도로"
_STATION = re.compile("(?<=[가-힣])([가-힣])역(?=$|[^가-힣]|에|을|은|이|까|도|부|앞|으|과|쪽|입|의)")
_GEYO = re.compile("([가-힣])게요")
_NOT_STATIONS = "번면반통영권전용음방공광현완군"
_RIEUL = 8
"""Place of ㄹ among the final consonants."""


class Lexicon:
    """Writes the words of a text as they sound; the number of characters stays the same."""

    def __init__(self) -> None:
        self._sounds = {**_idioms(), **read_pairs("emotts.text.korean", "sounds.tsv")}
        names = "|".join(sorted(self._sounds, key=len, reverse=True))
        self._anywhere = re.compile(names)
        # where a word begins; inside others they mean something else (막일 in 마지막일)
        self._beginnings = re.compile(f"(?<![가-힣])(?:{names})")

    def respell(self, text: str, starts: Collection[int], ends: Collection[int]) -> tuple[str, set[int]]:
        """Return the text with every known word as it sounds, and the places of its letters.

        A word is looked for where a word of the text begins, and where a part of a compound does (``starts``); there a
        short one must end with a part (``ends``): 성+과 is not 성과.
        """
        found = [
            (match.start(), match.group())
            for match in self._beginnings.finditer(text)
            # 대가 may be 대 with a particle
            if match.group()[-1] not in _LIKE_PARTICLES or len(match.group()) > len("대가") or match.end() in ends
        ]
        taken = {place for start, word in found for place in range(start, start + len(word))}
        for start in starts:
            match = self._anywhere.match(text, start)
            if match and start not in taken and (match.end() in ends or len(match.group()) > len("성과")):
                found.append((start, match.group()))
                taken.update(range(start, match.end()))
        for start, word in found:
            text = text[:start] + self._sounds[word] + text[start + len(word) :]
        text = _GEYO.sub(_geyo, _STATION.sub(_station, text))
        for pattern, sound in _ANYWHERE:
            text = pattern.sub(sound, text)
        return text, taken


def _idioms() -> Mapping[str, str]:
    """Return the words of ko-speech-tools that sound otherwise than they are spelled, without those in two parts."""
    text = files("ko_speech_tools").joinpath("data", "g2p", "idioms.txt").read_text(encoding="utf-8")
    pairs = (line.partition("#")[0].strip().partition("===") for line in text.splitlines())
    return {word: sound for word, _, sound in pairs if len(word) == len(sound) and re.fullmatch("[가-힣]+", word)}


def _station(match: re.Match[str]) -> str:
    """Insert ㄴ before 역, a station: 강남역 [강남녁], 잠실역 [잠실력]; not in 번역, 지역."""
    before = match.group(1)
    if before in _NOT_STATIONS or not _final(before):
        return match.group()
    return before + ("력" if _final(before) == _RIEUL else "녁")


def _geyo(match: re.Match[str]) -> str:
    """Make the ending -ㄹ게요 tense: 할게요 [할께요]; 크게요 stays."""
    return match.group(1) + ("께요" if _final(match.group(1)) == _RIEUL else "게요")


def _final(syllable: str) -> int:
    """Return the place of the final consonant, 0 for none."""
    return (ord(syllable) - ord("가")) % 28
