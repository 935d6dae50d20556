"""The emotion set: names, fixed ids, aliases in several languages, and mixing expressions."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from emotts.errors import ConfigError, CorpusError

__all__ = ["BASE_EMOTIONS", "NEUTRAL", "EmotionSet"]

NEUTRAL = "neutral"
BASE_EMOTIONS = (NEUTRAL, "happy", "sad", "angry", "depressed", "surprised", "fearful")
"""Names in the order of their ids; the ids 0-6 never change."""

_ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "neutral": ("중립", "평온", "무감정", "보통", "calm", "normal", "平静", "通常", "ニュートラル"),
        "happy": ("기쁨", "행복", "즐거움", "joy", "happiness", "joyful", "喜び", "幸せ", "嬉しい"),
        "sad": ("슬픔", "슬픈", "sadness", "sorrow", "悲しみ", "悲しい"),
        "angry": ("분노", "화남", "화", "anger", "rage", "怒り", "怒る"),
        "depressed": ("우울", "우울함", "depression", "gloomy", "憂鬱", "落ち込み"),
        "surprised": ("놀람", "놀라움", "surprise", "驚き"),
        "fearful": ("두려움", "공포", "무서움", "fear", "afraid", "scared", "恐れ", "恐怖"),
    }
)

_TERM = re.compile(r"^\s*([^:+\s][^:+]*?)\s*(?::\s*([^:+]+?)\s*)?$")


@dataclass(frozen=True)
class EmotionSet:
    """The emotions of a project; a name's id is its place in ``names``.

    ``names`` always begins with :data:`BASE_EMOTIONS`; extra names follow.
    """

    names: tuple[str, ...] = BASE_EMOTIONS

    @classmethod
    def with_extra(cls, extra: Iterable[str]) -> EmotionSet:
        """Return the base set followed by ``extra`` names.

        Raises:
            ConfigError: if an extra name is empty, repeated, or already a name or alias.
        """
        names: tuple[str, ...] = BASE_EMOTIONS
        for name in extra:
            names = (*names, cls(names).fresh_name(name, kind="extra emotion"))
        return cls(names)

    def fresh_name(self, name: str, *, kind: str) -> str:
        """Return a new name of a ``kind`` as it is compared and kept.

        Raises:
            ConfigError: if it is no single word, holds a mark of mixing expressions, or is already a name or alias.
        """
        folded = _fold(name)
        if not folded or any(mark in folded for mark in ":+|,[]") or len(folded.split()) > 1:
            raise ConfigError(f"{kind} {name!r} is not a usable name", wanted="one word without any of : + | , [ ]")
        if folded in _lookup(self.names):
            raise ConfigError(f"{kind} {name!r} is already a name or an alias of the emotion set")
        return folded

    def __len__(self) -> int:
        return len(self.names)

    def id_of(self, label: str) -> int:
        """Return the id of a name or alias; raises as :meth:`resolve`."""
        return self.names.index(self.resolve(label))

    def knows(self, label: str) -> bool:
        """Say whether ``label`` is a name or an alias."""
        return _fold(label) in _lookup(self.names)

    def aliases(self) -> Mapping[str, str]:
        """Return every name and alias, as they are compared, and the name that it means."""
        return MappingProxyType(_lookup(self.names))

    def resolve(self, label: str, *, where: object | None = None, styles: Iterable[str] = ()) -> str:
        """Return the canonical name of a name or alias (``기쁨``, ``joy`` -> ``happy``), or one of ``styles``.

        Raises:
            CorpusError: if the label is unknown; the message names the nearest known label.
        """
        table = {**_lookup(self.names), **{style: style for style in styles}}
        folded = _fold(label)
        if folded in table:
            return table[folded]
        near = difflib.get_close_matches(folded, list(table), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r} ({table[near[0]]})? " if near else ""
        raise CorpusError(
            f"unknown emotion {label!r}",
            where=where,
            wanted=f"one of {', '.join((*self.names, *styles))} or an alias such as 기쁨, joy",
            remedy=f"{hint}Correct the label, or add the name to project.extra_emotions in params.yaml",
        )

    def parse(self, expression: str) -> dict[str, float]:
        """Read a mixing expression into weights that add up to 1.

        ``happy`` -> ``{"happy": 1.0}``; ``happy:0.7+surprised:0.3`` -> both; weights are normalised.

        Raises:
            CorpusError: if a term is malformed, a weight is not a positive finite number, or a name is unknown.
        """
        weights: dict[str, float] = {}
        for label, weight in self._terms(expression):
            name = self.resolve(label)
            weights[name] = weights.get(name, 0.0) + weight
        return weights

    @staticmethod
    def _terms(expression: str) -> list[tuple[str, float]]:
        """Return the labels of a mixing expression as they are written, with weights that add up to 1."""
        terms: list[tuple[str, float]] = []
        for term in expression.split("+"):
            match = _TERM.match(term)
            weight = _weight(match.group(2)) if match else None
            if match is None or weight is None:
                raise CorpusError(
                    f"emotion expression {expression!r} cannot be read",
                    found=repr(term),
                    wanted="NAME or NAME:WEIGHT+NAME:WEIGHT with positive weights, such as happy:0.7+surprised:0.3",
                )
            terms.append((match.group(1), weight))
        total = sum(weight for _, weight in terms)
        return [(label, weight / total) for label, weight in terms]

    def weights(
        self, expression: str, *, intensity: float = 1.0, styles: Mapping[str, Sequence[float]] | None = None
    ) -> list[float]:
        """Return one weight per emotion for ``neutral + intensity * (mixture - neutral)``.

        The weights add up to 1; neutral's is negative for an intensity above 1. ``styles`` are further names that may
        be mixed, each with one weight per emotion.

        Raises:
            CorpusError: as :meth:`parse`, or if the intensity is negative or not finite.
        """
        if not math.isfinite(intensity) or intensity < 0:
            raise CorpusError(f"intensity {intensity} cannot be used", wanted="a finite number from 0 upwards")
        row = [0.0] * len(self.names)
        for label, weight in self._terms(expression):
            name = self.resolve(label, styles=styles or ())
            vector = styles[name] if styles and name in styles else [float(name == other) for other in self.names]
            for place, part in enumerate(vector):
                row[place] += intensity * weight * part
        row[0] += 1.0 - intensity
        return row


def _weight(text: str | None) -> float | None:
    if text is None:
        return 1.0
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None


def _fold(label: str) -> str:
    return unicodedata.normalize("NFC", label).strip().casefold()


@cache
def _lookup(names: tuple[str, ...]) -> dict[str, str]:
    table = {name: name for name in names}
    for name, aliases in _ALIASES.items():
        table.update({_fold(alias): name for alias in aliases})
    return table
