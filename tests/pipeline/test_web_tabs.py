"""The page compares the same text in emotions, intensities and voices, and says what is known of the voices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import chromium
from support.served import tiny_voice
from support.web_page import PageServer, page_server, type_text

from emotts.evaluation.intensity import INTENSITIES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXT = "오늘 정말 기쁜 하루였어요!"
READY = '.comparison[data-state="ready"]'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(browser: Browser) -> Iterator[PageServer]:
    with page_server() as running:
        yield running


@pytest.fixture
def asked() -> list[dict[str, Any]]:
    """Return the requests for speech of the page."""
    return []


@pytest.fixture
def page(browser: Browser, server: PageServer, asked: list[dict[str, Any]]) -> Iterator[Page]:
    server.problems.clear()
    opened = server.open(browser)
    opened.on(
        "request",
        lambda request: asked.append(json.loads(request.post_data or "")) if "/v1/audio" in request.url else None,
    )
    type_text(opened, TEXT)
    opened.locator(".web-tab-compare").click()
    yield opened
    opened.close()
    assert server.problems == []


def lengths(page: Page) -> dict[str, str]:
    """Return the seconds of each card by its name."""
    cards = page.locator(".comparison-head").all()
    return {card.locator(".comparison-name").inner_text(): card.locator(".web-note").inner_text() for card in cards}


def test_all_emotions(page: Page, asked: list[dict[str, Any]]) -> None:
    page.locator(".web-compare-button").click()
    expect(page.locator(READY)).to_be_attached()
    voice = tiny_voice()
    spoken = {name: voice.speak(TEXT, emotion=name).duration_s for name in ("neutral", "happy", "sad")}
    assert lengths(page) == {name: f"{length_s:.2f} s" for name, length_s in spoken.items()}
    assert sorted(body["emotion"] for body in asked) == ["happy", "neutral", "sad"]
    assert len({json.dumps({**body, "emotion": ""}, sort_keys=True) for body in asked}) == 1
    page.locator(".comparison-play").nth(1).click()
    expect(page.locator('.comparison[data-played="1"]')).to_be_attached()
    page.locator(".comparison-all").click()
    expect(page.locator('.comparison[data-played="1 0 1 2"]')).to_be_attached()
    expect(page.locator(".comparison-card.playing")).to_have_count(0)


def test_intensities_need_an_emotion(page: Page, asked: list[dict[str, Any]]) -> None:
    page.get_by_role("button", name="Intensities").click()
    page.locator(".web-compare-button").click()
    expect(page.get_by_text("Choose another emotion than neutral first.")).to_be_visible()
    page.locator(".web-tab-speak").click()
    page.locator(".web-emotion-sad").click()
    page.locator(".web-tab-compare").click()
    page.locator(".web-compare-button").click()
    expect(page.locator(READY)).to_be_attached()
    expect(page.locator(".comparison-name")).to_have_text([f"{intensity:.2f}" for intensity in INTENSITIES])
    assert sorted(body["intensity"] for body in asked) == list(INTENSITIES)
    assert {body["emotion"] for body in asked} == {"sad"}


def test_two_voices_and_one_that_cannot(page: Page, asked: list[dict[str, Any]]) -> None:
    page.get_by_role("button", name="Voices", exact=True).click()
    page.locator(".web-compare-button").click()
    expect(page.locator(READY)).to_be_attached()
    expect(page.locator(".comparison-name")).to_have_text(["default", "other"])
    assert sorted(body["voice"] for body in asked) == ["default", "other"]
    page.locator(".web-tab-speak").click()
    page.locator(".web-emotion-happy").click()
    page.locator(".web-tab-compare").click()
    page.locator(".web-compare-button").click()
    expect(page.locator(".comparison .web-failure")).to_have_text(
        "the voice has never heard 'happy'; wanted: one of neutral, sad; "
        "to do: record that emotion, add it to the corpus and train again"
    )
    expect(page.locator('.comparison-card[data-state="ready"]')).to_have_count(1)


def test_blind_until_the_vote(page: Page) -> None:
    page.get_by_text("Blind", exact=True).click()
    page.locator(".web-compare-button").click()
    expect(page.locator(READY)).to_be_attached()
    expect(page.locator(".comparison-name")).to_have_text(["A", "B", "C"])
    expect(page.locator(".comparison-mel").first).to_be_hidden()
    page.locator(".comparison-vote").nth(2).click()
    names = page.locator(".comparison-name").all_inner_texts()
    assert sorted(names) == ["happy", "neutral", "sad"]
    expect(page.locator(".comparison-card.voted .comparison-name")).to_have_text(names[2])
    expect(page.locator(".comparison-tally")).to_have_text(f"Votes: {names[2]} 1")
    expect(page.locator(".comparison-mel").first).to_be_visible()


def test_what_is_known_of_the_voices(page: Page) -> None:
    page.locator(".web-tab-about").click()
    expect(page.locator(".web-text")).to_be_hidden()
    known, other = page.locator(".web-about-voice").all()
    expect(known.locator("td")).to_have_text(
        [
            *("emotion recognised, balanced", "96%", "100%"),
            *("· sad", "90%", "95%"),
            *("mel-cepstral distortion, dB", "3.01", "–"),
            *("real-time factor", "0.018", "–"),
        ]
    )
    expect(known.locator(".web-about-reference")).to_have_text("The reference speech is synthetic.")
    expect(known.locator(".web-about-licence")).to_have_text("Apache-2.0")
    expect(known.locator("dd")).to_have_text(["Korean", "neutral, happy, sad", "yuna", "16000 Hz"])
    expect(other.locator("td")).to_have_count(0)
    expect(other.get_by_text("No evaluation lies with this voice.")).to_be_visible()
    expect(other.locator(".web-about-licence")).to_have_text("No licence lies with this voice.")


def test_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".web-tab-about").click()
    expect(page.locator(".web-metrics")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".web-tab-compare").click()
    page.locator(".web-compare-button").click()
    expect(page.locator(READY)).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
