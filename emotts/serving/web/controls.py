"""What the page's controls say at a moment: a request to the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pydantic

from emotts.emotions.emotion_set import NEUTRAL
from emotts.errors import EmottsError
from emotts.serving.api.bodies import SpeechRequest
from emotts.voice import Voice

__all__ = ["SHOWN_RANGES", "Controls", "names_of"]

SHOWN_RANGES: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "speed": (0.25, 4.0, 0.05),
        "pitch_shift": (-12.0, 12.0, 0.5),
        "pitch_range": (0.0, 4.0, 0.1),
        "pause_scale": (0.0, 4.0, 0.1),
        "noise_scale": (0.0, 2.0, 0.05),
    }
)
"""Least, most and step of the sliders; within :data:`emotts.ranges.CALL_RANGES`."""
_OWN = {"speed": 1.0, "pitch_shift": 0.0, "pitch_range": 1.0, "pause_scale": 1.0, "intensity": 1.0, "seed": 0}


class Controls:
    """The values of one tab, by the names of :class:`emotts.serving.api.bodies.SpeechRequest`.

    Args:
        voices: by name; there is one at least.
    """

    def __init__(self, voices: Mapping[str, Voice]) -> None:
        self._voices = voices
        self.values: dict[str, Any] = {"input": "", "markup": True, **_OWN}
        self.choose_voice(next(iter(voices)))

    @property
    def voice(self) -> Voice:
        """The voice that is chosen."""
        return self._voices[self.values["voice"]]

    def choose_voice(self, name: str) -> None:
        """Take another voice; what it cannot do goes back to what it does by itself."""
        self.values["voice"] = name
        speakers = self.voice.description.own_speakers
        if self.values.get("speaker") not in speakers:
            self.values["speaker"] = speakers[0] if len(speakers) > 1 else None
        if not self._can_speak(str(self.values.get("emotion", ""))):
            self.values["emotion"] = names_of(self.voice)[0]
        if not self.voice.moves_pitch:
            self.values |= {"pitch_shift": 0.0, "pitch_range": 1.0}
        self.values["noise_scale"] = self.voice.description.speaking.noise_scale

    def reset(self) -> None:
        """Set everything but the text, the voice and the emotion back."""
        self.values |= _OWN
        self.choose_voice(str(self.values["voice"]))

    def body(self) -> dict[str, Any]:
        """Return the request."""
        return {"model": "emotts", **self.values}

    def take(self, body: Mapping[str, object]) -> bool:
        """Take over the values of a request that the browser kept, if these voices can speak it still."""
        try:
            kept = SpeechRequest.model_validate({**body, "input": body.get("input") or " "})
        except pydantic.ValidationError:
            return False
        if kept.voice not in self._voices:
            return False
        known = kept.model_dump(include=set(self.values))
        before, self.values = self.values, {**known, "input": str(body.get("input") or "")}
        if not self._can_speak(kept.emotion):
            self.values = before
            return False
        if kept.noise_scale is None:
            self.values["noise_scale"] = self.voice.description.speaking.noise_scale
        return True

    def _can_speak(self, emotion: str) -> bool:
        try:
            self.voice.description.emotion_weights(emotion, intensity=1.0)
        except EmottsError:
            return False
        return True


def names_of(voice: Voice) -> list[str]:
    """Return the names that a voice speaks in: its emotions, neutral first, then its styles."""
    return sorted(voice.emotions, key=lambda name: name != NEUTRAL) + list(voice.styles)
