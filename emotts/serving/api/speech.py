"""The answer to a request for speech: whole, or piece by piece while it is spoken."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import TypeVar

import numpy as np
from fastapi import Request, Response
from numpy.typing import NDArray
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from emotts.audio.encoding import encode_audio
from emotts.errors import EmottsError
from emotts.serving.api.bodies import MODELS, SpeechRequest
from emotts.serving.api.encoding import MEDIA_TYPES, SoundStream, sent_rate_hz
from emotts.serving.api.errors import ApiError
from emotts.serving.api.metrics import Metrics
from emotts.serving.api.settings import ServeSettings
from emotts.serving.api.speaking import Speakers
from emotts.serving.api.voices import voice_of
from emotts.voice import Voice

__all__ = ["SpeechDesk"]

_LOG = logging.getLogger(__name__)
_GONE = 499
_PART_BYTES = 65_536
Result = TypeVar("Result")


class SpeechDesk:
    """Takes requests for speech and answers them.

    Args:
        voices: by name.
        settings: bounds.
        speakers: who speak.
        metrics: told about what was spoken.
    """

    def __init__(
        self, voices: Mapping[str, Voice], settings: ServeSettings, *, speakers: Speakers, metrics: Metrics
    ) -> None:
        self._voices = voices
        self._settings = settings
        self._speakers = speakers
        self._metrics = metrics

    async def answer(self, request: Request, body: SpeechRequest) -> Response:
        """Return the speech that is asked for.

        Raises:
            ApiError: if it cannot be spoken, all places are taken, or it takes too long.
        """
        start = time.perf_counter()
        self._check(body)
        voice = voice_of(self._voices, body.voice, speaker=body.speaker, emotion=body.emotion, intensity=body.intensity)
        streams = body.stream or body.stream_format is not None or body.response_format == "pcm"
        async with AsyncExitStack() as held:
            held.enter_context(self._speakers.place())
            pieces = await held.enter_async_context(
                aclosing(self._speakers.pieces(partial(self._spoken, voice, body, streams=streams)))
            )
            headers = _headers(body, voice)
            if streams:
                first = await _unless_gone(request, anext(pieces))
                content = _events(first, pieces) if body.stream_format == "sse" else _behind(first, pieces)
            else:
                whole = await _unless_gone(request, _joined(pieces))
                headers["Content-Length"] = str(len(whole))
                content = _parts(whole)
            self._metrics.first_audio_seconds.observe(time.perf_counter() - start)
            return _HeldResponse(content, headers=headers, stall_s=self._settings.max_stall_s, held=held.pop_all())

    def _check(self, body: SpeechRequest) -> None:
        if body.model not in MODELS:
            raise ApiError(
                f"unknown model {body.model!r}",
                status=404,
                param="model",
                code="model_not_found",
                wanted=f"one of {', '.join(MODELS)}",
            )
        if body.response_format not in MEDIA_TYPES:
            raise ApiError(
                f"{body.response_format} is not written",
                param="response_format",
                code="unsupported_format",
                wanted=f"one of {', '.join(MEDIA_TYPES)}",
            )
        if body.instructions:
            raise ApiError(
                "instructions are not followed",
                param="instructions",
                code="unsupported_value",
                remedy="leave them out, and say how to speak by emotion and intensity",
            )
        if len(body.input) > self._settings.max_characters:
            raise ApiError(
                "the text is too long",
                param="input",
                code="string_above_max_length",
                found=f"{len(body.input)} characters",
                wanted=f"at most {self._settings.max_characters}",
                remedy="send it in parts",
            )

    def _check_length(self, length_s: float) -> None:
        if length_s > self._settings.max_audio_s:
            raise ApiError(
                "the speech is too long",
                param="input",
                code="audio_above_max_length",
                wanted=f"at most {self._settings.max_audio_s:g} s, pauses included",
                remedy="send the text in parts",
            )

    def _spoken(self, voice: Voice, body: SpeechRequest, *, streams: bool) -> Iterator[bytes]:
        """Yield the bytes of the answer; runs in a worker thread. Whole speech is one piece behind empty ones."""
        block_s = self._settings.block_s if streams else None
        spoken = voice.stream(body.input, markup=body.markup, block_s=block_s, **body.options())
        seconds = self._metrics.audio_seconds.labels(body.voice)
        sound = SoundStream(body.response_format, sample_rate_hz=voice.sample_rate_hz)
        whole: list[NDArray[np.float32]] = []
        length_s = 0.0
        for speech in spoken:
            length_s += speech.duration_s
            self._check_length(length_s)
            seconds.inc(speech.duration_s)
            if not streams:
                whole.append(speech.samples)
                yield b""
            elif encoded := sound.encode(speech.samples, last=False):
                yield encoded
        if streams:
            yield sound.encode(np.empty(0, dtype=np.float32), last=True)
        else:
            yield encode_audio(np.concatenate(whole), voice.sample_rate_hz, name=body.response_format)


class _HeldResponse(StreamingResponse):
    """An answer that gives back what is held for it when it is sent, or broken off, however it ends."""

    def __init__(
        self, content: AsyncIterator[bytes], *, headers: Mapping[str, str], stall_s: float, held: AsyncExitStack
    ) -> None:
        super().__init__(content, headers=headers)
        self._stall_s = stall_s
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; a client that takes nothing for too long is left."""

        async def sent(message: Message) -> None:
            async with asyncio.timeout(self._stall_s):
                await send(message)

        async with self._held:
            try:
                await super().__call__(scope, receive, sent)
            except TimeoutError:
                _LOG.warning("a client took nothing for %g s and was left", self._stall_s)
            except EmottsError as error:
                # the status is sent already: the missing end of the answer tells the client
                _LOG.warning("an answer was broken off: %s", error)


def _headers(body: SpeechRequest, voice: Voice) -> dict[str, str]:
    rate_hz = sent_rate_hz(body.response_format, sample_rate_hz=voice.sample_rate_hz)
    media_type = MEDIA_TYPES[body.response_format]
    if body.stream_format == "sse":
        media_type = "text/event-stream"
    return {"Content-Type": media_type, "X-Sample-Rate": str(rate_hz), "Cache-Control": "no-store"}


async def _behind(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


async def _parts(whole: bytes) -> AsyncIterator[bytes]:
    """Yield parts that a slow client takes one by one, so that it is noticed."""
    for start in range(0, len(whole), _PART_BYTES):
        yield whole[start : start + _PART_BYTES]


async def _events(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield pieces of sound as OpenAI's server-sent events."""
    async for piece in _behind(first, pieces):
        yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(piece).decode("ascii")})
    usage = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    yield _event({"type": "speech.audio.done", "usage": usage})


def _event(content: object) -> bytes:
    return f"data: {json.dumps(content)}\n\n".encode("ascii")


async def _joined(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def _unless_gone(request: Request, work: Awaitable[Result]) -> Result:
    """Return what work results in; it is cancelled when the client goes away.

    Raises:
        ApiError: 499, which nobody reads, if the client went away.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ApiError("the client went away", status=_GONE)
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
