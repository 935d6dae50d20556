"""The page of a voice in a browser: it speaks what the voice speaks, keeps it, and people do not disturb each other."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect
from support.browser import chromium, watched_page
from support.held_page import HELD
from support.project import Project
from support.served import free_port, tiny_voice
from support.tiny_voice import DESCRIPTION, make_synthesizer
from support.web_page import PageServer, page_server, say, takes, type_text

from emotts.audio.encoding import encode_audio
from emotts.checkpoint.voice_folder import write_voice
from emotts.serving.web.words import LANGUAGES, Words
from emotts.voice import Voice

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXT = "오늘 정말 기쁜 하루였어요! 그리고 내일도 기다려져요."
STEP = 1 / 32768
"""Of 16 bits; streamed samples differ from whole ones by at most 1e-3 more."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def running(browser: Browser) -> Iterator[PageServer]:
    with page_server() as server:
        yield server


@pytest.fixture
def server(running: PageServer) -> Iterator[PageServer]:
    running.problems.clear()
    yield running
    assert running.problems == []


@pytest.fixture
def page(browser: Browser, server: PageServer) -> Iterator[Page]:
    opened = server.open(browser)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def voice() -> Voice:
    return tiny_voice()


def test_it_speaks_what_the_voice_speaks(page: Page, voice: Voice) -> None:
    take = say(page, TEXT)
    expected = voice.speak(TEXT).samples
    assert take["rate"] == 16_000
    assert len(take["samples"]) == len(expected)
    assert np.abs(take["samples"] - expected).max() <= 1e-3 + STEP
    assert np.sqrt(np.mean(take["samples"] ** 2)) > 0.01
    expect(page.locator(".player-length")).to_have_text(f"{len(expected) / 16_000:.2f} s")
    drawn = page.locator(".player-mel").evaluate(
        "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    )
    assert drawn > 20
    page.locator(".web-emotion-sad").click()
    page.locator(".web-intensity input[type=number]").fill("1.2")
    page.locator(".web-speed input[type=number]").fill("1.5")
    page.locator(".web-seed input").fill("7")
    page.locator(".web-pitch_shift input[type=number]").fill("2")
    other = say(page, f"{TEXT} [pause 0.5s] 네.")
    how = {"emotion": "sad", "intensity": 1.2, "speed": 1.5, "seed": 7, "pitch_shift": 2.0}
    assert {name: other["body"][name] for name in how} == how
    expected = voice.speak(f"{TEXT} [pause 0.5s] 네.", **how).samples
    assert len(other["samples"]) == len(expected)
    assert np.abs(other["samples"] - expected).max() <= 1e-3 + STEP


def test_another_emotion_sounds_otherwise(page: Page, voice: Voice) -> None:
    plain = say(page, TEXT)["samples"]
    page.locator(".web-emotion-happy").click()
    happy = say(page, TEXT)["samples"]
    n_samples = min(len(plain), len(happy))
    assert len(plain) != len(happy) or np.abs(plain[:n_samples] - happy[:n_samples]).max() > 0.05
    assert np.abs(happy - voice.speak(TEXT, emotion="happy").samples).max() <= 1e-3 + STEP
    page.locator(".player-take").last.click()  # the first take, with its controls
    expect(page.locator(".web-emotion-button.chosen")).to_have_text("neutral")
    expect(page.locator(".player-length")).to_have_text(f"{len(plain) / 16_000:.2f} s")


def test_the_square_mixes_its_corners(page: Page, voice: Voice) -> None:
    square = page.locator(".square")
    box = square.bounding_box()
    assert box is not None
    # neutral, happy above; sad, neutral below
    square.click(position={"x": 0.75 * box["width"], "y": 0.25 * box["height"]})
    expect(page.locator(".square-point.used")).to_be_visible()
    take = say(page, TEXT)
    weights = dict(term.split(":") for term in take["body"]["emotion"].split("+"))
    assert {name: float(weight) for name, weight in weights.items()} == pytest.approx(
        {"neutral": 0.38, "happy": 0.56, "sad": 0.06}, abs=0.02
    )
    expected = voice.speak(TEXT, emotion=take["body"]["emotion"]).samples
    assert np.abs(take["samples"] - expected).max() <= 1e-3 + STEP
    square.press("ArrowUp")
    for _ in range(4):
        square.press("ArrowUp")
    for _ in range(5):
        square.press("ArrowRight")
    expect(page.locator(".web-emotion-button.chosen")).to_have_text("happy")


@pytest.mark.parametrize("name", ["wav", "flac", "mp3", "opus"])
def test_the_saved_file_is_what_the_voice_speaks(page: Page, voice: Voice, name: str) -> None:
    page.locator(".web-emotion-happy").click()
    say(page, TEXT)
    with page.expect_download() as saved:
        page.locator(".player-save", has_text=name).click()
    assert saved.value.suggested_filename == f"emotts-happy-0.{name}"
    content = Path(saved.value.path()).read_bytes()
    speech = voice.speak(TEXT, emotion="happy")
    expected = encode_audio(speech.samples, 16_000, name=name)
    decoded, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    wanted, wanted_rate = soundfile.read(io.BytesIO(expected), dtype="float32")
    assert rate == wanted_rate
    assert np.array_equal(decoded, wanted)


def test_history_stays_when_the_page_is_loaded_again_and_ends_with_the_session(page: Page) -> None:
    page.locator(".web-emotion-sad").click()
    first = say(page, TEXT)
    say(page, "두 번째 글이에요.")
    page.locator(".web-text textarea").fill("아직 말하지 않은 글")
    page.wait_for_function("sessionStorage.getItem('emotts-draft-request')?.includes('아직 말하지 않은 글')")
    page.reload()
    expect(page.locator(".player-take-text")).to_have_text(["두 번째 글이에요.", TEXT])
    expect(page.locator(".web-text textarea")).to_have_value("아직 말하지 않은 글")
    expect(page.locator(".web-emotion-button.chosen")).to_have_text("sad")
    page.locator(".player-take").last.click()
    expect(page.locator(".web-text textarea")).to_have_value(TEXT)
    assert np.array_equal(takes(page)[0]["samples"], first["samples"])
    page.context.clear_cookies()  # as the end of the browser does
    page.reload()
    expect(page.locator('.player[data-takes="0"]')).to_be_attached()
    assert takes(page) == []


def test_two_sessions_do_not_see_each_other(browser: Browser, page: Page, server: PageServer) -> None:
    other = server.open(browser)
    say(page, TEXT)
    say(other, "다른 사람의 글이에요.")
    expect(page.locator(".player-take-text")).to_have_text([TEXT])
    expect(other.locator(".player-take-text")).to_have_text(["다른 사람의 글이에요."])
    other.reload()
    expect(other.locator(".player-take-text")).to_have_text(["다른 사람의 글이에요."])
    other.close()


def test_sound_comes_before_the_rest_is_made_and_nobody_else_waits(
    browser: Browser, page: Page, server: PageServer
) -> None:
    text = f"{HELD} 말해요. {TEXT}"
    type_text(page, text)
    page.locator(".web-speak-button").click()
    expect(page.locator('.player[data-state="speaking"]')).to_be_attached()
    expect(page.locator(".player-play")).to_have_text("play_arrowPlay")
    server.let(4)
    expect(page.locator('.player[data-state="speaking"][data-playing="true"]')).to_be_attached()
    other = server.open(browser)
    type_text(other, "사과 3 개예요.")
    expect(other.locator(".readings-read")).to_have_text(["사과", "세", "개예요"])
    say(other, "기다리지 않아요.")
    other.close()
    expect(page.locator('.player[data-state="speaking"]')).to_be_attached()
    server.finish()
    expect(page.locator('.player[data-state="ready"]')).to_be_attached()
    assert takes(page)[-1]["body"]["input"] == text


def test_a_text_is_broken_off_by_the_next_one(page: Page, server: PageServer, voice: Voice) -> None:
    type_text(page, f"{HELD} 말하다가 말아요.")
    page.locator(".web-speak-button").click()
    expect(page.locator('.player[data-state="speaking"]')).to_be_attached()
    take = say(page, TEXT)
    assert np.abs(take["samples"] - voice.speak(TEXT).samples).max() <= 1e-3 + STEP
    assert [each["body"]["input"] for each in takes(page)] == [TEXT]
    server.finish()


def test_readings_and_errors_of_the_markup(page: Page) -> None:
    type_text(page, "사과 3 개예요.")
    expect(page.locator(".readings-written")).to_have_text(["사과", "3", "개예요."])
    expect(page.locator(".readings-read")).to_have_text(["사과", "세", "개예요"])
    type_text(page, "좋아요. [hapy] 네.")
    problem = page.locator(".web-markup-error")
    expect(problem).to_have_text(re.compile("^line 1, column 6: unknown emotion 'hapy'; .*did you mean 'happy'"))
    page.locator(".web-speak-button").click()
    expect(page.locator(".player .web-failure")).to_contain_text("line 1, column 6: unknown emotion 'hapy'")
    page.locator(".web-help").click()
    page.get_by_text("Read brackets as a part of the text").click()
    expect(problem).to_be_hidden()
    page.get_by_text("Read brackets as a part of the text").click()
    type_text(page, "네.\n[pause 99s] 네.")
    expect(problem).to_contain_text("line 2, column 1: pause 99 s cannot be used")
    type_text(page, "네.")
    expect(problem).to_be_hidden()


def test_nothing_is_asked_for_without_a_text(page: Page) -> None:
    page.locator(".web-speak-button").click()
    expect(page.get_by_text("Type a text first.")).to_be_visible()
    expect(page.locator('.player[data-state="idle"]')).to_be_attached()


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_language_of_the_browser_on_a_phone(browser: Browser, server: PageServer, language: str) -> None:
    page = server.open(browser, locale=language, viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator(".web-speak-button")).to_contain_text(Words(language)("speak"))
    expect(page.locator(".web-emotion-happy")).to_have_text(Words(language)("happy"))
    page.locator(".web-text textarea").fill(f"{TEXT} 그리고아주긴낱말이여기에들어가서화면보다길어질지도모르는일이에요.")
    page.locator(".web-speak-button").tap()
    expect(page.locator('.player[data-state="ready"]')).to_be_attached()
    page.locator(".web-help").tap()
    expect(page.get_by_text("[pause 0.5s]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()


def test_the_language_can_be_changed(page: Page) -> None:
    page.locator(".web-language").click()
    page.get_by_role("option", name="日本語").click()
    expect(page.locator(".web-speak-button")).to_contain_text("話す")


def test_another_site_cannot_read_the_page_by_a_name_of_its_own(server: PageServer) -> None:
    assert httpx.get(server.address, headers={"Host": "evil.example"}).status_code == 400


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[str]:
    """Yield the address of ``emotts web`` on all addresses of this machine, with a key."""
    write_voice(tmp_path / "models/export", make_synthesizer(), DESCRIPTION)
    project, port = Project(tmp_path), free_port()
    project.environment.pop("PYTEST_CURRENT_TEST", None)  # NiceGUI would serve a test of its own
    project.environment["EMOTTS_API_KEY"] = "a long secret"
    process = project.start("emotts", "web", "--host", "0.0.0.0", "--port", str(port))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "default: KR, neutral, happy, sad\n"
        assert process.stdout.readline() == f"page: http://0.0.0.0:{port}/   (Ctrl-C ends it)\n"
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(timeout=120)
    assert process.stdout.read() == ""


def test_the_command_asks_for_the_key_where_others_can_listen(browser: Browser, keyed: str) -> None:
    problems: list[str] = []
    page = watched_page(browser, keyed, problems)
    page.goto(keyed)
    page.locator(".gate-key").fill("a long secrer")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("This key is wrong.")).to_be_visible()
    assert page.locator(".web-speak-button").count() == 0
    page.locator(".gate-key").fill("a long secret")
    page.get_by_role("button", name="Enter").click()
    assert len(say(page, TEXT)["samples"]) > 1000
    page.reload()
    expect(page.locator(".player-take-text")).to_have_text([TEXT])
    assert httpx.get(f"{keyed}v1/voices").status_code == 401
    page.close()
    assert problems == []
