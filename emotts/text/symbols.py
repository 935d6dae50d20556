"""The symbol, tone and language tables of MeloTTS: 219 symbols, 16 tones, 8 languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["BLANK", "LANGUAGE_IDS", "N_LANGUAGES", "N_TONES", "PUNCTUATION", "SYMBOLS", "SYMBOL_IDS", "TONE_OFFSETS"]

N_TONES = 16
"""Tones of all languages together."""

N_LANGUAGES = 10
"""Rows of MeloTTS's language table; more than there are languages."""

LANGUAGE_IDS: Mapping[str, int] = MappingProxyType(
    {"ZH": 0, "JP": 1, "EN": 2, "ZH_MIX_EN": 3, "KR": 4, "ES": 5, "SP": 5, "FR": 6}
)
"""Row of each language in the language table; Spanish has two names."""

TONE_OFFSETS: Mapping[str, int] = MappingProxyType(
    {"ZH": 0, "ZH_MIX_EN": 0, "JP": 6, "EN": 7, "KR": 11, "ES": 12, "SP": 12, "FR": 13}
)
"""What is added to a raw tone of each language, so that the tones of all languages share one table."""

# fmt: off
SYMBOLS: tuple[str, ...] = (
    "_", "\"", "(", ")", "*", "/", ":", "AA", "E", "EE", "En", "N", "OO", "Q", "V", "[", "\\", "]", "^", "a", "a:",
    "aa", "ae", "ah", "ai", "an", "ang", "ao", "aw", "ay", "b", "by", "c", "ch", "d", "dh", "dy", "e", "e:", "eh",
    "ei", "en", "eng", "er", "ey", "f", "g", "gy", "h", "hh", "hy", "i", "i0", "i:", "ia", "ian", "iang", "iao",
    "ie", "ih", "in", "ing", "iong", "ir", "iu", "iy", "j", "jh", "k", "ky", "l", "m", "my", "n", "ng", "ny", "o",
    "o:", "ong", "ou", "ow", "oy", "p", "py", "q", "r", "ry", "s", "sh", "t", "th", "ts", "ty", "u", "u:", "ua",
    "uai", "uan", "uang", "uh", "ui", "un", "uo", "uw", "v", "van", "ve", "vn", "w", "x", "y", "z", "zh", "zy",
    "~", "æ", "ç", "ð", "ø", "ŋ", "œ", "ɐ", "ɑ", "ɒ", "ɔ", "ɕ", "ə", "ɛ", "ɜ", "ɡ", "ɣ", "ɥ", "ɦ", "ɪ", "ɫ", "ɬ",
    "ɭ", "ɯ", "ɲ", "ɵ", "ɸ", "ɹ", "ɾ", "ʁ", "ʃ", "ʊ", "ʌ", "ʎ", "ʏ", "ʑ", "ʒ", "ʝ", "ʲ", "ˈ", "ˌ", "ː", "\u0303",
    "\u0329", "β", "θ",
    "ᄀ", "ᄁ", "ᄂ", "ᄃ", "ᄄ", "ᄅ", "ᄆ", "ᄇ", "ᄈ", "ᄉ", "ᄊ", "ᄋ", "ᄌ", "ᄍ", "ᄎ", "ᄏ", "ᄐ", "ᄑ",
    "ᄒ", "ᅡ", "ᅢ", "ᅣ", "ᅤ", "ᅥ", "ᅦ", "ᅧ", "ᅨ", "ᅩ", "ᅪ", "ᅫ", "ᅬ", "ᅭ", "ᅮ", "ᅯ", "ᅰ", "ᅱ", "ᅲ", "ᅳ", "ᅴ", "ᅵ",
    "ᆨ", "ᆫ", "ᆮ", "ᆯ", "ᆷ", "ᆸ", "ᆼ", "ㄸ", "!", "?", "…", ",", ".", "'", "-", "¿", "¡", "SP", "UNK",
)
# fmt: on
"""Symbols in the order of their ids: 0 is the blank and the boundary, then phones, then punctuation."""

SYMBOL_IDS: Mapping[str, int] = MappingProxyType({symbol: index for index, symbol in enumerate(SYMBOLS)})

BLANK = "_"
"""Stands at both ends of a text, and between all phones where blanks are interspersed."""

PUNCTUATION = ("!", "?", "…", ",", ".", "'", "-")
"""Marks that are phones of their own."""
