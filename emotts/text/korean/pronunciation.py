"""Standard Korean pronunciation: spelled syllables to pronounced syllables.

The rules are those of the Standard Pronunciation (표준 발음법), applied by ko-speech-tools with its morphological
tags (MeCab), with our own exceptions and corrections around them. Sound changes act inside a word (between
spaces), as MeloTTS does it, and across a space only where two words are always spoken as one: native numeral and
unit (열 개, 십 년), 못 and verb (못 해요), and after an adnominal ending (할 수).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import mecab_ko
from ko_speech_tools.g2p import special
from ko_speech_tools.g2p.regular import link1, link2, link4
from ko_speech_tools.g2p.utils import annotate, parse_table
from ko_speech_tools.jamo import h2j

from emotts.errors import TextError
from emotts.text.korean.compounds import Compounds
from emotts.text.korean.lexicon import Lexicon
from emotts.text.korean.morphemes import morphemes
from emotts.text.korean.units import COUNTERS

__all__ = ["Pronunciation"]

_SYLLABLE = re.compile("([\u1100-\u1112])([\u1161-\u1175])([\u11a8-\u11c2])?")
_WORD = re.compile("[가-힣]+")
_LETTERS = re.compile("[\u1100-\u11ff]+")
_SPECIAL_RULES = (
    special.jyeo,
    special.ye,
    special.consonant_ui,
    special.josa_ui,
    special.vowel_ui,
    special.rieulgiyeok,
    special.rieulbieub,
    special.verb_nieun,
    special.palatalize,
    special.modifying_rieul,
)
_TAG = re.compile("/[PJEB]")
# 밟- loses its ㄹ before every consonant, 넓- only in 넓죽하다, 넓둥글다 (rule 10)
_BALP = re.compile("\u1107\u1161\u11b2(?:/P)?(?=[\u1100-\u110a\u110c-\u1111])")
_NEOLP = re.compile("\u1102\u1165\u11b2(?:/P)?(?=[\u110c\u110d]\u116e|[\u1103\u1104]\u116e)")
# ㄷ + 혀 becomes 쳐 as ㄷ + 히 becomes 치 (rule 17), but not in 맏형
_DEUT_HYEO = re.compile("\u11ae\u1112\u1167(?!\u11bc)")
_J_YEO = re.compile("([\u110c-\u110e])\u1167")
# finals before aspirated consonants (rules 9-11), which the rule table leaves open: 여덟 편 [여덜편]; ㄼ before ㄴ, ㅁ
_BEFORE_ASPIRATE = re.compile("[\u11b0\u11b2\u11b3\u11b5\u11b9\u11bb](?=[\u110f-\u1111])|\u11b2(?=[\u1102\u1106])")
_PLAIN_FINAL = {
    "\u11b0": "\u11a8",
    "\u11b2": "\u11af",
    "\u11b3": "\u11af",
    "\u11b5": "\u11b8",
    "\u11b9": "\u11b8",
    "\u11bb": "\u11ae",
}
_NATIVE_NUMERAL = re.compile(
    "(?:열|스물|서른|마흔|쉰|예순|일흔|여든|아흔)?(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉)|열|스무|서른|마흔|쉰|예순|일흔|여든|아흔"
)
_COUNTER = re.compile("|".join(sorted(COUNTERS, key=len, reverse=True)))
_SINO_NUMERAL = re.compile("[일이삼사오육칠팔구십백천만억조]+")
_SINO_UNIT = re.compile(
    "(?:년|월|원|분|초|층|호|회|명|번|점|도|권|장|대|세기|미터|리터|퍼센트|시간)(?![가-힣]{3})|일(?:$|간|째|에|은|을)"
)
# adverbs that are tagged as if they ended in the adnominal ㄹ
_NOT_ADNOMINAL = re.compile("(?<![가-힣])(다들)/E")
_TENSING = ("\u110b\u1167\u11af", "\u110b\u1167\u1103\u1165\u11b2")
_TENSE = {"\u1100": "\u1101", "\u1103": "\u1104", "\u1107": "\u1108", "\u1109": "\u110a", "\u110c": "\u110d"}


@dataclass(frozen=True)
class _Parsed:
    """What MeCab said about a text, for a function that asks it."""

    parsed: str

    def parse(self, _: str) -> str:
        return self.parsed


class Pronunciation:
    """Applies the rules to a normalised text."""

    def __init__(self) -> None:
        self._mecab = mecab_ko.Tagger()
        self._table = [(re.compile(found), put) for found, put, _ in parse_table()]
        self._lexicon = Lexicon()
        self._compounds = Compounds()

    def pronounce(self, text: str) -> list[tuple[str, ...]]:
        """Return the phones of every syllable of ``text``: onset, vowel and maybe coda, conjoining jamo.

        Raises:
            TextError: if the rules lost or added a syllable.
        """
        # a line break keeps the words apart, and each rule searches all of them at once
        syllables = self._syllables("\n".join(_joined(self._tagged(text), text)))
        expected = sum("가" <= char <= "힣" for char in text)
        if len(syllables) != expected:
            raise TextError(
                f"text {text[:60]!r} cannot be read",
                found=f"{len(syllables)} pronounced syllables",
                wanted=f"{expected}, as many as are written",
                remedy="write the unusual word in it as it is spoken",
            )
        return syllables

    def _tagged(self, text: str) -> str:
        """Write the text by the lexicon, tag it by its original morphemes, and decompose it."""
        parsed = self._mecab.parse(text)
        parts = morphemes(parsed, text)
        starts = [part.start for part in parts if part.is_nominal and part.start and text[part.start - 1] != " "]
        ends = {part.end for part in parts if part.is_nominal}
        tagged = []
        known, taken = self._lexicon.respell(text, starts, ends)
        spelled = iter(self._compounds.respell(known, text, parts, taken=taken))
        for part in re.findall("/[PJEB]|.", annotate(text, _Parsed(parsed))):
            tagged.append(part if len(part) == 2 else next(spelled))
        letters = h2j(_NOT_ADNOMINAL.sub(r"\1", "".join(tagged)))
        letters = _NEOLP.sub("\u1102\u1165\u11b8", _BALP.sub("\u1107\u1161\u11b8", letters))
        for rule in _SPECIAL_RULES:
            letters = rule(letters, descriptive=False, verbose=False)
        return _TAG.sub("", _DEUT_HYEO.sub("\u110e\u1165", letters))

    def _syllables(self, letters: str) -> list[tuple[str, ...]]:
        letters = _BEFORE_ASPIRATE.sub(lambda match: _PLAIN_FINAL[match.group()], letters)
        for found, put in self._table:
            letters = found.sub(put, letters)
        for link in (link1, link2, link4):
            letters = link(letters, verbose=False)
        letters = _J_YEO.sub("\\1\u1165", letters)
        return [tuple(part for part in match.groups() if part) for match in _SYLLABLE.finditer(letters)]


def _spoken_as_one(text: str) -> list[bool]:
    """Say for each word of a text whether it is spoken as one with the word after it."""
    words = list(_WORD.finditer(text))
    joins = []
    for this, following in pairwise(words):
        beside = following.start() == this.end() + 1 and text[this.end()] == " "
        counted = _NATIVE_NUMERAL.fullmatch(this.group()) and _COUNTER.match(following.group())
        sino = _SINO_NUMERAL.fullmatch(this.group()) and _SINO_UNIT.match(following.group())
        some = this.group() == "몇" and _COUNTER.match(following.group()) and _begins_with_consonant(following.group())
        linked = this.group() in ("못", "첫") and _begins_with_consonant(following.group())
        joins.append(bool(beside and (counted or sino or some or linked)))
    return [*joins, False] if words else []


def _begins_with_consonant(word: str) -> bool:
    return not "아" <= word[0] <= "잏"


def _joined(letters: str, text: str) -> list[str]:
    """Split the letters of a text into words, those that are spoken as one together."""
    words: list[str] = []
    together = False
    for word, joins in zip(_LETTERS.findall(letters), _spoken_as_one(text), strict=True):
        if together:
            # 열 and 여덟 make the counter after them tense: 열 개 [열깨]
            first = _TENSE.get(word[0], word[0]) if words[-1].endswith(_TENSING) else word[0]
            words[-1] += first + word[1:]
        else:
            words.append(word)
        together = joins
    return words
