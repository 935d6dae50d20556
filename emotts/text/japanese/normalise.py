"""Japanese normaliser: addresses, numbers, Latin words and signs to kanji and kana, then to readings in katakana."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from emotts.text.addresses import AddressReader
from emotts.text.japanese.characters import JAPANESE_CHARACTERS, widen
from emotts.text.japanese.hangul import read_hangul_in_kana
from emotts.text.japanese.kana import to_katakana
from emotts.text.japanese.numbers import positional
from emotts.text.japanese.quantities import read_bare_numbers, read_quantities
from emotts.text.japanese.reading import read_words, respell
from emotts.text.japanese.units import MONEY
from emotts.text.japanese.words import SpelledWord
from emotts.text.latin import LatinReader
from emotts.text.lexicon import NO_LEXICON, Lexicon
from emotts.text.marks import merge_marks
from emotts.text.normalising import OnUnknown, Spoken, SpokenForms
from emotts.text.patterns import HASHTAG

__all__ = ["Normaliser"]

_ADDRESS_SIGNS = {
    ".": "ドット", "@": "アットマーク", "/": "スラッシュ", "-": "ハイフン", "_": "アンダーバー", "+": "プラス",
    "~": "チルダ",
    "?": "クエスチョン", "&": "アンド", "=": "イコール", "#": "シャープ", "%": "パーセント", ":": "コロン",
}  # fmt: skip
_NUMBERED_WORDS = {"no": "ナンバー", "ver": "バージョン", "vol": "ボリューム", "ep": "エピソード", "ch": "チャンネル"}
_NUMBERED = re.compile(r"(?<![A-Za-z])(no(?!\.\s?1(?!\d))|ver|vol|ep|ch)\.\s?(?=\d)", re.IGNORECASE)
_OPENED = re.compile(r"(?<=\d)\s?[(（](?=\d)")
_YEN = re.compile(r"\\(?=\d)")
_PLACEHOLDERS = {"○": "マル", "◯": "マル", "〇": "マル", "×": "バツ", "△": "サンカク"}
_PLACEHOLDER = re.compile(r"[○◯〇]{2,}|×{2,}(?!\d)|△{2,}|[○◯△](?=[^\W\d])")
# laughter, not the particle: ははは
_LAUGHTER = re.compile(r"(?<![ぁ-ん])(?:は{3,}|ひ{3,}|ふ{3,}|へ{3,}|ほ{3,})(?![ぁ-ん])")
# 八百 is ヤオ in 八百屋 alone
_EIGHT_HUNDRED = re.compile("(?<![一二三四五六七八九十百千万億])八百(?![屋長津万比八])")
_SIGN_WORDS = {
    "%": "パーセント", "&": "アンド", "@": "アットマーク", "+": "プラス", "=": "イコール", "#": "シャープ",
    "×": "カケル", "÷": "ワル", "°": "度", "±": "プラスマイナス", "‰": "パーミル", "≥": "大なりイコール",
    "≤": "小なりイコール", "≠": "ノットイコール", "≈": "ニアリーイコール", "∞": "無限大", "√": "ルート",
    "μ": "マイクロ",
    **MONEY,
}  # fmt: skip


class Normaliser:
    """Writes a Japanese text in katakana as it is read; what is left is katakana and ``! ? … , . ' -``."""

    def __init__(self, latin: LatinReader, *, lexicon: Lexicon = NO_LEXICON, on_unknown: OnUnknown = "skip") -> None:
        self._latin = latin
        self._addresses = AddressReader(_ADDRESS_SIGNS, read_word=lambda word: latin.read(word.lower()), between="")
        self._forms = SpokenForms(
            JAPANESE_CHARACTERS,
            speak=lambda part, unread: _joined(read_words(self._spell(part), unread)),
            is_spoken=lambda spoken: any("ァ" <= char <= "ヺ" for char in spoken),
            between="",
            wanted="at least one word in kanji, kana, Latin letters or digits",
            on_unknown=on_unknown,
            lexicon=lexicon,
        )

    def normalise(self, text: str) -> Spoken:
        """Return the reading of a text in katakana.

        Raises:
            TextError: if a character or word cannot be read (with its position) and may not be left out, or nothing is
                left to be spoken.
        """
        return self._forms.of(text)

    def words(self, text: str) -> list[SpelledWord]:
        """Return the words that a text is read in; their readings joined are those of :meth:`normalise`, but for marks.

        Raises:
            TextError: as of :meth:`normalise`.
        """
        found: list[SpelledWord] = []

        def listed(part: str, unread: list[str]) -> str:
            words = read_words(self._spell(part), unread)
            found.extend(words)
            return _joined(words)

        replace(self._forms, speak=listed).of(text)
        return found

    def _spell(self, text: str) -> str:
        """Return a text in kanji and kana, with all numbers, signs and Latin words spelled out."""
        # voicing marks that no kana before them takes are not spoken
        text = positional(text)
        text = _OPENED.sub(", ", _YEN.sub("¥", read_hangul_in_kana(text)))
        plain = re.sub("[\u3099\u309a]", "", JAPANESE_CHARACTERS.plain(widen(text)))
        plain = _PLACEHOLDER.sub(lambda match: "".join(_PLACEHOLDERS[char] for char in match.group()), plain)
        plain = HASHTAG.sub("ハッシュタグ", self._addresses.read(plain).replace("_", " "))
        plain = _NUMBERED.sub(lambda match: _NUMBERED_WORDS[match.group(1).lower()], plain)
        plain = re.sub(r"(?<=[a-z])\.(?=[A-Za-z])", "・", read_quantities(plain))
        plain = read_bare_numbers(self._latin.read(plain))
        for sign, word in _SIGN_WORDS.items():
            plain = plain.replace(sign, word)
        plain = re.sub(r"(?<=[ぁ-んァ-ヶー])~+", "ー", plain)
        plain = respell(_EIGHT_HUNDRED.sub("ハッピャク", plain))
        plain = re.sub(r"(?<![一二三四五六七八九〇])〇(?![一二三四五六七八九〇])", "ゼロ", plain)
        plain = _LAUGHTER.sub(lambda match: to_katakana(match.group()), plain)
        return _marked(plain)


def _marked(text: str) -> str:
    """Leave only kanji, kana, quotation marks and the marks that are spoken as pauses."""
    text = re.sub(r"\s*\n\s*", ".", text.strip())
    text = re.sub(r"(?<=[^-])-+(?=[^-])", ",", text)
    text = re.sub(r"[.…]*…[.…]*|\.{2,}", "…", text)
    text = re.sub(r"[:/;]", ",", text)
    return re.sub(r"[^\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f々〆〇「」・!?…,.]", "", text)


def _joined(words: Sequence[SpelledWord]) -> str:
    """Join readings without middle dots between words of one name, quotation marks, and pauses that stand together."""
    text = "".join(word.reading for word in words)
    return merge_marks(re.sub("[ ・]", "", text)).lstrip(",.!?…ー").rstrip(",")
