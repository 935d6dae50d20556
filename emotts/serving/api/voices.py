"""The voices of a server by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from emotts.errors import ConfigError, EmottsError
from emotts.serving.api.errors import ApiError
from emotts.voice import Voice

__all__ = ["DEFAULT_VOICE", "load_voices", "voice_of"]

DEFAULT_VOICE = "default"
"""Name of a voice that was given none."""
_NAMED = re.compile(r"(?P<name>[\w.-]{1,64})=(?P<source>.+)")


def load_voices(given: Sequence[str], load: Callable[[str], Voice]) -> dict[str, Voice]:
    """Load voices.

    Args:
        given: ``NAME=SOURCE``, or ``SOURCE`` alone for the name "default"; a source is what :meth:`Voice.load` takes.
        load: loads a source.

    Raises:
        ConfigError: if two voices have the same name, or there is none.
        EmottsError: as of :meth:`Voice.load`.
    """
    voices: dict[str, Voice] = {}
    for each in given:
        named = _NAMED.fullmatch(each)
        name, source = (named["name"], named["source"]) if named else (DEFAULT_VOICE, each)
        if name in voices:
            raise ConfigError(
                f"two voices are named {name!r}", found=each, wanted="--voice NAME=FOLDER with a name for each"
            )
        voices[name] = load(source)
    if not voices:
        raise ConfigError("there is no voice to serve", wanted="--voice NAME=FOLDER")
    return voices


def voice_of(voices: Mapping[str, Voice], name: str, *, speaker: str | None, emotion: str, intensity: float) -> Voice:
    """Return the voice of a request, having made sure that it can speak so.

    Raises:
        ApiError: 400 if the voice, its speaker or its emotion is unknown.
    """
    if name not in voices:
        raise ApiError(
            f"unknown voice {name!r}", param="voice", code="voice_not_found", wanted=f"one of {', '.join(voices)}"
        )
    description = voices[name].description
    try:
        description.emotion_weights(emotion, intensity=intensity)
    except EmottsError as error:
        raise ApiError.of(error, param="emotion") from error
    try:
        description.speaker_id(speaker)
    except EmottsError as error:
        raise ApiError.of(error, param="speaker") from error
    return voices[name]
