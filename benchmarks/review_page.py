"""Response times of the review page in a browser, and the keystrokes of a review.

    python benchmarks/review_page.py PROJECT [--pieces 62] [--by-clock]

PROJECT is the folder of a project whose stage label has run; its corrections are put back at the end. A review is made
with real keys in Debian's chromium: every eighth text gets a word more, every fifteenth piece another emotion, every
twentieth is rejected, one is split, two are merged, all others are accepted. The time of an action is that from the key
to the first change of the page on the screen. The listening time is the length of all pieces, each played once. With
--by-clock the browser plays each piece to its end before the first key is pressed, keys come three a second, and what
the review takes by the clock is printed.
"""

from __future__ import annotations

import argparse
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from emotts.corpus.rows import Utterance, read_rows

WORD = " 정말"
KEY_S = 0.3
"""A practised hand types three keys a second."""
LISTEN = """
() => { window.answer = new Promise((resolve) => {
  const begin = performance.now();
  const seen = new MutationObserver(() => {
    seen.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - begin));
  });
  seen.observe(document.querySelector("main.review"), {subtree: true, childList: true, attributes: true,
                                                       characterData: true});
}); }
"""


COUNT_SOUNDS = """
window.sounding = 0;
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...given) {
  window.sounding += 1;
  this.addEventListener("ended", () => { window.sounding -= 1; });
  return start.apply(this, given);
};
"""
"""Counts the sounds that the page plays at the moment; Chromium plays in real time without a sound device, too."""
SHOWN_MS = 500
"""After this a piece that is shown has begun to sound."""


class Reviewer:
    """Presses keys and keeps the times; ``listens``: hears each piece to its end, and presses keys as a hand does."""

    def __init__(self, page: Page, *, listens: bool) -> None:
        self._page = page
        self._listens = listens
        self.keys = 0
        self.times_ms: dict[str, list[float]] = defaultdict(list)

    def press(self, key: str, action: str) -> None:
        """Press a key, and wait until the page shows what it did."""
        self._page.evaluate(LISTEN)
        if len(key) == 1 and not key.isascii():
            self._page.keyboard.insert_text(key)
        else:
            self._page.keyboard.press(key)
        self.times_ms[action].append(float(self._page.evaluate("window.answer")))
        self._page.wait_for_timeout(1000 * KEY_S if self._listens else 60)
        self.keys += 1

    def hear(self) -> None:
        """Wait until what the page plays has ended."""
        if self._listens:
            self._page.wait_for_timeout(SHOWN_MS)
            self._page.wait_for_function("window.sounding === 0", timeout=60_000)

    def type_word(self) -> None:
        """Go into the text, add a word, and accept."""
        self._page.keyboard.press("e")
        self._page.keyboard.press("End")
        for character in WORD:
            self.press("Space" if character == " " else character, "a letter of the text")
        self.keys += 2
        self.press("Control+Enter", "accept and next")

    def split(self) -> None:
        """Click the middle of the waveform, and split there."""
        self._page.locator(".waveform canvas").click()
        self.press("s", "split")
        for _ in range(2):
            self.hear()
            self.press("Enter", "accept and next")


def review(reviewer: Reviewer, pieces: int) -> None:
    """Review that many pieces."""
    for number in range(1, pieces + 1):
        reviewer.hear()
        if number == 10:
            reviewer.split()
        elif number == 20:
            reviewer.press("m", "merge")
            reviewer.hear()
            reviewer.press("Enter", "accept and next")
        elif number % 8 == 0:
            reviewer.type_word()
        elif number % 20 == 5:
            reviewer.press("x", "reject and next")
        else:
            if number % 15 == 0:
                reviewer.press("4", "emotion")
            reviewer.press("Enter", "accept and next")


@contextmanager
def served(project: Path) -> Iterator[str]:
    """Serve the page of a project, and yield its address; the corrections are as before at the end."""
    path = project / "corrections.jsonl"
    before = path.read_bytes() if path.is_file() else b""
    path.write_bytes(b"")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "emotts.cli", "review", "--port", str(port)]
    process = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
        path.write_bytes(before)


def main() -> None:
    """Make the review and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--pieces", type=int, default=62)
    parser.add_argument("--by-clock", action="store_true", help="play each piece to its end")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    rows = read_rows(arguments.project / "data/labels/utterances.jsonl", Utterance)[: arguments.pieces]
    heard_s = sum(row.end_s - row.start_s for row in rows)
    with served(arguments.project) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox", "--mute-audio"])
        page = browser.new_page()
        page.add_init_script(COUNT_SOUNDS)
        page.goto(address)
        page.wait_for_selector(".review-card")
        page.wait_for_function("document.querySelector('.review-note').textContent !== ''")
        page.wait_for_function("document.querySelector('.review-note').textContent === ''", timeout=120_000)
        reviewer = Reviewer(page, listens=arguments.by_clock)
        began_s = time.monotonic()
        if arguments.by_clock:
            reviewer.press("Space", "play")  # a browser plays nothing before the first key
        review(reviewer, len(rows))
        clock_s = time.monotonic() - began_s
        browser.close()
    print(f"{'action':24}{'n':>5}{'median ms':>12}{'worst ms':>10}")
    for action, times_ms in sorted(reviewer.times_ms.items()):
        print(f"{action:24}{len(times_ms):5}{statistics.median(times_ms):12.0f}{max(times_ms):10.0f}")
    waited_s = sum(map(sum, reviewer.times_ms.values())) / 1000
    total_s = heard_s + waited_s + KEY_S * reviewer.keys
    print(f"{len(rows)} pieces: {reviewer.keys} keystrokes, {reviewer.keys / len(rows):.2f} a piece")
    parts = f"listening {heard_s:.0f} s, waiting {waited_s:.1f} s, keys {KEY_S * reviewer.keys:.0f} s"
    print(f"{parts}: {total_s / 60:.1f} min" + (f"; by the clock {clock_s / 60:.1f} min" * arguments.by_clock))


if __name__ == "__main__":
    main()
