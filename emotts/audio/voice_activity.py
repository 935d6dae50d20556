"""Speech detection by Silero VAD, a small network whose weights its package holds: the extra ``vad``."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotts.audio.io import probe, read_mono
from emotts.errors import ConfigError

__all__ = ["find_voice", "require_silero"]

_PACKAGE = "silero_vad"
_RATE_HZ = 16_000
_WINDOW = 512
"""Samples that the network looks at: 32 ms."""
_BLOCK_S = 32
"""A whole number of windows."""
_PAD_MS = 30
"""Sound before and after the windows with speech that counts as speech."""


def require_silero() -> None:
    """Raise ConfigError if Silero VAD is not installed; nothing is loaded."""
    if importlib.util.find_spec(_PACKAGE) is None:
        raise ConfigError(
            "the package that detects speech is not installed",
            where="segment.method in params.yaml",
            found="silero",
            wanted="silero-vad",
            remedy="pip install 'emotts[vad]', or set segment.method: threshold",
        )


def find_voice(path: Path, *, min_silence_ms: int) -> list[tuple[int, int]]:
    """Return (start, end) in ms of the stretches of speech between silences of a length, in order.

    The network hears the recording at 16 kHz, 32 ms after 32 ms; memory does not grow with the recording.

    Args:
        path: a sound file of any kind and number of channels.
        min_silence_ms: a shorter silence belongs to the stretch around it.

    Raises:
        AudioError: if the file cannot be read.
        ConfigError: if the package is not installed.
    """
    require_silero()
    detector = _detector(min_silence_ms=min_silence_ms)
    duration_ms = int(1000 * probe(path).duration_s)
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for window in _windows(path):
        event = detector(window) or {}
        if "start" in event:
            start = _ms(event["start"])
        elif "end" in event and start is not None:
            spans.append((start, min(_ms(event["end"]), duration_ms)))
            start = None
    return spans if start is None else [*spans, (start, duration_ms)]


def _detector(*, min_silence_ms: int) -> Any:
    """Return a fresh detector; what it reports has the padding on both sides taken off the silence."""
    silero = importlib.import_module(_PACKAGE)
    return silero.VADIterator(
        silero.load_silero_vad(),
        sampling_rate=_RATE_HZ,
        min_silence_duration_ms=min_silence_ms + 2 * _PAD_MS,
        speech_pad_ms=_PAD_MS,
    )


def _windows(path: Path) -> Iterator[Any]:
    """Yield the recording as tensors (window,) of 512 samples, zeros after its end."""
    import torch  # a second to import, and needed here alone

    duration_s = probe(path).duration_s
    at_s = 0
    while at_s < duration_s:
        block, _ = read_mono(path, sample_rate_hz=_RATE_HZ, start_s=at_s, end_s=min(at_s + _BLOCK_S, duration_s))
        for window in _whole(block):
            yield torch.from_numpy(window)
        at_s += _BLOCK_S


def _whole(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (window, sample) of 512 samples each, the last one filled with zeros."""
    count = -(-len(block) // _WINDOW)
    return np.pad(block, (0, count * _WINDOW - len(block))).reshape(count, _WINDOW)


def _ms(samples: int) -> int:
    return round(1000 * samples / _RATE_HZ)
