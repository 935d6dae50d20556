"""Who says which sentence of the base corpus in which emotions, and in which order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from emotts.demo.world import PITCH_HZ, RULES

__all__ = ["BASE_VOICES", "BaseVoice", "PlannedSentence", "plan"]


@dataclass(frozen=True)
class BaseVoice:
    """A voice of Kokoro, and the lowest and highest pitch that is looked for in it."""

    name: str
    pitch_hz: tuple[float, float] = PITCH_HZ


BASE_VOICES: Mapping[str, BaseVoice] = MappingProxyType(
    {
        "alpha": BaseVoice("jf_alpha"),
        "gongitsune": BaseVoice("jf_gongitsune"),
        "tebukuro": BaseVoice("jf_tebukuro", pitch_hz=(90.0, 600.0)),
        "kumo": BaseVoice("jm_kumo", pitch_hz=(55.0, 400.0)),
    }
)
"""The speakers of the base corpus; that of the demo recording is not among them."""


@dataclass(frozen=True)
class PlannedSentence:
    """One sentence, spoken by one speaker: in its own emotion, and once more in another."""

    text: str
    speaker: str
    emotions: tuple[str, str]


def plan(sentences: Sequence[tuple[str, str]], *, seed: int) -> list[PlannedSentence]:
    """Plan ``(text, emotion)`` sentences, so that speakers and emotions are balanced in all of it and in its beginning.

    The sentences of an emotion go round among the speakers. The second emotion of a neutral sentence goes round among
    the others; that of an emotional one is neutral every other time, else one of the remaining ones in turn.
    """
    chance = random.Random(seed)
    groups: dict[str, list[str]] = defaultdict(list)
    for text, emotion in sentences:
        groups[emotion].append(text)
    strata: dict[tuple[str, str], list[PlannedSentence]] = defaultdict(list)
    for emotion in sorted(groups):
        texts = chance.sample(groups[emotion], len(groups[emotion]))
        for number, text in enumerate(texts):
            speaker = list(BASE_VOICES)[number % len(BASE_VOICES)]
            stratum = strata[emotion, speaker]
            second = _second_emotion(emotion, number=len(stratum), shift=list(BASE_VOICES).index(speaker))
            stratum.append(PlannedSentence(text, speaker, (emotion, second)))
    placed = [
        ((number + chance.random()) / len(stratum), sentence)
        for stratum in strata.values()
        for number, sentence in enumerate(stratum)
    ]
    return [sentence for _, sentence in sorted(placed, key=lambda pair: pair[0])]


def _second_emotion(emotion: str, *, number: int, shift: int) -> str:
    """Second emotion of the ``number``-th sentence of an emotion and speaker; by ``shift`` speakers begin elsewhere."""
    others = [name for name in RULES if name not in (emotion, "neutral")]
    if emotion == "neutral":
        return others[(number + shift) % len(others)]
    return others[(number // 2 + shift) % len(others)] if (number + shift) % 2 else "neutral"
