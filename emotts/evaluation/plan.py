"""The plan of an evaluation: which sentence is spoken in which emotion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotts.errors import CorpusError

__all__ = ["Task", "plan_tasks"]


@dataclass(frozen=True)
class Task:
    """A sentence to be spoken in an emotion.

    Attributes:
        sentence: its number among the held-out sentences.
        own: whether this is the emotion the sentence was written for.
        shared: whether the sentence is one of those spoken in every emotion.
    """

    sentence: int
    text: str
    emotion: str
    own: bool
    shared: bool


def plan_tasks(
    sentences: Sequence[tuple[str, str]],
    *,
    emotions: Sequence[str],
    shared_sentences: int,
    seed: int,
    styles: Sequence[str] = (),
) -> list[Task]:
    """Return every sentence in its own emotion, and ``shared_sentences`` of them in every emotion, nothing twice.

    The shared ones are drawn by ``seed``, in turn from every emotion as far as its sentences go. A sentence in one of
    ``styles`` is spoken in it alone.

    Raises:
        CorpusError: if there is no sentence, or one in an emotion outside ``emotions``.
    """
    if not sentences:
        raise CorpusError(
            "there is no held-out sentence to speak", remedy="raise corpus.test_fraction, or name a file of sentences"
        )
    for text, emotion in sentences:
        if emotion not in (*emotions, *styles):
            raise CorpusError(
                f"held-out sentence is in an emotion that the voice does not have: {text[:40]!r}",
                found=emotion,
                wanted=f"one of {', '.join((*emotions, *styles))}",
            )
    shared = _draw_shared(sentences, emotions, shared_sentences, seed)
    tasks: list[Task] = []
    for number, (text, own) in enumerate(sentences):
        wanted = emotions if number in shared else (own,)
        tasks.extend(Task(number, text, emotion, emotion == own, number in shared) for emotion in wanted)
    return tasks


def _draw_shared(
    sentences: Sequence[tuple[str, str]], emotions: Sequence[str], count: int, seed: int
) -> frozenset[int]:
    random = np.random.default_rng(seed)
    firsts = {text: number for number, (text, _) in reversed(list(enumerate(sentences)))}
    heaps = []
    for emotion in emotions:
        numbers = [number for number in sorted(firsts.values()) if sentences[number][1] == emotion]
        heaps.append([int(number) for number in random.permutation(numbers)])
    chosen: list[int] = []
    while len(chosen) < count and any(heaps):
        chosen.extend(heap.pop() for heap in heaps if heap)
    return frozenset(chosen[:count])
