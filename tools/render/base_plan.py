"""The plan of the base corpus: which speaker says which sentence in which emotion, and in which order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tools.render.emotion_rule import RULES

__all__ = ["BASE_VOICES", "BaseVoice", "PlannedSentence", "plan"]


@dataclass(frozen=True)
class BaseVoice:
    """A speaker: how much of which voices of Kokoro, and by how many semitones the pitch is moved."""

    shares: Mapping[str, float]
    pitch_st: float = 0.0


BASE_VOICES: Mapping[str, BaseVoice] = MappingProxyType(
    {
        "alpha": BaseVoice({"jf_alpha": 1.0}, 0.5),
        "tebukuro": BaseVoice({"jf_tebukuro": 1.0}, -0.5),
        "sora": BaseVoice({"jf_nezumi": 0.6, "jf_alpha": 0.2, "jm_kumo": 0.2}, 1.0),
        "hana": BaseVoice({"jf_alpha": 0.6, "jm_kumo": 0.4}, 2.0),
        "yuki": BaseVoice({"jf_alpha": 0.5, "jf_tebukuro": 0.5}, -3.0),
        "kumo": BaseVoice({"jm_kumo": 1.0}),
        "taro": BaseVoice({"jm_kumo": 0.75, "jf_nezumi": 0.25}, 2.5),
        "jiro": BaseVoice({"jm_kumo": 0.6, "jf_alpha": 0.4}, -3.0),
    }
)
"""The speakers of the base corpus, five women and three men; that of the demo recordings is not among them."""


@dataclass(frozen=True)
class PlannedSentence:
    """One sentence of a language, spoken by one speaker: in its own emotion, and once more in another."""

    text: str
    language: str
    speaker: str
    emotions: tuple[str, str]


def plan(scripts: Mapping[str, Sequence[tuple[str, str]]], *, seed: int) -> list[PlannedSentence]:
    """Plan ``(text, emotion)`` sentences of each language.

    Languages, speakers and emotions are balanced in all of the plan and in its beginning. The sentences of a language
    and an emotion go round among the speakers. The second emotion of a neutral sentence goes round among the others;
    that of an emotional one is neutral every other time, else one of the remaining ones in turn.
    """
    chance = random.Random(seed)
    strata: dict[tuple[str, str, str], list[PlannedSentence]] = defaultdict(list)
    for language, sentences in scripts.items():
        groups: dict[str, list[str]] = defaultdict(list)
        for text, emotion in sentences:
            groups[emotion].append(text)
        for emotion in sorted(groups):
            for number, text in enumerate(chance.sample(groups[emotion], len(groups[emotion]))):
                place = number % len(BASE_VOICES)
                speaker = list(BASE_VOICES)[place]
                stratum = strata[language, emotion, speaker]
                second = _second_emotion(emotion, number=len(stratum), shift=place)
                stratum.append(PlannedSentence(text, language, speaker, (emotion, second)))
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
