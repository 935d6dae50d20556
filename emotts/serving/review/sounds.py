"""The sound of a piece with some of the recording around it, for the page to draw and play."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from emotts.audio.io import encode_wav, read_mono
from emotts.audio.opening import readable
from emotts.corpus.corrections.entry import Entry
from emotts.corpus.rows import Recording
from emotts.errors import AudioError

__all__ = ["ADDRESS", "Sounds", "Window"]

ADDRESS = "/sound"
"""Where the page gets its sounds."""
_AROUND_S = 1.5
_LONGEST_S = 120.0


@dataclass(frozen=True)
class Window:
    """A part of a recording."""

    recording: str
    start_s: float
    end_s: float

    @property
    def url(self) -> str:
        """Its address on the server."""
        times = {"start_s": f"{self.start_s:.3f}", "end_s": f"{self.end_s:.3f}"}
        return f"{ADDRESS}?{urlencode({'recording': self.recording, **times})}"


class Sounds:
    """Reads parts of the recordings of a project.

    Args:
        raw: the folder of the recordings. No other file is ever read than those that :meth:`know` names.
    """

    def __init__(self, raw: Path) -> None:
        self._raw = raw
        self._recordings: Mapping[str, Recording] = {}
        self._lock = threading.Lock()
        self._open = ExitStack()
        self._paths: dict[str, Path] = {}

    def know(self, recordings: Mapping[str, Recording]) -> None:
        """Take over the recordings, by their names, as they are now."""
        if recordings != self._recordings:
            self.close()
            self._recordings = recordings

    def window(self, entry: Entry) -> Window:
        """Return a piece with 1.5 s of what is before and after it."""
        last_s = entry.source.duration_s
        return Window(entry.source.file, max(0.0, entry.start_s - _AROUND_S), min(last_s, entry.end_s + _AROUND_S))

    def wav(self, window: Window) -> bytes:
        """Return a part as a mono wave file of 16 bits at the recording's own rate.

        Raises:
            AudioError: if there is no such recording, it cannot be read, or the part is outside of it or longer than
                two minutes.
        """
        if window.end_s - window.start_s > _LONGEST_S:
            raise AudioError("part is too long", found=f"{window.end_s - window.start_s:g} s", wanted=f"{_LONGEST_S} s")
        samples, rate_hz = self.samples(window.recording, window.start_s, window.end_s)
        return encode_wav(samples, sample_rate_hz=rate_hz, where=window.recording)

    def samples(self, recording: str, start_s: float, end_s: float) -> tuple[NDArray[np.float32], int]:
        """Return a part of a recording ``(sample,)`` and its rate in Hz; raises as :meth:`wav`."""
        if recording not in self._recordings:
            raise AudioError("there is no such recording", found=repr(recording))
        with self._lock:
            if recording not in self._paths:  # what needs ffmpeg is decoded once
                self._paths[recording] = self._open.enter_context(readable(self._raw / recording))
            path = self._paths[recording]
        return read_mono(path, start_s=start_s, end_s=end_s)

    def close(self) -> None:
        """Remove what was decoded."""
        with self._lock:
            self._open.close()
            self._paths.clear()
