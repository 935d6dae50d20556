"""One long take: utterances, pauses, room noise, drift of the level and clicks, with its label track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Label", "Take", "assemble", "label_track", "room_noise"]

_EDGE_S = 1.5
_PAUSE_S = (1.15, 2.5)
_DRIFT_DB = 1.0
_CLICK_PEAKS_DB = (-34.0, -26.0)
_CLICK_EVERY = 7
"""A click in about every seventh pause."""


@dataclass(frozen=True)
class Label:
    """What is said from ``start_s`` to ``end_s`` of a take."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Take:
    """A recording float32 (sample,) and its labels in order."""

    samples: np.ndarray
    labels: tuple[Label, ...]


def assemble(
    utterances: Sequence[tuple[np.ndarray, Sequence[tuple[int, int, str]]]],
    *,
    sample_rate_hz: int,
    noise_db: float,
    generator: np.random.Generator,
) -> Take:
    """Put utterances behind each other as a long take.

    Args:
        utterances: samples (sample,) and, for each label inside, its first and last sample and text.
        sample_rate_hz: of everything.
        noise_db: level of the room noise in dBFS.
        generator: source of pauses, noise, drift and clicks.
    """
    pieces: list[np.ndarray] = []
    labels: list[Label] = []
    pauses: list[tuple[int, int]] = []
    place = 0
    for number, (samples, marks) in enumerate(utterances):
        shortest_s, longest_s = _PAUSE_S
        pause_s = shortest_s + (longest_s - shortest_s) * float(generator.beta(1.2, 2.5))
        gap = round((pause_s if number else _EDGE_S) * sample_rate_hz)
        pauses.append((place, place + gap))
        place += gap
        labels.extend(Label((place + a) / sample_rate_hz, (place + b) / sample_rate_hz, text) for a, b, text in marks)
        pieces += [np.zeros(gap), samples]
        place += len(samples)
    pieces.append(np.zeros(round(_EDGE_S * sample_rate_hz)))
    take = np.concatenate(pieces)
    take *= 10.0 ** (_drift_db(len(take), generator) / 20.0)
    take += room_noise(len(take), sample_rate_hz=sample_rate_hz, level_db=noise_db, generator=generator)
    _add_clicks(take, pauses[1:], sample_rate_hz=sample_rate_hz, generator=generator)
    return Take(np.clip(take, -1.0, 1.0).astype(np.float32), tuple(labels))


def label_track(labels: Sequence[Label]) -> str:
    """Return the labels as Audacity writes them: start, end (seconds) and text, tab between."""
    return "".join(f"{label.start_s:.4f}\t{label.end_s:.4f}\t{label.text}\n" for label in labels)


def room_noise(samples: int, *, sample_rate_hz: int, level_db: float, generator: np.random.Generator) -> np.ndarray:
    """Return noise (sample,) of a quiet room: pink, rolled off above 500 Hz, at ``level_db`` dBFS."""
    length = max(2, int(2 ** np.ceil(np.log2(max(samples, 2)))))
    frequencies = np.fft.rfftfreq(length, 1.0 / sample_rate_hz)
    shape = 1.0 / np.sqrt(np.maximum(frequencies, 60.0)) / (1.0 + (frequencies / 500.0) ** 3)
    noise = np.fft.irfft(np.fft.rfft(generator.standard_normal(length)) * shape, length)[:samples]
    return np.asarray(noise * 10.0 ** (level_db / 20.0) / np.sqrt(np.mean(noise**2)))


def _drift_db(samples: int, generator: np.random.Generator) -> np.ndarray:
    """The speaker moves a little: three slow waves, together within about 1 dB."""
    course = np.linspace(0.0, 1.0, samples)
    waves = np.zeros(samples)
    for turns in generator.uniform(0.5, 4.0, size=3):
        waves += np.sin(2.0 * np.pi * (turns * course + generator.uniform()))
    return np.asarray(waves * _DRIFT_DB / 3.0)


def _add_clicks(
    take: np.ndarray, pauses: Sequence[tuple[int, int]], *, sample_rate_hz: int, generator: np.random.Generator
) -> None:
    length = round(0.004 * sample_rate_hz)
    times = np.arange(length) / sample_rate_hz
    for first, last in pauses:
        if generator.integers(_CLICK_EVERY):
            continue
        peak = 10.0 ** (generator.uniform(*_CLICK_PEAKS_DB) / 20.0)
        click = peak * np.exp(-times / 0.0007) * np.sin(2.0 * np.pi * generator.uniform(1200.0, 3000.0) * times)
        start = int(generator.integers(first, last - length))
        take[start : start + length] += click
