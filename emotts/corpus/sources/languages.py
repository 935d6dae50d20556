"""The languages of recordings and the names that people give them."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from emotts.errors import CorpusError

__all__ = ["LANGUAGES", "language_of", "near_language", "resolve_language"]

LANGUAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "KR": ("kr", "ko", "kor", "korean", "ko-kr", "ko_kr", "한국어", "한국말", "한글", "국어", "韓国語"),
        "JP": ("jp", "ja", "jpn", "japanese", "ja-jp", "ja_jp", "일본어", "日本語", "日语"),
        "EN": ("en", "eng", "english", "en-us", "en_us", "en-gb", "en_gb", "영어", "英語", "英语"),
    }
)
"""Language codes and the names that mean them."""
_NEAR = 0.8


def language_of(name: str) -> str | None:
    """Return the code of a language's name, None where the name is unknown."""
    folded = unicodedata.normalize("NFC", name).strip().casefold()
    return next((code for code, aliases in LANGUAGES.items() if folded in aliases), None)


def near_language(name: str) -> bool:
    """Say whether a name is nearly that of a language, and so surely misspelt."""
    return _nearest(name, cutoff=_NEAR) is not None


def resolve_language(name: str, *, where: object | None = None) -> str:
    """Return the code of a language name (``한국어``, ``korean`` -> ``KR``).

    Raises:
        CorpusError: if the name is unknown; the message names the nearest known one.
    """
    code = language_of(name)
    if code is None:
        near = _nearest(name, cutoff=0.5)
        raise CorpusError(
            f"unknown language {name!r}",
            where=where,
            wanted=f"one of {', '.join(LANGUAGES)} or a name such as 한국어, japanese",
            remedy=f"did you mean {near!r} ({language_of(near)})? Rename the folder" if near else None,
        )
    return code


def _nearest(name: str, *, cutoff: float) -> str | None:
    known = [alias for aliases in LANGUAGES.values() for alias in aliases]
    folded = unicodedata.normalize("NFC", name).strip().casefold()
    return next(iter(difflib.get_close_matches(folded, known, n=1, cutoff=cutoff)), None)
