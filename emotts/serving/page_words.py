"""What a page says in one of several languages, and the emotions' names, which all pages share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["EMOTION_WORDS", "PageWords", "preferred_language"]

EMOTION_WORDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "neutral": ("neutral", "중립", "平静"),
        "happy": ("happy", "기쁨", "喜び"),
        "sad": ("sad", "슬픔", "悲しみ"),
        "angry": ("angry", "분노", "怒り"),
        "depressed": ("depressed", "우울", "憂鬱"),
        "surprised": ("surprised", "놀람", "驚き"),
        "fearful": ("fearful", "두려움", "恐れ"),
    }
)
"""In English, Korean and Japanese."""


class PageWords:
    """A page's words in one language; ``words("checked", done=1, total=2)``.

    Args:
        language: one of ``languages``; any other means the first of them.
        languages: by code, in the order of the table's columns.
        table: for each key what it says in each language.
    """

    def __init__(self, language: str, *, languages: Mapping[str, str], table: Mapping[str, tuple[str, ...]]) -> None:
        self.language = language if language in languages else next(iter(languages))
        self._table = table
        self._column = list(languages).index(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """Return what a key says, with values filled in; an emotion of the project's own says its name."""
        return self._table[key][self._column].format(**values) if key in self._table else key


def preferred_language(accepted: str, languages: Mapping[str, str]) -> str:
    """Return the language that a browser prefers among those of a page; the first one where it wants none of them.

    Args:
        accepted: the header ``Accept-Language``, such as ``ko-KR,ko;q=0.9,en;q=0.8``.
        languages: of the page, by code.
    """
    wanted = []
    for place, each in enumerate(accepted.split(",")):
        tag, _, parameters = each.partition(";")
        wanted.append((-_quality(parameters), place, tag.strip().lower().split("-")[0]))
    known = [code for quality, _, code in sorted(wanted) if quality < 0 and code in languages]
    return known[0] if known else next(iter(languages))


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
