"""The HTTP API on a real server: an OpenAI client speaks with it, and wrong requests get OpenAI's errors."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openai
import pytest
import soundfile
from support.served import Served, served, tiny_voice
from support.waiting import wait_until

from emotts.audio.io import encode_wav
from emotts.audio.resample import resample
from emotts.voice import Voice

pytestmark = pytest.mark.slow
TEXT = "오늘 정말 기쁜 하루였어요! 그리고 내일도 기다려져요. 정말로요."


@pytest.fixture(scope="module")
def voice() -> Voice:
    return tiny_voice()


@pytest.fixture(scope="module")
def server(voice: Voice) -> Iterator[Served]:
    with served(
        {"default": voice, "other": tiny_voice()}, max_characters=200, max_audio_s=600.0, block_s=0.1
    ) as running:
        wait_until(lambda: running.client.get("/health").json()["status"] == "ok")
        yield running


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.address}/v1", api_key="unused", max_retries=0) as made:
        yield made


def read(content: bytes) -> tuple[np.ndarray, int]:
    samples, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    return samples, rate


def test_an_openai_client_gets_what_the_voice_speaks(client: openai.OpenAI, voice: Voice) -> None:
    how: dict[str, Any] = {"emotion": "기쁨", "intensity": 1.3, "seed": 7, "pitch_shift": 2.0, "pause_scale": 0.5}
    speech = voice.speak(TEXT, speed=1.5, **how)
    answer = client.audio.speech.create(
        model="emotts", voice="default", input=TEXT, response_format="wav", speed=1.5, extra_body=how
    )
    assert answer.content == encode_wav(speech.samples, sample_rate_hz=16_000)
    assert answer.response.headers["content-type"] == "audio/wav"
    assert answer.response.headers["content-length"] == str(len(answer.content))
    assert answer.response.headers["x-sample-rate"] == "16000"
    other = client.audio.speech.create(
        model="tts-1", voice="other", input="[sad]비가 와요.", response_format="flac", extra_body={"markup": True}
    )
    sad = voice.speak("비가 와요.", emotion="sad")
    assert np.array_equal(read(other.content)[0], read(encode_wav(sad.samples, sample_rate_hz=16_000))[0])


def test_a_streaming_openai_client_gets_the_same_samples(client: openai.OpenAI, voice: Voice) -> None:
    expected = voice.speak(TEXT, emotion="sad").samples
    streaming = client.audio.speech.with_streaming_response
    wanted: dict[str, Any] = {"model": "emotts", "voice": "default", "input": TEXT, "extra_body": {"emotion": "sad"}}
    with streaming.create(**wanted, response_format="wav", stream_format="audio") as answer:
        pieces = list(answer.iter_bytes())
        assert answer.headers["transfer-encoding"] == "chunked"
    assert len(pieces) > 3
    content = b"".join(pieces)
    assert content[:4] + content[8:12] == b"RIFFWAVE"
    assert content[4:8] == b"\xff\xff\xff\xff"
    samples = np.frombuffer(content[44:], dtype="<i2") / 32768
    np.testing.assert_allclose(samples, expected, atol=1e-3)
    with streaming.create(**wanted, response_format="pcm") as answer:
        pcm = np.frombuffer(answer.read(), dtype="<i2") / 32768
        assert answer.headers["x-sample-rate"] == "24000"
    at_24_khz = resample(expected, from_hz=16_000, to_hz=24_000)
    np.testing.assert_allclose(pcm, at_24_khz, atol=1e-3)


def test_server_sent_events_are_those_of_openai(server: Served, voice: Voice) -> None:
    with server.client.stream(
        "POST",
        "/v1/audio/speech",
        json={"model": "emotts", "voice": "default", "input": TEXT, "response_format": "wav", "stream_format": "sse"},
    ) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        lines = [line for line in answer.iter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    events = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert [event["type"] for event in events[:-1]] == ["speech.audio.delta"] * (len(events) - 1)
    assert events[-1]["type"] == "speech.audio.done"
    content = b"".join(base64.b64decode(event["audio"]) for event in events[:-1])
    assert len(content) == 44 + 2 * len(voice.speak(TEXT).samples)


@pytest.mark.parametrize(("format_", "kind", "rate"), [("mp3", "MP3", 16_000), ("opus", "OGG", 16_000)])
def test_compressed_sound_is_whole_and_streamed(
    server: Served, voice: Voice, format_: str, kind: str, rate: int
) -> None:
    length_s = voice.speak(TEXT).duration_s
    for stream in (False, True):
        answer = server.post(input=TEXT, response_format=format_, stream=stream)
        with soundfile.SoundFile(io.BytesIO(answer.content)) as sound:
            assert (sound.format, sound.samplerate) == (kind, rate)
            assert abs(len(sound.read()) / sound.samplerate - length_s) < 0.15, "but for the frames of the coding"


ERRORS: dict[str, tuple[dict[str, Any], int, dict[str, Any]]] = {
    "an unknown model": (
        {"model": "gpt-4"},
        404,
        {"message": "unknown model 'gpt-4'; wanted: one of emotts, tts-1", "param": "model", "code": "model_not_found"},
    ),
    "an unknown voice": (
        {"voice": "alloy"},
        400,
        {
            "message": "unknown voice 'alloy'; wanted: one of default, other",
            "param": "voice",
            "code": "voice_not_found",
        },
    ),
    "aac": (
        {"response_format": "aac"},
        400,
        {
            "message": "aac is not written; wanted: one of wav, flac, opus, mp3, pcm",
            "param": "response_format",
            "code": "unsupported_format",
        },
    ),
    "instructions": (
        {"instructions": "cheerful"},
        400,
        {
            "message": "instructions are not followed; to do: leave them out, and say how to speak by emotion and "
            "intensity",
            "param": "instructions",
            "code": "unsupported_value",
        },
    ),
    "a long text": (
        {"input": "가" * 201},
        400,
        {
            "message": "the text is too long; found: 201 characters; wanted: at most 200; to do: send it in parts",
            "param": "input",
            "code": "string_above_max_length",
        },
    ),
    "nothing to say": (
        {"input": "☃"},
        400,
        {
            "message": "text '☃' holds nothing that can be spoken; wanted: at least one word",
            "param": "input",
            "code": None,
        },
    ),
    "an emotion that was not learned": (
        {"emotion": "angry"},
        400,
        {
            "message": "the voice has never heard 'angry'; wanted: one of neutral, happy, sad; "
            "to do: record that emotion, add it to the corpus and train again",
            "param": "emotion",
            "code": None,
        },
    ),
    "hours of silence": (
        {"input": "[pause 60s]" * 12 + "네."},
        400,
        {
            "message": "the speech is too long; wanted: at most 600 s, pauses included; to do: send the text in parts",
            "param": "input",
            "code": "audio_above_max_length",
        },
    ),
    "an unknown speaker": (
        {"speaker": "minsu"},
        400,
        {"message": "unknown speaker 'minsu'; wanted: one of yuna", "param": "speaker", "code": None},
    ),
    "a speed": (
        {"speed": 5},
        400,
        {"message": "speed: Input should be less than or equal to 4", "param": "speed", "code": "invalid_value"},
    ),
    "a shift of the pitch": (
        {"pitch_shift": -13},
        400,
        {
            "message": "pitch_shift: Input should be greater than or equal to -12",
            "param": "pitch_shift",
            "code": "invalid_value",
        },
    ),
    "a misspelt key": (
        {"emotoin": "happy"},
        400,
        {"message": "emotoin: Extra inputs are not permitted", "param": "emotoin", "code": "invalid_value"},
    ),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ERRORS)
def test_errors_have_openais_form(server: Served, name: str, stream: bool) -> None:
    body, status, error = ERRORS[name]
    answer = server.post(**body, stream=stream)
    kind = "not_found_error" if status == 404 else "invalid_request_error"
    assert (answer.status_code, answer.json()) == (status, {"error": {"type": kind, **error}})
    assert str(Path.cwd()) not in answer.text


def test_a_tag_that_means_nothing_is_named_with_its_place(server: Served) -> None:
    answer = server.post(input="네. [hapy]아니요.")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("line 1, column 4: unknown emotion 'hapy'; found: [hapy]; ")
    assert server.post(input="네. [hapy]아니요.", markup=False).status_code == 200


def test_an_openai_client_raises_its_own_errors(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.audio.speech.create(model="emotts", voice="alloy", input="네.")
    assert (caught.value.param, caught.value.code) == ("voice", "voice_not_found")


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "message"),
    [
        ("GET", "/v1/nothing", b"", 404, "Not Found"),
        ("GET", "/v1/audio/speech", b"", 405, "Method Not Allowed"),
        ("POST", "/v1/audio/speech", b"{", 400, "the body is no JSON"),
        ("POST", "/v1/audio/speech", b" " * 70_000, 413, "the request is too large; wanted: at most 65536 bytes"),
    ],
)
def test_requests_that_are_none(
    server: Served, method: str, path: str, content: bytes, status: int, message: str
) -> None:
    answer = server.client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (status, message)


def test_what_the_server_has(server: Served, client: openai.OpenAI) -> None:
    entry = {
        "object": "voice",
        "language": "KR",
        "sample_rate_hz": 16_000,
        "emotions": ["neutral", "happy", "sad"],
        "styles": [],
        "speakers": ["yuna"],
    }
    voices = {"object": "list", "data": [{"id": "default", **entry}, {"id": "other", **entry}]}
    assert server.client.get("/v1/voices").json() == voices
    emotions = server.client.get("/v1/emotions").json()["data"]
    assert emotions[1] == {"id": "happy", "object": "emotion", "voices": ["default", "other"]}
    assert [emotion["id"] for emotion in emotions] == ["neutral", "happy", "sad"]
    assert [model.id for model in client.models.list()] == ["emotts", "tts-1"]


def test_the_documentation_needs_no_network_and_its_examples_work(server: Served) -> None:
    page = server.client.get("/docs").text
    assert "https://" not in page.replace(server.address, "")
    assert server.client.get("/swagger/swagger-ui-bundle.js").status_code == 200
    operation = server.client.get("/openapi.json").json()["paths"]["/v1/audio/speech"]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    assert len(examples) == 3
    for example in examples.values():
        assert server.client.post("/v1/audio/speech", json=example["value"]).status_code == 200
