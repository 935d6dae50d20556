"""Words that are spelled alike and spoken differently, told apart by the words around them.

``data/homographs.tsv`` has the words that are stressed otherwise as verbs than as nouns or adjectives, each with the
log odds that it is a verb. What stands around a word adds to them (``homograph_neighbours.tsv``); above 0 it is a
verb. Words with rules of their own are in ``homograph_rules.tsv``: the first rule whose conditions all hold is taken.
A neighbour is a word, a class of ``word_classes.tsv`` (``@be``), an ending (``-ly``), or an end of the text (``^``,
``$``). ``data/README.md`` says where the numbers come from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from emotts.text.tables import read_table

__all__ = ["Context", "Homographs"]

_PACKAGE = "emotts.text.english"
_ENDINGS = ("ly", "ing", "ed", "s", "tion", "al", "ic")
_PLACES = {"before2": -2, "before": -1, "behind": 1}


@dataclass(frozen=True)
class Context:
    """A word in lower case among the others of its sentence."""

    words: Sequence[str]
    place: int
    capital: bool = False

    @property
    def word(self) -> str:
        """The word itself."""
        return self.words[self.place]

    def neighbour(self, place: str) -> str:
        """Return the word at ``before2``, ``before`` or ``behind``; ``^`` or ``$`` outside the text."""
        wanted = self.place + _PLACES[place]
        if wanted < 0:
            return "^"
        return self.words[wanted] if wanted < len(self.words) else "$"


@dataclass(frozen=True)
class _Rule:
    phones: tuple[str, ...]
    conditions: tuple[tuple[str, bool, frozenset[str]], ...]


class Homographs:
    """Says homographs by their neighbours."""

    @cached_property
    def _classes(self) -> Mapping[str, frozenset[str]]:
        return {f"@{name}": frozenset(words.split()) for name, words in read_table(_PACKAGE, "word_classes.tsv")}

    @cached_property
    def _words(self) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...], float]]:
        rows = read_table(_PACKAGE, "homographs.tsv")
        return {word: (tuple(noun.split()), tuple(verb.split()), float(odds)) for word, noun, verb, odds in rows}

    @cached_property
    def _weights(self) -> Mapping[tuple[str, str], float]:
        return {
            (place, word): float(weight) for place, word, weight in read_table(_PACKAGE, "homograph_neighbours.tsv")
        }

    @cached_property
    def _rules(self) -> Mapping[str, Sequence[_Rule]]:
        rules: dict[str, list[_Rule]] = {}
        for word, phones, when in read_table(_PACKAGE, "homograph_rules.tsv"):
            rules.setdefault(word, []).append(_Rule(tuple(phones.split()), _conditions(when)))
        return rules

    def read(self, context: Context) -> tuple[str, ...] | None:
        """Return the pronunciation of a word that has several, or None for all other words."""
        for rule in self._rules.get(context.word, ()):
            if all(wanted == bool(words & self._seen(place, context)) for place, wanted, words in rule.conditions):
                return rule.phones
        base = context.word
        if base not in self._words and base.endswith("s"):
            base = base[:-1]
        if base not in self._words:
            return None
        noun, verb, odds = self._words[base]
        chosen = verb if odds + self._verb_odds(context) > 0 else noun
        return chosen if base == context.word else (*chosen, *_plural(chosen[-1]))

    def _seen(self, place: str, context: Context) -> frozenset[str]:
        """Return the names of what stands at a place: words, their classes and endings."""
        if place == "is":
            kinds = {"verb": self._verb_odds(context) > 0, "capital": context.capital and context.place > 0}
            return frozenset(kind for kind, holds in kinds.items() if holds)
        words = context.words if place == "anywhere" else [context.neighbour(place)]
        return frozenset(name for word in words for name in self._names(word, ending=True))

    def _verb_odds(self, context: Context) -> float:
        """Add up how much the neighbours speak for a verb."""
        return sum(
            self._weights.get((place, name), 0.0)
            for place in _PLACES
            for name in self._names(context.neighbour(place), ending=place != "before2")
        )

    def _names(self, word: str, *, ending: bool) -> list[str]:
        """Return a word with the classes that it is in and its ending."""
        names = [word, *(name for name, words in self._classes.items() if word in words)]
        found = next((end for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 2), "")
        return [*names, f"-{found}"] if ending and found else names


def _conditions(when: str) -> tuple[tuple[str, bool, frozenset[str]], ...]:
    """Read ``before=@have he;behind!=the``: places, whether one of the names must stand there or none may."""
    found = re.findall(r"(\w+)(!?=)([^;]+)", when)
    return tuple((place, sign == "=", frozenset(names.split())) for place, sign, names in found)


def _plural(last: str) -> tuple[str, ...]:
    if last in ("S", "Z", "SH", "CH", "JH", "ZH"):
        return ("IH0", "Z")
    return ("S",) if last in ("P", "T", "K", "F", "TH") else ("Z",)
