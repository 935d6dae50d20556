"""The page of tiny voices, as a process, and what a person does and gets in a browser."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect
from support.browser import watched_page
from support.places import REPOSITORY
from support.served import free_port
from support.waiting import wait_until

__all__ = ["PageServer", "page_server", "say", "takes", "type_text"]

_TAKES = """async () => {
  const base = await new Promise((resolve, reject) => {
    const asked = indexedDB.open("emotts", 1);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const all = await new Promise((resolve, reject) => {
    const asked = base.transaction("takes").objectStore("takes").getAll();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  base.close();
  return all.map(({ body, rate, samples }) => ({ body, rate, samples: Array.from(samples) }));
}"""


@dataclass
class PageServer:
    """A running :mod:`support.held_page`."""

    address: str
    process: Popen[str]
    problems: list[str] = field(default_factory=list)
    """Errors of the page's scripts, and addresses elsewhere that it asked for."""

    def let(self, pieces: int) -> None:
        """Let so many pieces of the held text be spoken."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{pieces}\n")
        self.process.stdin.flush()

    def finish(self) -> None:
        """Let the held text be spoken to its end, and wait until nothing is spoken any more."""
        self.let(10_000)
        wait_until(lambda: "emotts_requests_speaking 0.0\n" in httpx.get(f"{self.address}metrics").text)

    def open(self, browser: Browser, path: str = "", **options: Any) -> Page:
        """Open the page in a session of its own."""
        page = watched_page(
            browser, self.address, self.problems, **{"viewport": {"width": 1100, "height": 900}, **options}
        )
        page.goto(self.address + path)
        expect(page.locator(".web-speak-button")).to_be_visible()
        return page


@contextmanager
def page_server() -> Iterator[PageServer]:
    """Yield a running server; it is ended behind the block."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(REPOSITORY / "tests"), str(REPOSITORY)))}
    environment.pop("PYTEST_CURRENT_TEST", None)  # NiceGUI would serve a test of its own
    process = Popen(
        [sys.executable, str(Path(__file__).with_name("held_page.py")), str(port)],
        env={**environment, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert said == "ready\n", said + process.stdout.read()
        yield PageServer(f"http://127.0.0.1:{port}/", process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)


def type_text(page: Page, text: str) -> None:
    """Type a text, and wait until the page has read it or says why it cannot."""
    page.locator(".web-text textarea").fill(text)
    count = page.locator(".web-count")
    expect(count).to_contain_text(f"{len(text)} of")


def say(page: Page, text: str) -> dict[str, Any]:
    """Type a text, let it be spoken to its end, and return the take."""
    before = int(page.locator(".player").get_attribute("data-takes") or 0)
    type_text(page, text)
    page.locator(".web-speak-button").click()
    expect(page.locator(f'.player[data-state="ready"][data-takes="{before + 1}"]')).to_be_attached()
    return takes(page)[-1]


def takes(page: Page) -> list[dict[str, Any]]:
    """Return what the browser keeps, the oldest first: ``body``, ``rate`` and ``samples`` (sample,) in full scale."""
    found: list[dict[str, Any]] = page.evaluate(_TAKES)
    for take in found:
        samples: NDArray[np.float32] = np.asarray(take["samples"], dtype=np.float32) / 32768
        take["samples"] = samples
    return found
