"""Japanese normaliser: addresses, numbers, Latin words and signs to kanji and kana, then to readings in katakana."""

from __future__ import annotations

import re

from emotts.text.addresses import AddressReader
from emotts.text.japanese.characters import JAPANESE_CHARACTERS, widen
from emotts.text.japanese.kana import to_katakana
from emotts.text.japanese.quantities import read_bare_numbers, read_quantities
from emotts.text.japanese.reading import UnreadWordsError, read_kana
from emotts.text.japanese.units import MONEY
from emotts.text.latin import LatinReader
from emotts.text.marks import merge_marks
from emotts.text.normalising import spoken_form
from emotts.text.patterns import HASHTAG

__all__ = ["Normaliser"]

_ADDRESS_SIGNS = {
    ".": "ドット", "@": "アットマーク", "/": "スラッシュ", "-": "ハイフン", "_": "アンダーバー", "+": "プラス",
    "~": "チルダ",
    "?": "クエスチョン", "&": "アンド", "=": "イコール", "#": "シャープ", "%": "パーセント", ":": "コロン",
}  # fmt: skip
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

    def __init__(self, latin: LatinReader) -> None:
        self._latin = latin
        self._addresses = AddressReader(_ADDRESS_SIGNS, read_word=lambda word: latin.read(word.lower()), between="")

    def normalise(self, text: str) -> str:
        """Return the reading of a text in katakana.

        Raises:
            TextError: if a character or word cannot be read (with its position) or nothing is left to be spoken.
        """
        try:
            return spoken_form(
                text,
                JAPANESE_CHARACTERS,
                speak=lambda part: _tidy(read_kana(self._spell(part))),
                is_spoken=lambda spoken: any("ァ" <= char <= "ヺ" for char in spoken),
                between="",
                wanted="at least one word in kanji, kana, Latin letters or digits",
            )
        except UnreadWordsError as error:
            raise error.placed_in(text) from None

    def _spell(self, text: str) -> str:
        """Return a text in kanji and kana, with all numbers, signs and Latin words spelled out."""
        # voicing marks that no kana before them takes are not spoken
        plain = re.sub("[\u3099\u309a]", "", JAPANESE_CHARACTERS.plain(widen(text)))
        plain = _PLACEHOLDER.sub(lambda match: "".join(_PLACEHOLDERS[char] for char in match.group()), plain)
        plain = HASHTAG.sub("ハッシュタグ", self._addresses.read(plain).replace("_", " "))
        plain = re.sub(r"(?<![A-Za-z])[Nn]o\.\s?(?!1(?!\d))(?=\d)", "ナンバー", plain)
        plain = re.sub(r"(?<![A-Za-z])[Vv]er\.\s?(?=\d)", "バージョン", plain)
        plain = re.sub(r"(?<=[a-z])\.(?=[A-Za-z])", "・", plain)
        plain = read_bare_numbers(self._latin.read(read_quantities(plain)))
        for sign, word in _SIGN_WORDS.items():
            plain = plain.replace(sign, word)
        plain = re.sub(r"(?<=[ぁ-んァ-ヶー])~+", "ー", plain)
        plain = _EIGHT_HUNDRED.sub("ハッピャク", plain)
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


def _tidy(text: str) -> str:
    """Drop middle dots between words of one name, quotation marks, and pauses that stand together."""
    return merge_marks(re.sub("[ ・]", "", text)).lstrip(",.!?…ー").rstrip(",")
