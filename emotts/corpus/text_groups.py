"""Texts grouped by what they have in common: how often each emotion has them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence

__all__ = ["Group", "TextGroups", "TextQueue"]

Group = tuple[tuple[str, int], ...]
"""(emotion, items) of a text, in the order in which the emotions first have it."""


class TextGroups:
    """The group of every text: a number a text, and each group once.

    Args:
        texts: text of each item.
        emotions: emotion of each item.
    """

    def __init__(self, texts: Sequence[str], emotions: Sequence[str]) -> None:
        self._groups: list[Group] = [()]
        self._steps: dict[tuple[int, str], int] = {}
        self._numbers: dict[str, int] = {}
        known: dict[Group, int] = {(): 0}
        for text, emotion in zip(texts, emotions, strict=True):
            step = (self._numbers.get(text, 0), emotion)
            if step not in self._steps:
                counts = dict(self._groups[step[0]])
                counts[emotion] = counts.get(emotion, 0) + 1
                group = tuple(counts.items())
                self._steps[step] = known.setdefault(group, len(self._groups))
                if known[group] == len(self._groups):
                    self._groups.append(group)
            self._numbers[text] = self._steps[step]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, text: str) -> int:
        """Return the number of a text's group."""
        return self._numbers[text]

    def group(self, number: int) -> Group:
        """Return a group."""
        return self._groups[number]

    def n_texts(self) -> Counter[str]:
        """Return how many different texts each emotion has."""
        found: Counter[str] = Counter()
        for number, count in Counter(self._numbers.values()).items():
            for emotion, _ in self._groups[number]:
                found[emotion] += count
        return found


class TextQueue:
    """The texts that are left of an order, by their group.

    Attributes:
        left: how many of them each emotion has.
    """

    def __init__(self, order: Sequence[str], groups: TextGroups) -> None:
        self._order = order
        self._groups = groups
        self._waiting: dict[int, deque[int]] = {}
        for place, text in enumerate(order):
            self._waiting.setdefault(groups.number(text), deque()).append(place)
        self._by_emotion: dict[str, list[int]] = {}
        for number in self._waiting:
            for emotion, _ in groups.group(number):
                self._by_emotion.setdefault(emotion, []).append(number)
        self.left: Counter[str] = groups.n_texts()

    def first(self, emotion: str) -> Iterator[tuple[int, int]]:
        """Yield number and place in the order of the first text of every group with an emotion."""
        for number in self._by_emotion[emotion]:
            texts = self._waiting[number]
            if texts:
                yield number, texts[0]

    def take(self, number: int) -> str:
        """Remove the first text of a group, and return it."""
        for emotion, _ in self._groups.group(number):
            self.left[emotion] -= 1
        return self._order[self._waiting[number].popleft()]
