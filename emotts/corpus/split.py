"""Split utterances into training, validation and test: seeded, stratified by emotion, no text on two sides."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from emotts.errors import CorpusError

__all__ = ["Split", "split"]

_log = logging.getLogger(__name__)

_ATTEMPTS = 50
"""Orders that are tried where texts are shared between emotions."""
_MIN_FOR_ALL_SIDES = 3


@dataclass(frozen=True)
class Split:
    """Places of the items on each side, ascending; together they are all places."""

    train: tuple[int, ...]
    val: tuple[int, ...]
    test: tuple[int, ...]


def split(texts: Sequence[str], emotions: Sequence[str], *, val_share: float, test_share: float, seed: int) -> Split:
    """Split items with these texts and emotions.

    Each emotion gives its share (rounded, at least one) to validation and test where it has three items or
    more; with two, both are for training. Items with the same text stay on one side, whatever their emotion, so
    that shares can only be met as nearly as the texts allow. The order of the items does not matter.

    Args:
        texts: normalised text of each item.
        emotions: emotion of each item.
        val_share: share of each emotion for validation, 0 to 1.
        test_share: share of each emotion for test, 0 to 1.
        seed: same seed, same split.

    Raises:
        CorpusError: if there are fewer than three items, an emotion has only one, or an emotion has too few
            different texts; the message has the counts.
    """
    if len(texts) != len(emotions):
        raise CorpusError("texts and emotions do not match", found=f"{len(texts)} texts, {len(emotions)} emotions")
    if not (0 <= val_share < 1 and 0 <= test_share < 1 and val_share + test_share < 1):
        raise CorpusError(
            "shares of the split cannot be used", found=f"val {val_share}, test {test_share}", wanted="a sum below 1"
        )
    totals = Counter(emotions)
    groups = _groups(texts, emotions)
    _check_enough(totals, groups)
    shuffler = random.Random(seed)
    names = sorted(groups)
    failure: CorpusError | None = None
    for _ in range(_ATTEMPTS):
        order = shuffler.sample(names, len(names))
        try:
            chosen = _choose(order, groups, totals, val_share=val_share, test_share=test_share)
        except CorpusError as error:
            failure = error
            continue
        sides: dict[str, list[int]] = {"train": [], "val": [], "test": []}
        for place, text in enumerate(texts):
            sides[chosen.get(text, "train")].append(place)
        return Split(train=tuple(sides["train"]), val=tuple(sides["val"]), test=tuple(sides["test"]))
    raise failure or _too_few(min(totals), totals, groups)


def _groups(texts: Sequence[str], emotions: Sequence[str]) -> dict[str, Counter[str]]:
    """Items of each emotion by text."""
    groups: dict[str, Counter[str]] = {}
    for text, emotion in zip(texts, emotions, strict=True):
        groups.setdefault(text, Counter())[emotion] += 1
    return groups


def _check_enough(totals: Counter[str], groups: dict[str, Counter[str]]) -> None:
    counts = ", ".join(f"{name} {count}" for name, count in sorted(totals.items()))
    if totals.total() < _MIN_FOR_ALL_SIDES:
        raise CorpusError(
            "too few utterances to split into training, validation and test",
            found=f"{totals.total()} ({counts or 'none'})",
            wanted=f"at least {_MIN_FOR_ALL_SIDES}, better 50",
            remedy="record and label more",
        )
    for name, count in sorted(totals.items()):
        if count == 1:
            raise CorpusError(
                f"emotion {name!r} has one utterance only: too few to split",
                found=counts,
                wanted=f"at least {_MIN_FOR_ALL_SIDES} of each emotion",
                remedy="record more of it, or take it out of the recording",
            )
        if count < _MIN_FOR_ALL_SIDES:
            _log.warning("emotion %s has %d utterances only; all are for training, none for evaluation", name, count)
        elif sum(name in group for group in groups.values()) < _MIN_FOR_ALL_SIDES:
            raise _too_few(name, totals, groups)
    if max(totals.values()) < _MIN_FOR_ALL_SIDES:
        raise CorpusError(
            "too few utterances to split: no emotion has enough for training, validation and test",
            found=counts,
            wanted=f"at least {_MIN_FOR_ALL_SIDES} of each emotion",
            remedy="record and label more",
        )


def _choose(
    order: Sequence[str], groups: dict[str, Counter[str]], totals: Counter[str], *, val_share: float, test_share: float
) -> dict[str, str]:
    """Return the side of each text that is not for training.

    Raises:
        CorpusError: if an emotion cannot be on all sides with this order.
    """
    remaining = list(order)
    chosen: dict[str, str] = {}
    shares = {"test": test_share, "val": val_share}
    rarest_first = sorted(totals, key=lambda name: (totals[name], name))
    for side, later in (("test", 2), ("val", 1)):
        have: Counter[str] = Counter()
        targets = {
            name: max(1, int(totals[name] * shares[side] + 0.5)) if totals[name] >= _MIN_FOR_ALL_SIDES else 0
            for name in totals
        }
        for emotion in rarest_first:
            while have[emotion] < targets[emotion]:
                text = _best(emotion, remaining, groups, have=have, targets=targets, later=later, totals=totals)
                if text is None:
                    break
                remaining.remove(text)
                chosen[text] = side
                have.update(groups[text])
            if targets[emotion] and not have[emotion]:
                raise _too_few(emotion, totals, groups)
    return chosen


def _best(
    emotion: str,
    remaining: Sequence[str],
    groups: dict[str, Counter[str]],
    *,
    have: Counter[str],
    targets: dict[str, int],
    later: int,
    totals: Counter[str],
) -> str | None:
    """Return the text that fills the emotion with the least surplus and leaves a text for every later side."""
    left = Counter(name for text in remaining for name in groups[text])
    best: tuple[int, str] | None = None
    for text in remaining:
        group = groups[text]
        if emotion not in group or any(left[name] - 1 < _needed(name, totals, later) for name in group):
            continue
        surplus = sum(max(0, have[name] + count - targets[name]) for name, count in group.items())
        if best is None or surplus < best[0]:
            best = (surplus, text)
    if best is None or (have[emotion] and best[0] > targets[emotion] - have[emotion]):
        return None
    return best[1]


def _needed(emotion: str, totals: Counter[str], later: int) -> int:
    """Texts of an emotion that must be left over; of one that is for training alone, all but those shared."""
    return later if totals[emotion] >= _MIN_FOR_ALL_SIDES else 1


def _too_few(emotion: str, totals: Counter[str], groups: dict[str, Counter[str]]) -> CorpusError:
    different = sum(emotion in group for group in groups.values())
    return CorpusError(
        f"emotion {emotion!r} has too few different texts to split",
        found=f"{totals[emotion]} utterances with {different} different texts, some of them shared between emotions",
        wanted=f"at least {_MIN_FOR_ALL_SIDES} texts that can be kept apart, since a text is never on two sides",
        remedy="record further sentences of it",
    )
