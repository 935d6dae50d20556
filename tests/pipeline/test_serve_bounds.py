"""The HTTP API under strain, on a real server: nothing brings it down, and only those come in who may."""

from __future__ import annotations

import dataclasses
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import openai
import pytest
from support.project import Project
from support.served import GatedVoice, Served, free_port, served, tiny_voice
from support.tiny_voice import DESCRIPTION, make_synthesizer
from support.waiting import wait_until

from emotts.checkpoint.voice_folder import write_voice
from emotts.voice import Voice

pytestmark = pytest.mark.slow
TEXT = "오늘 정말 기쁜 하루였어요! 그리고 내일도 기다려져요. 정말로요."


@pytest.fixture(scope="module")
def voice() -> Voice:
    return tiny_voice()


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


def test_a_voice_of_several_speakers_is_ready_too() -> None:
    several = Voice(make_synthesizer(n_speakers=2), dataclasses.replace(DESCRIPTION, speakers=("yuna", "minsu")))
    with served({"default": several}) as server:
        wait_until(lambda: server.client.get("/health").json() != {"status": "starting"})
        assert server.client.get("/health").json() == {"status": "ok"}


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
                client.post("/v1/audio/speech", json=body, timeout=httpx.Timeout(30.0, read=0.2))
    wait_until(lambda: server.metric('emotts_requests_total{path="/v1/audio/speech",status="499"}') == 1)
    before = voice.n_pieces
    voice.is_open = True
    voice.gate.release(1)
    wait_until(lambda: server.metric("emotts_requests_speaking") == 0)
    assert voice.n_pieces <= before + 1
    assert server.post().status_code == 200


def test_speaking_that_takes_too_long_is_given_up() -> None:
    voice = GatedVoice()
    with served({"default": voice}, max_time_s=5.0) as server:
        wait_until(lambda: server.client.get("/health").status_code == 200)
        voice.is_open = False
        answer = server.post()
        assert (answer.status_code, answer.json()["error"]["code"]) == (504, "timeout")
        assert answer.json()["error"]["message"].startswith("not spoken within 5 s; to do: send a shorter text")
        voice.is_open = True
        voice.gate.release()
        wait_until(lambda: server.metric("emotts_requests_speaking") == 0)
        wait_until(lambda: server.post().status_code == 200)


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
    assert process.wait(timeout=120) == -signal.SIGTERM
    assert process.stdout.read() == ""
