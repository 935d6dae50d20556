"""Debian's chromium without a window, and tabs whose problems are noted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

__all__ = ["chromium", "watched_page"]

WAIT_MS = 60_000
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


def watched_page(browser: Browser, address: str, problems: list[str], **options: Any) -> Page:
    """Return a new tab in a session of its own.

    Args:
        browser: that opens it.
        address: of the server; what the page asks for elsewhere is a problem.
        problems: gets those, and errors of the page's scripts.
        options: of the session, as Playwright takes them.
    """
    page = browser.new_page(**options)
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    here = (address, address.replace("http", "ws", 1), "data:", "blob:")
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(here) else problems.append(request.url))
    return page
