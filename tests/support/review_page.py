"""The review page of a project, as a process, and the browser that opens it."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from playwright.sync_api import Browser, Page, expect
from support.browser import watched_page
from support.project import Project

from emotts.corpus.corrections.correction import Correction, read_corrections

__all__ = ["ReviewServer", "open_page", "typed"]


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
        code = self.process.wait(timeout=120)
        self.process = None
        return code

    def corrections(self) -> list[Correction]:
        """Return what is in the project's file."""
        return list(read_corrections(Path(self.project.folder) / "corrections.jsonl"))


def open_page(browser: Browser, server: ReviewServer) -> Page:
    """Open the page in a new tab; what goes wrong in it is added to the server's problems."""
    page = watched_page(browser, server.address, server.problems, viewport={"width": 1100, "height": 850})
    page.goto(server.address)
    page.wait_for_selector(".review-card")
    return page


def typed(page: Page, text: str) -> None:
    """Replace the text of the piece by typing another one."""
    page.keyboard.press("e")
    expect(page.locator(".review-text textarea")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
