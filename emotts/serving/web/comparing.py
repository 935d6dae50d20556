"""What is compared: requests that differ in one thing alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emotts.emotions.emotion_set import NEUTRAL
from emotts.evaluation.intensity import INTENSITIES
from emotts.serving.web.controls import Controls, names_of
from emotts.serving.web.words import Words
from emotts.voice import Voice

__all__ = ["WAYS", "Entry", "entries_of"]

WAYS = ("emotions", "intensities", "voices")
"""What may differ."""


@dataclass(frozen=True)
class Entry:
    """One way to speak the text: what it is called, and the request."""

    name: str
    body: dict[str, Any]


def entries_of(
    way: str, controls: Controls, voices: Mapping[str, Voice], *, chosen: Sequence[str], words: Words
) -> list[Entry]:
    """Return what is compared.

    Args:
        way: one of :data:`WAYS`.
        controls: say everything else.
        voices: by name.
        chosen: names of the voices to compare.
        words: of the page.
    """
    if way == "voices":
        return [Entry(name, _by_voice(name, controls, voices)) for name in chosen]
    body = controls.body()
    if way == "emotions":
        return [Entry(words(name), {**body, "emotion": name}) for name in names_of(controls.voice)]
    emotion = body["emotion"]
    if emotion == NEUTRAL:
        return []
    return [Entry(f"{intensity:.2f}", {**body, "intensity": intensity}) for intensity in INTENSITIES]


def _by_voice(name: str, controls: Controls, voices: Mapping[str, Voice]) -> dict[str, Any]:
    """Return the request with another voice, whose own speaker and variation are taken."""
    other = Controls(voices)
    other.values = dict(controls.values)
    emotion = other.values["emotion"]
    if name != other.values["voice"]:
        other.choose_voice(name)
    return {**other.body(), "emotion": emotion}
