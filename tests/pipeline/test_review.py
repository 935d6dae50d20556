"""The review page in a browser: from the first piece to ``dvc repro``, and nothing that was typed is lost."""

from __future__ import annotations

import dataclasses
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import chromium
from support.prepared import copy_with_dvc
from support.project import Project
from support.review_page import ReviewServer, open_page, typed

from emotts.corpus.rows import Reject, Utterance, read_rows, write_rows

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DRAFTS = "Object.keys(localStorage).filter(name => name.startsWith('emotts-draft')).length"
"""Texts that the browser keeps because they are not saved yet."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(labelled: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewServer]:
    """Return a running server; each test begins where no correction was made."""
    project = copy_with_dvc(labelled, tmp_path_factory.mktemp("review") / "project", "recording", "segment", "label")
    made = ReviewServer.of(project)
    yield made
    if made.process is not None:
        made.stop(signal.SIGKILL)


@pytest.fixture
def page(browser: Browser, server: ReviewServer) -> Iterator[Page]:
    (server.project.folder / "corrections.jsonl").write_text("", encoding="utf-8")
    if server.process is None:
        server.start()
    server.problems.clear()
    opened = open_page(browser, server)
    yield opened
    opened.close()
    assert server.problems == []


def rows(project: Project) -> list[Utterance]:
    return read_rows(project.folder / "data/labels/utterances.jsonl", Utterance)


def at(page: Page, number: int, count: int = 20) -> None:
    """Wait until the n-th piece is shown."""
    expect(page.locator(".review-place")).to_have_text(f"{number} of {count}")


def drag(page: Page, *times_s: float) -> None:
    """Press at the first time of the waveform, and release at the last; 1.5 s around the piece are drawn."""
    box = page.locator(".waveform canvas").bounding_box()
    assert box is not None
    start_s, length_s = (page.locator(".waveform canvas").get_attribute(f"data-{name}") for name in ("from", "length"))
    assert start_s is not None
    assert length_s is not None
    places = [box["x"] + (time_s - float(start_s)) / float(length_s) * box["width"] for time_s in times_s]
    page.mouse.move(places[0], box["y"] + 60)
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(place, box["y"] + 60)
    page.mouse.up()


def test_sound_split_and_cut(page: Page, server: ReviewServer) -> None:
    first, second = rows(server.project)[:2]
    page.keyboard.press("s")
    expect(page.get_by_text("click the waveform where to split")).to_be_visible()
    for key, row in (("j", second), ("k", first)):
        page.keyboard.press(key)
        played = f"{row.start_s:.3f} {row.end_s:.3f}"
        expect(page.locator(".waveform canvas")).to_have_attribute("data-played", played)
    middle_s = (first.start_s + first.end_s) / 2
    drag(page, middle_s)
    page.keyboard.press("s")
    at(page, 1, 21)
    expect(page.locator(".review-state")).to_have_text("not used: text of a new piece not checked")
    (split,) = server.corrections()
    assert split.split_s == pytest.approx(middle_s, abs=0.02)
    drag(page, first.start_s, first.start_s - 0.2)
    expect(page.locator(".review-times")).to_contain_text(f" · 0:{first.start_s - 0.2:05.2f} - ")
    assert server.corrections()[1].cut_s == pytest.approx((first.start_s - 0.2, split.split_s), abs=0.02)
    assert split.split_s is not None
    cut = page.locator(".waveform canvas").get_attribute("data-cut")
    drag(page, split.split_s, first.end_s - 0.03)  # next to nothing would be left of the second part
    expect(page.get_by_text("a piece would be shorter than 0.1 s")).to_be_visible()
    expect(page.locator(".waveform canvas")).to_have_attribute("data-cut", str(cut))
    assert len(server.corrections()) == 2


def test_filters_undo_and_both_languages(page: Page, server: ReviewServer) -> None:
    page.keyboard.down("x")
    page.keyboard.down("x")  # held: the browser repeats it
    page.keyboard.up("x")
    at(page, 2)
    expect(page.locator(".review-filter").nth(6)).to_have_text("not used 1")
    page.locator(".review-filter").nth(6).click()
    at(page, 1, 1)
    page.keyboard.press("z")
    expect(page.locator(".review-filter").nth(6)).to_have_text("not used 0")
    assert server.corrections() == []
    page.keyboard.press("z")
    expect(page.get_by_text("there is nothing to undo")).to_be_visible()
    page.goto(f"{server.address}?lang=ko")
    expect(page.locator(".review-accept")).to_contain_text("승인")
    page.keyboard.press("h")
    expect(page.get_by_text("나누기", exact=True).last).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_text_that_cannot_be_kept_is_said_and_not_saved(page: Page, server: ReviewServer) -> None:
    typed(page, "네")
    expect(page.locator(".review-spoken")).to_have_text("네")
    page.keyboard.type("|")
    expect(page.locator(".q-field__messages")).to_contain_text("character '|' cannot be in a text")
    page.keyboard.press("Backspace")
    page.keyboard.type(".")
    expect(page.locator(".review-spoken")).to_have_text("네.")
    assert [row.text for row in server.corrections()] == ["네."]


def test_the_syllable_that_is_being_composed_is_saved_too(page: Page, server: ReviewServer) -> None:
    typed(page, "네, ")
    method = page.context.new_cdp_session(page)
    for syllable in ("ㄱ", "그", "글"):
        method.send("Input.imeSetComposition", {"text": syllable, "selectionStart": 1, "selectionEnd": 1})
    page.keyboard.press("Control+Enter")
    at(page, 2)
    assert [(row.change, row.text) for row in server.corrections()] == [("text", "네, 글"), ("decision", None)]


def test_nothing_typed_is_lost_when_the_page_is_loaded_again_or_the_server_is_killed(
    page: Page, server: ReviewServer
) -> None:
    typed(page, "하나")
    page.reload()
    expect(page.locator(".review-text textarea")).to_have_value("하나")
    typed(page, "하나 둘")
    expect(page.locator(".review-spoken")).to_have_text("하나 둘")
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    assert server.corrections()[-1].text == "하나 둘"
    page.keyboard.type(" 셋")
    assert page.evaluate(DRAFTS) == 1
    server.start()  # the page comes back by itself, and saves what it kept
    page.wait_for_function(f"{DRAFTS} === 0")
    assert server.corrections()[-1].text == "하나 둘 셋"
    expect(page.locator(".review-text textarea")).to_have_value("하나 둘 셋")
    expect(page.get_by_text("what you had typed is back")).to_be_visible()


def test_what_was_typed_for_a_piece_that_is_gone_is_shown(page: Page, server: ReviewServer) -> None:
    store = (server.project.folder / "corrections.jsonl").resolve()
    page.evaluate("name => localStorage.setItem(name, '쓰던 글')", f"emotts-draft:{store}:gone.wav|1000|4000")
    page.reload()
    expect(page.get_by_text("typed for a piece that is there no more: 쓰던 글")).to_be_visible()
    assert server.corrections() == []


def test_a_piece_without_a_text_is_used_when_it_is_typed(page: Page, server: ReviewServer) -> None:
    folder = server.project.folder / "data/labels/uncorrected"
    before = {name: (folder / name).read_bytes() for name in ("utterances.jsonl", "rejects.jsonl")}
    first, *others = read_rows(folder / "utterances.jsonl", Utterance)
    lost = Reject("label", first.recording, first.start_s, first.end_s, "no transcript", wav=first.wav)
    write_rows(folder / "utterances.jsonl", others)
    write_rows(folder / "rejects.jsonl", [lost])
    page.reload()
    expect(page.locator(".review-state")).to_have_text("not used: no transcript")
    page.keyboard.press("Enter")
    expect(page.get_by_text("type what is said first")).to_be_visible()
    typed(page, "이제 글이 있습니다.")
    page.keyboard.press("Control+Enter")
    at(page, 2)
    page.keyboard.press("k")
    expect(page.locator(".review-state")).to_have_text("accepted")
    assert [row.change for row in server.corrections()] == ["text", "decision"]
    for name, content in before.items():
        (folder / name).write_bytes(content)


def test_another_site_cannot_read_the_page_by_a_name_of_its_own(page: Page, server: ReviewServer) -> None:
    request = urllib.request.Request(server.address, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 400


def test_two_tabs_at_once(page: Page, browser: Browser, server: ReviewServer) -> None:
    other = open_page(browser, server)
    page.keyboard.press("4")
    expect(other.locator(".review-emotion.chosen")).to_have_text("4 angry")
    typed(page, "이쪽에서 쓴 말")
    expect(other.locator(".review-text textarea")).to_have_value("이쪽에서 쓴 말")
    typed(other, "저쪽에서 쓴 말")
    expect(page.locator(".review-text textarea")).to_have_value("저쪽에서 쓴 말")
    assert [row.text for row in server.corrections()[1:]] == ["이쪽에서 쓴 말", "저쪽에서 쓴 말"]
    other.keyboard.press("Escape")
    other.keyboard.press("z")
    expect(page.locator(".review-text textarea")).to_have_value("이쪽에서 쓴 말")
    other.close()


def test_from_the_first_piece_to_dvc_repro(page: Page, server: ReviewServer) -> None:
    before = rows(server.project)
    at(page, 1)
    page.keyboard.press("Enter")
    at(page, 2)
    page.keyboard.press("3")
    expect(page.locator(".review-emotion.chosen")).to_have_text("3 sad")
    page.keyboard.press("-")
    expect(page.locator(".review-value")).to_have_text("0.9")
    page.keyboard.press("Enter")
    typed(page, "새로 쓴 문장입니다.")
    expect(page.locator(".review-spoken")).to_have_text("새로 쓴 문장입니다.")
    page.keyboard.press("Control+Enter")
    at(page, 4)
    page.keyboard.press("x")
    at(page, 5)
    page.keyboard.press("x")
    at(page, 6)
    page.keyboard.press("z")
    at(page, 5)
    expect(page.locator(".review-state")).to_have_text("used")
    page.keyboard.press("j")
    page.keyboard.press("m")
    at(page, 6, 19)
    page.keyboard.press("]")
    start_s = round(before[5].start_s + 0.05, 3)
    expect(page.locator(".review-times")).to_contain_text(f" · 0:{start_s:05.2f} - ")
    expect(page.locator(".review-checked")).to_have_text("4 of 19 checked")
    assert server.stop() == 130
    done = server.project.repro("label")
    assert done.returncode == 0, done.stdout
    assert "Running stage 'label'" in done.stdout
    assert "Running stage 'segment'" not in done.stdout
    assert "19 in = 18 kept + 1 rejected" in done.stdout
    assert rows(server.project) == [
        before[0],
        dataclasses.replace(before[1], emotion="sad", intensity=0.9, emotion_source="review"),
        dataclasses.replace(before[2], text="새로 쓴 문장입니다.", text_source="review"),
        before[4],
        dataclasses.replace(
            before[5],
            start_s=start_s,
            end_s=before[6].end_s,
            text=f"{before[5].text} {before[6].text}",
            folder="labels",
            wav=f"corrected/{Path(before[5].wav).parent}_{1000 * start_s:08.0f}-{1000 * before[6].end_s:08.0f}.wav",
        ),
        *before[7:],
    ]
    (lost,) = read_rows(server.project.folder / "data/labels/rejects.jsonl", Reject)
    assert (lost.wav, lost.reason) == (before[3].wav, "rejected in the review")
    assert "didn't change" in server.project.repro("label").stdout
