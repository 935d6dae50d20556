"""The paths of the API."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST

from emotts.serving.api.bodies import (
    EXAMPLES,
    MODELS,
    EmotionEntry,
    ListOf,
    ModelEntry,
    SpeechRequest,
    VoiceEntry,
)
from emotts.serving.api.encoding import MEDIA_TYPES
from emotts.serving.api.errors import ApiError
from emotts.serving.api.metrics import Metrics
from emotts.serving.api.settings import ServeSettings
from emotts.serving.api.speech import SpeechDesk
from emotts.serving.api.warm_up import WarmUp
from emotts.voice import Voice

__all__ = ["api_routes", "health_route"]

_SOUND: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The sound; its rate is in the header `X-Sample-Rate`.",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()
        },
    }
}


def api_routes(
    voices: Mapping[str, Voice], *, desk: SpeechDesk, metrics: Metrics, settings: ServeSettings
) -> APIRouter:
    """Return the paths that ask for the key, where there is one."""
    router = APIRouter(dependencies=[] if settings.api_key is None else [Depends(_key_check(settings))])

    @router.post("/v1/audio/speech", response_class=Response, responses=_SOUND, tags=["speech"])
    async def speak(request: Request, body: Annotated[SpeechRequest, Body(openapi_examples=EXAMPLES)]) -> Response:
        """Speak a text."""
        return await desk.answer(request, body)

    @router.get("/v1/voices", tags=["voices"])
    async def list_voices() -> ListOf[VoiceEntry]:
        """List the voices."""
        return ListOf(data=[_voice_entry(name, voice) for name, voice in voices.items()])

    @router.get("/v1/emotions", tags=["voices"])
    async def list_emotions() -> ListOf[EmotionEntry]:
        """List emotions and styles, and the voices that have them."""
        return ListOf(data=_emotion_entries(voices))

    @router.get("/v1/models", tags=["voices"])
    async def list_models() -> ListOf[ModelEntry]:
        """List the names of the model."""
        return ListOf(data=[ModelEntry(id=name) for name in MODELS])

    @router.get("/metrics", response_class=Response, tags=["server"])
    async def show_metrics() -> Response:
        """Return the metrics in Prometheus's format."""
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router


def health_route(warm_up: WarmUp) -> APIRouter:
    """Return the path that tells, without a key, whether the voices can speak."""
    router = APIRouter()

    @router.get("/health", tags=["server"], responses={503: {"description": "The voices are not ready."}})
    async def health() -> JSONResponse:
        """Say "ok", "starting" until every voice has spoken once, or "failed"."""
        return JSONResponse({"status": warm_up.status}, status_code=200 if warm_up.status == "ok" else 503)

    return router


def _key_check(settings: ServeSettings) -> Callable[[HTTPAuthorizationCredentials | None], Coroutine[Any, Any, None]]:
    async def check(
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
    ) -> None:
        if not settings.accepts("" if given is None else given.credentials):
            raise ApiError(
                "the key is missing or wrong",
                status=401,
                code="invalid_api_key",
                wanted="Authorization: Bearer KEY",
                headers={"WWW-Authenticate": "Bearer"},
            )

    return check


def _voice_entry(name: str, voice: Voice) -> VoiceEntry:
    description = voice.description
    return VoiceEntry(
        id=name,
        language=description.language,
        sample_rate_hz=voice.sample_rate_hz,
        emotions=list(voice.emotions),
        styles=list(voice.styles),
        speakers=[speaker for speaker in description.speakers if speaker not in description.replayed_speakers],
    )


def _emotion_entries(voices: Mapping[str, Voice]) -> list[EmotionEntry]:
    kinds: dict[str, Literal["emotion", "style"]] = {}
    holders: dict[str, list[str]] = {}
    for id_, voice in voices.items():
        for name in (*voice.emotions, *voice.styles):
            kinds[name] = "emotion" if name in voice.emotions else "style"
            holders.setdefault(name, []).append(id_)
    return [EmotionEntry(id=name, object=kind, voices=holders[name]) for name, kind in kinds.items()]
