"""The HTTP API on a real server: an OpenAI client speaks with it, and nothing brings it down."""

from __future__ import annotations

import base64
import io
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import openai
import pytest
import soundfile
from support.project import Project
from support.served import GatedVoice, Served, free_port, served, tiny_voice
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts.audio.io import encode_wav
from emotts.audio.resample import resample
from emotts.checkpoint.voice_folder import write_voice
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


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.01)


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


def test_metrics_count_requests_and_speech(voice: Voice) -> None:
    with served({"default": voice}) as server:
        wait_until(lambda: server.client.get("/health").status_code == 200)
        server.post(input=TEXT)
        server.post(input=TEXT, stream=True)
        server.post(voice="nobody")
        speech = 'emotts_requests_total{path="/v1/audio/speech",status="'
        assert server.metric(speech + '200"}') == 2
        assert server.metric(speech + '400"}') == 1
        assert server.metric("emotts_first_audio_seconds_count") == 2
        seconds = server.metric('emotts_audio_seconds_total{voice="default"}')
        assert seconds == pytest.approx(2 * voice.speak(TEXT).duration_s)
        assert server.metric("emotts_requests_waiting") == server.metric("emotts_requests_speaking") == 0


def test_it_is_starting_until_every_voice_has_spoken() -> None:
    voice = GatedVoice()
    voice.is_open = False
    with served({"default": voice}) as server:
        answer = server.client.get("/health")
        assert (answer.status_code, answer.json()) == (503, {"status": "starting"})
        voice.is_open = True
        voice.gate.release()
        wait_until(lambda: server.client.get("/health").json() == {"status": "ok"})


@pytest.fixture
def gated() -> Iterator[tuple[GatedVoice, Served]]:
    """Yield a voice that is held, and the server that has two places and one worker."""
    voice = GatedVoice()
    with served({"default": voice}, max_requests=2, max_time_s=20.0, block_s=0.1) as server:
        wait_until(lambda: server.client.get("/health").status_code == 200)
        voice.is_open, voice.n_pieces = False, 0
        yield voice, server
        voice.is_open = True
        voice.gate.release(100)


def test_sound_comes_before_the_text_is_spoken(gated: tuple[GatedVoice, Served]) -> None:
    voice, server = gated
    body = {"model": "emotts", "voice": "default", "input": TEXT, "response_format": "pcm"}
    voice.gate.release(2)
    with server.client.stream("POST", "/v1/audio/speech", json=body) as answer:
        first = next(answer.iter_bytes())
        assert len(first) > 1000
        assert voice.n_pieces <= 2
        voice.gate.release(100)


def test_a_full_house_says_when_to_come_again(gated: tuple[GatedVoice, Served]) -> None:
    voice, server = gated
    with ThreadPoolExecutor(3) as pool:
        accepted = [pool.submit(server.post) for _ in range(2)]
        wait_until(lambda: server.metric("emotts_requests_speaking") + server.metric("emotts_requests_waiting") == 2)
        refused = server.post()
        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "queue_full"
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        with openai.OpenAI(base_url=f"{server.address}/v1", api_key="unused", max_retries=3) as client:
            patient = pool.submit(client.audio.speech.create, model="emotts", voice="default", input="네.")
            wait_until(lambda: server.metric('emotts_requests_total{path="/v1/audio/speech",status="429"}') >= 2)
            voice.is_open = True
            voice.gate.release(100)
            assert len(patient.result().content) > 100
        assert [answer.result().status_code for answer in accepted] == [200, 200]


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_goes_away_stops_its_work(gated: tuple[GatedVoice, Served], stream: bool) -> None:
    voice, server = gated
    body = {"model": "emotts", "voice": "default", "input": TEXT, "response_format": "pcm" if stream else "wav"}
    with httpx.Client(base_url=server.address) as client:
        if stream:
            voice.gate.release(2)
            with client.stream("POST", "/v1/audio/speech", json=body) as answer:
                next(answer.iter_bytes())
        else:
            with pytest.raises(httpx.ReadTimeout):
                client.post("/v1/audio/speech", json=body, timeout=0.2)
    wait_until(lambda: server.metric('emotts_requests_total{path="/v1/audio/speech",status="499"}') == 1)
    before = voice.n_pieces
    voice.is_open = True
    voice.gate.release(1)
    wait_until(lambda: server.metric("emotts_requests_speaking") == 0)
    assert voice.n_pieces <= before + 1
    assert server.post().status_code == 200


def test_speaking_that_takes_too_long_is_given_up() -> None:
    voice = GatedVoice()
    with served({"default": voice}, max_time_s=0.3) as server:
        wait_until(lambda: server.client.get("/health").status_code == 200)
        voice.is_open = False
        answer = server.post()
        assert (answer.status_code, answer.json()["error"]["code"]) == (504, "timeout")
        assert answer.json()["error"]["message"].startswith("not spoken within 0.3 s; to do: send a shorter text")
        voice.is_open = True
        voice.gate.release()
        wait_until(lambda: server.metric("emotts_requests_speaking") == 0)
        assert server.post().status_code == 200


def test_sixty_four_clients_at_once(voice: Voice) -> None:
    with served({"default": voice}, max_requests=16) as server, ThreadPoolExecutor(64) as pool:
        start = threading.Barrier(64)

        def ask(number: int) -> int:
            start.wait()
            with httpx.Client(base_url=server.address, timeout=60) as client:
                body = {"model": "emotts", "voice": "default", "input": "안녕하세요.", "stream": number % 2 == 0}
                answer = client.post("/v1/audio/speech", json=body)
                assert answer.status_code == 429 or len(answer.content) > 100
                return answer.status_code

        statuses = list(pool.map(ask, range(64)))
        assert set(statuses) <= {200, 429}
        assert statuses.count(200) >= 16


def test_a_key_is_asked_for(voice: Voice) -> None:
    with served({"default": voice}, api_key="a long secret") as server:
        assert server.post().status_code == 200
        assert httpx.get(f"{server.address}/health").status_code in (200, 503)
        for key in (None, "Bearer a long secre", "Basic a long secret"):
            for path in ("/v1/voices", "/metrics"):
                answer = httpx.get(server.address + path, headers={} if key is None else {"Authorization": key})
                assert answer.status_code == 401
                assert answer.headers["www-authenticate"] == "Bearer"
                assert answer.json()["error"]["code"] == "invalid_api_key"
        with (
            openai.OpenAI(base_url=f"{server.address}/v1", api_key="wrong", max_retries=0) as client,
            pytest.raises(openai.AuthenticationError, match="the key is missing or wrong"),
        ):
            client.audio.speech.create(model="emotts", voice="default", input="네.")


def test_other_sites_cannot_read_it_unless_they_are_allowed(voice: Voice) -> None:
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    for allowed, header in (((), None), (("https://a.example",), "https://a.example")):
        with served({"default": voice}, allow_origins=allowed) as server:
            answer = server.client.options("/v1/audio/speech", headers=asked)
            assert answer.headers.get("access-control-allow-origin") == header
            assert server.client.get("/health", headers={"Host": "rebound.example"}).status_code == 400
            assert server.client.get("/health", headers={"Host": "localhost"}).status_code in (200, 503)


def test_the_command_serves_a_folder_and_ends_what_it_began(tmp_path: Path, voice: Voice) -> None:
    write_voice(tmp_path / "models/export", make_synthesizer(), DESCRIPTION)
    project, port = Project(tmp_path), free_port()
    process = project.start("emotts", "serve", "--port", str(port))
    assert process.stdout is not None
    assert process.stdout.readline() == "default: KR, neutral, happy, sad\n"
    assert process.stdout.readline() == f"serving: http://127.0.0.1:{port}/docs   (Ctrl-C ends it)\n"
    text = "정말 기쁜 하루였어요. " * 40
    body = {"model": "emotts", "voice": "default", "input": text, "response_format": "wav", "stream": True}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        wait_until(lambda: client.get("/health").status_code == 200)
        with client.stream("POST", "/v1/audio/speech", json=body) as answer:
            pieces = answer.iter_bytes()
            content = next(pieces)
            process.send_signal(signal.SIGTERM)
            content += b"".join(pieces)
    assert len(content) == 44 + 2 * len(voice.speak(text).samples)
    assert process.wait(timeout=30) == -signal.SIGTERM
    assert process.stdout.read() == ""
