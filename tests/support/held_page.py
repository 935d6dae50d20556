"""A program: the page of two tiny voices, one of which goes on with some texts only when it is let.

``python tests/support/held_page.py PORT``. It prints a line when it listens. Then every line of its input lets so many
more pieces be spoken of the text that contains :data:`HELD`; the next such text begins with none.
"""

from __future__ import annotations

import dataclasses
import sys
import threading
from collections.abc import Iterator
from typing import Any

from support.served import GatedVoice
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts.serving.api.settings import ServeSettings
from emotts.serving.web.facts import VoiceFacts
from emotts.serving.web.server import serve_page
from emotts.voice import Speech, Voice

HELD = "천천히"
BLOCK_S = 0.1
METRICS = {"emotion_accuracy.balanced": 0.96, "reference.emotion_accuracy.balanced": 1.0, "emotion_accuracy.sad": 0.9}
METRICS |= {"reference.emotion_accuracy.sad": 0.95, "mcd_db": 3.014, "rtf": 0.018, "prosody.sad.rate": 5.0}
FACTS = VoiceFacts(METRICS, "The reference speech is synthetic.", "Apache-2.0")


class HeldVoice(GatedVoice):
    """A tiny voice that is held in texts with :data:`HELD`, and in no others."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open = False

    def stream(self, text: str, **how: Any) -> Iterator[Speech]:
        """Yield the pieces of :meth:`Voice.stream`."""
        if HELD not in text:
            yield from Voice.stream(self, text, **how)
            return
        try:
            yield from super().stream(text, **how)
        finally:
            self.gate = threading.Semaphore(0)


def say() -> None:
    """Tell whoever started it that it listens."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def serve(port: int) -> None:
    """Serve until SIGTERM."""
    held = HeldVoice()

    def let() -> None:
        for line in sys.stdin:
            held.gate.release(int(line))

    threading.Thread(target=let, daemon=True).start()
    other = Voice(make_synthesizer(), dataclasses.replace(DESCRIPTION, trained_emotions=("neutral", "sad")))
    settings = ServeSettings.from_dict({"port": port, "block_s": BLOCK_S, "max_characters": 1000})
    facts = {"default": FACTS, "other": VoiceFacts()}
    serve_page({"default": held, "other": other}, facts, settings, ready=say)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
