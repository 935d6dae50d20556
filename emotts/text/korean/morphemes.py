"""Morphemes of Korean texts, as MeCab finds them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Morpheme", "morphemes"]

_NOMINAL = ("N", "X", "M", "S")


@dataclass(frozen=True)
class Morpheme:
    """A morpheme, the place where it begins in its text, and its tag (Sejong)."""

    text: str
    start: int
    tag: str

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.start + len(self.text)

    @property
    def is_nominal(self) -> bool:
        """Whether it can be a part of a compound noun."""
        return self.tag.startswith(_NOMINAL)


def morphemes(parsed: str, text: str) -> list[Morpheme]:
    """Return the morphemes of what MeCab says about a text."""
    found: list[Morpheme] = []
    place = 0
    for line in parsed.splitlines():
        surface, tab, features = line.partition("\t")
        if not tab:
            continue
        start = text.find(surface, place)
        if start < 0:
            return []
        found.append(Morpheme(surface, start, features.split(",")[0]))
        place = start + len(surface)
    return found
