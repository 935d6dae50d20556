"""The split of utterances into training, validation and test: seeded, stratified by emotion, by text."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from emotts.corpus.text_groups import TextGroups, TextQueue
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


def split(
    texts: Sequence[str], emotions: Sequence[str], *, val_fraction: float, test_fraction: float, seed: int
) -> Split:
    """Split items with these texts and emotions.

    Each emotion gives its fraction (rounded, at least one) to validation and test where it has three items or
    more; with two, both are for training. Items with the same text stay on one side, whatever their emotion, so
    that fractions can only be met as nearly as the texts allow. The order of the items does not matter.

    Args:
        texts: normalised text of each item.
        emotions: emotion of each item.
        val_fraction: fraction of each emotion for validation, 0 to 1.
        test_fraction: fraction of each emotion for test, 0 to 1.
        seed: same seed, same split.

    Raises:
        CorpusError: if there are fewer than three items, an emotion has only one, or an emotion has too few
            different texts; the message has the counts.
    """
    _check_arguments(texts, emotions, val_fraction=val_fraction, test_fraction=test_fraction)
    totals = Counter(emotions)
    groups = TextGroups(texts, emotions)
    _check_enough(totals, groups)
    chosen = _draw(groups, totals, val_fraction=val_fraction, test_fraction=test_fraction, seed=seed)
    sides: dict[str, list[int]] = {"train": [], "val": [], "test": []}
    for place, text in enumerate(texts):
        sides[chosen.get(text, "train")].append(place)
    return Split(train=tuple(sides["train"]), val=tuple(sides["val"]), test=tuple(sides["test"]))


def _check_arguments(
    texts: Sequence[str], emotions: Sequence[str], *, val_fraction: float, test_fraction: float
) -> None:
    if len(texts) != len(emotions):
        raise CorpusError("texts and emotions do not match", found=f"{len(texts)} texts, {len(emotions)} emotions")
    if not (0 <= val_fraction < 1 and 0 <= test_fraction < 1 and val_fraction + test_fraction < 1):
        raise CorpusError(
            "fractions of the split cannot be used",
            found=f"val {val_fraction}, test {test_fraction}",
            wanted="a sum below 1",
        )


def _draw(
    groups: TextGroups, totals: Counter[str], *, val_fraction: float, test_fraction: float, seed: int
) -> dict[str, str]:
    """Return the side of each text that is not for training, from the first order of the texts that allows it.

    Raises:
        CorpusError: if no order does.
    """
    shuffler = random.Random(seed)
    names = sorted(groups)
    failure: CorpusError | None = None
    for _ in range(_ATTEMPTS):
        order = shuffler.sample(names, len(names))
        try:
            return _choose(order, groups, totals, val_fraction=val_fraction, test_fraction=test_fraction)
        except CorpusError as error:
            failure = error
    raise failure or _too_few(min(totals), totals, groups)


def _check_enough(totals: Counter[str], groups: TextGroups) -> None:
    counts = ", ".join(f"{name} {count}" for name, count in sorted(totals.items()))
    if totals.total() < _MIN_FOR_ALL_SIDES:
        raise CorpusError(
            "too few utterances to split into training, validation and test",
            found=f"{totals.total()} ({counts or 'none'})",
            wanted=f"at least {_MIN_FOR_ALL_SIDES}, better 50",
            remedy="record and label more",
        )
    n_texts = groups.n_texts()
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
        elif n_texts[name] < _MIN_FOR_ALL_SIDES:
            raise _too_few(name, totals, groups)
    if max(totals.values()) < _MIN_FOR_ALL_SIDES:
        raise CorpusError(
            "too few utterances to split: no emotion has enough for training, validation and test",
            found=counts,
            wanted=f"at least {_MIN_FOR_ALL_SIDES} of each emotion",
            remedy="record and label more",
        )


def _choose(
    order: Sequence[str],
    groups: TextGroups,
    totals: Counter[str],
    *,
    val_fraction: float,
    test_fraction: float,
) -> dict[str, str]:
    """Return the side of each text that is not for training.

    Raises:
        CorpusError: if an emotion cannot be on all sides with this order.
    """
    queue = TextQueue(order, groups)
    chosen: dict[str, str] = {}
    fractions = {"test": test_fraction, "val": val_fraction}
    rarest_first = sorted(totals, key=lambda name: (totals[name], name))
    for side, later in (("test", 2), ("val", 1)):
        have: Counter[str] = Counter()
        targets = {
            name: max(1, int(totals[name] * fractions[side] + 0.5)) if totals[name] >= _MIN_FOR_ALL_SIDES else 0
            for name in totals
        }
        for emotion in rarest_first:
            while have[emotion] < targets[emotion]:
                number = _best(emotion, queue, groups, have=have, targets=targets, later=later, totals=totals)
                if number is None:
                    break
                chosen[queue.take(number)] = side
                have.update(dict(groups.group(number)))
            if targets[emotion] and not have[emotion]:
                raise _too_few(emotion, totals, groups)
    return chosen


def _best(
    emotion: str,
    queue: TextQueue,
    groups: TextGroups,
    *,
    have: Counter[str],
    targets: dict[str, int],
    later: int,
    totals: Counter[str],
) -> int | None:
    """Return the group whose first text fills the emotion with the least surplus and leaves a text for later sides."""
    best: tuple[int, int, int] | None = None
    for number, place in queue.first(emotion):
        group = groups.group(number)
        if any(queue.left[name] - 1 < _needed(name, totals, later) for name, _ in group):
            continue
        surplus = sum(max(0, have[name] + count - targets[name]) for name, count in group)
        if best is None or (surplus, place) < best[:2]:
            best = (surplus, place, number)
    if best is None or (have[emotion] and best[0] > targets[emotion] - have[emotion]):
        return None
    return best[2]


def _needed(emotion: str, totals: Counter[str], later: int) -> int:
    """Texts of an emotion that must be left over; of one that is for training alone, all but those shared."""
    return later if totals[emotion] >= _MIN_FOR_ALL_SIDES else 1


def _too_few(emotion: str, totals: Counter[str], groups: TextGroups) -> CorpusError:
    different = groups.n_texts()[emotion]
    return CorpusError(
        f"emotion {emotion!r} has too few different texts to split",
        found=f"{totals[emotion]} utterances with {different} different texts, some of them shared between emotions",
        wanted=f"at least {_MIN_FOR_ALL_SIDES} texts that can be kept apart, since a text is never on two sides",
        remedy="record further sentences of it",
    )
