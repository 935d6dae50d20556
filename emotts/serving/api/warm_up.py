"""The first sentence of every voice, which nobody waits for: it loads the dictionaries of the text front ends."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Literal

from emotts.errors import EmottsError
from emotts.serving.api.speaking import Speakers
from emotts.voice import Voice

__all__ = ["WarmUp"]

_LOG = logging.getLogger(__name__)
_TEXTS: Mapping[str, str] = {"KR": "안녕하세요, 1번입니다.", "JP": "こんにちは、1番です。", "EN": "Hello, number 1."}


class WarmUp:
    """Lets every voice speak once.

    Attributes:
        status: "starting", then "ok", or "failed" if a voice cannot speak.
    """

    def __init__(self, voices: Mapping[str, Voice], speakers: Speakers) -> None:
        self._voices = voices
        self._speakers = speakers
        self.status: Literal["starting", "ok", "failed"] = "starting"

    async def run(self) -> None:
        """Speak; a failure is said by the log and :attr:`status`."""
        try:
            async for _ in self._speakers.pieces(self._spoken):
                pass
        except EmottsError as error:
            _LOG.error("a voice cannot speak: %s", error)
            self.status = "failed"
        else:
            self.status = "ok"

    def _spoken(self) -> Iterator[str]:
        for name, voice in self._voices.items():
            # block by block as well, so that the first request finds everything ready
            text, speaker = _TEXTS[voice.description.language], voice.description.own_speakers[0]
            for _ in voice.stream(text, emotion=voice.emotions[0], speaker=speaker, block_s=1.0):
                yield name
