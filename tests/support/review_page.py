"""The review page of a project, as a process, and the browser that opens it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support.project import Project

from emotts.corpus.corrections.correction import Correction, read_corrections

__all__ = ["ReviewServer", "chromium", "open_page", "typed"]

WAIT_MS = 20_000
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield Debian's chromium without a window; the test is skipped where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class ReviewServer:
    """``emotts review`` of a project on a free port."""

    project: Project
    port: int
    process: Popen[str] | None = None
    problems: list[str] = field(default_factory=list)
    """Errors of the page's scripts, and addresses elsewhere that it asked for."""

    @classmethod
    def of(cls, project: Project) -> ReviewServer:
        """Return a server that is not started yet."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return cls(project, free.getsockname()[1])

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it, and wait until it says where the page is."""
        self.project.environment.pop("PYTEST_CURRENT_TEST", None)  # NiceGUI would serve a test of its own
        self.process = self.project.start("emotts", "review", "--port", str(self.port))
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said == f"review: {self.address}   (Ctrl-C ends it)\n", said + self.process.stdout.read()

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal, and return how it ends."""
        assert self.process is not None
        os.killpg(self.process.pid, number)
        code = self.process.wait(timeout=30)
        self.process = None
        return code

    def corrections(self) -> list[Correction]:
        """Return what is in the project's file."""
        return list(read_corrections(Path(self.project.folder) / "corrections.jsonl"))


def open_page(browser: Browser, server: ReviewServer) -> Page:
    """Open the page in a new tab; what goes wrong in it is added to the server's problems."""
    page = browser.new_page(viewport={"width": 1100, "height": 850})
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    here = (server.address, server.address.replace("http", "ws", 1), "data:", "blob:")
    page.on("pageerror", lambda error: server.problems.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(here) else server.problems.append(request.url))
    page.goto(server.address)
    page.wait_for_selector(".review-card")
    return page


def typed(page: Page, text: str) -> None:
    """Replace the text of the piece by typing another one."""
    page.keyboard.press("e")
    expect(page.locator(".review-text textarea")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
