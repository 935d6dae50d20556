"""What clients send and get, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

import pydantic
from pydantic import Field

from emotts.checkpoint.delivery import DeliveryOptions
from emotts.emotions.emotion_set import NEUTRAL
from emotts.emotions.intensity import MAX_INTENSITY
from emotts.ranges import CALL_RANGES, SEED_LIMIT

__all__ = ["EXAMPLES", "MODELS", "EmotionEntry", "ListOf", "ModelEntry", "SpeechRequest", "VoiceEntry"]

MODELS = ("emotts", "tts-1")
"""Names of the one model: its own, and OpenAI's for programs that know no other."""
_LONGEST_NAME = 500


def _ranged(name: str, description: str) -> Any:
    """Return a field with the range of a number of a delivery."""
    low, high = CALL_RANGES[name]
    return Field(ge=low, le=high, description=f"{description} From {low:g} to {high:g}.")


class SpeechRequest(pydantic.BaseModel):
    """A text to speak, by the names of OpenAI's API, and how."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    model: Annotated[str, Field(max_length=_LONGEST_NAME, description="`emotts`; `tts-1` means the same.")]
    input: Annotated[str, Field(min_length=1, description="The text, in the voice's language.")]
    voice: Annotated[str, Field(max_length=_LONGEST_NAME, description="One of `GET /v1/voices`.")]
    response_format: Annotated[
        Literal["mp3", "opus", "aac", "flac", "wav", "pcm"],
        Field(description="`pcm`: 24 kHz, 16 bits, mono, no header. There is no `aac`."),
    ] = "mp3"
    speed: Annotated[float, _ranged("speed", "1 as recorded, 2 twice as fast.")] = 1.0
    stream_format: Annotated[
        Literal["audio", "sse"] | None,
        Field(description="`audio`: bytes of the file as soon as they are spoken; `sse`: the same in events."),
    ] = None
    stream: Annotated[bool, Field(description="The same as `stream_format: audio`.")] = False
    instructions: Annotated[
        str | None, Field(description="Refused unless empty: how to speak is said by `emotion` and `intensity`.")
    ] = None
    emotion: Annotated[
        str, Field(max_length=_LONGEST_NAME, description="A name, a style, or a mixture: `happy:0.7+surprised:0.3`.")
    ] = NEUTRAL
    intensity: Annotated[float, Field(ge=0.0, le=MAX_INTENSITY, description="0 neutral, 1 as recorded, up to 1.5.")] = (
        1.0
    )
    pitch_shift: Annotated[float, _ranged("pitch_shift", "Semitones that the pitch is raised by.")] = 0.0
    pitch_range: Annotated[float, _ranged("pitch_range", "Factor on the pitch's distance from its mean.")] = 1.0
    pause_scale: Annotated[float, _ranged("pause_scale", "Factor on the pauses between sentences.")] = 1.0
    noise_scale: Annotated[float | None, _ranged("noise_scale", "Variation; left out: the voice's own.")] = None
    markup: Annotated[bool, Field(description="Read `[happy]`, `[pause 0.5s]` and the like in the text as tags.")] = (
        True
    )
    seed: Annotated[int, Field(ge=0, lt=SEED_LIMIT, description="The same seed gives the same samples.")] = 0
    speaker: Annotated[
        str | None, Field(max_length=_LONGEST_NAME, description="Needed where the voice has several speakers.")
    ] = None

    def options(self) -> DeliveryOptions:
        """Return how it is spoken, as :meth:`emotts.voice.Voice.stream` takes it."""
        return {
            "emotion": self.emotion,
            "intensity": self.intensity,
            "speed": self.speed,
            "pitch_shift": self.pitch_shift,
            "pitch_range": self.pitch_range,
            "pause_scale": self.pause_scale,
            "noise_scale": self.noise_scale,
            "speaker": self.speaker,
            "seed": self.seed,
        }


EXAMPLES: dict[str, Any] = {
    "plain": {
        "summary": "A sentence as mp3",
        "value": {"model": "emotts", "voice": "default", "input": "안녕하세요, 반갑습니다."},
    },
    "emotion": {
        "summary": "With an emotion, as wav",
        "value": {
            "model": "emotts",
            "voice": "default",
            "input": "오늘 정말 기쁜 하루였어요!",
            "response_format": "wav",
            "emotion": "happy",
            "intensity": 1.2,
        },
    },
    "stream": {
        "summary": "Streamed while it is spoken",
        "value": {
            "model": "emotts",
            "voice": "default",
            "input": "첫 문장입니다. 그리고 두 번째 문장입니다.",
            "response_format": "pcm",
            "stream_format": "audio",
        },
    },
}
"""Requests that work with a Korean voice named "default"."""


class VoiceEntry(pydantic.BaseModel):
    """A voice."""

    id: str
    object: Literal["voice"] = "voice"
    language: str
    sample_rate_hz: int
    emotions: list[str]
    styles: list[str]
    speakers: list[str]


class EmotionEntry(pydantic.BaseModel):
    """An emotion or a style, and the voices that have it."""

    id: str
    object: Literal["emotion", "style"]
    voices: list[str]


class ModelEntry(pydantic.BaseModel):
    """A model, as of OpenAI's API."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "emotts"


Entry = TypeVar("Entry", bound=pydantic.BaseModel)


class ListOf(pydantic.BaseModel, Generic[Entry]):
    """A list, as of OpenAI's API."""

    object: Literal["list"] = "list"
    data: list[Entry]
