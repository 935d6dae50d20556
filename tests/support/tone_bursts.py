"""Recordings of tone bursts in quiet noise, with label tracks, for tests."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

RATE = 22050
PAUSE_S = 1.4
SENTENCES = (
    "오늘은 날씨가 참 좋습니다.",
    "어제 친구를 만났습니다.",
    "내일 다시 오겠습니다.",
    "저녁을 먹고 걸었습니다.",
)


def burst_times(lengths_s: Sequence[float]) -> list[tuple[float, float]]:
    times, start_s = [], PAUSE_S
    for length_s in lengths_s:
        times.append((start_s, start_s + length_s))
        start_s += length_s + PAUSE_S
    return times


def write_bursts(
    path: Path,
    lengths_s: Sequence[float],
    *,
    amplitudes: Sequence[float] | None = None,
    noise: float = 1e-3,
    rate: int = RATE,
    pitch_hz: float = 220.0,
) -> None:
    """Write bursts with pauses of 1.4 s before, between and after them; noise 1e-3 is -60 dBFS."""
    parts = [np.zeros(round(PAUSE_S * rate))]
    for number, length_s in enumerate(lengths_s):
        amplitude = 0.2 if amplitudes is None else amplitudes[number]
        samples = amplitude * np.sin(2 * np.pi * pitch_hz * np.arange(round(length_s * rate)) / rate)
        parts += [samples, np.zeros(round(PAUSE_S * rate))]
    sound = np.concatenate(parts)
    sound += noise * np.random.default_rng(len(sound)).standard_normal(len(sound))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound, rate, subtype="PCM_16")


def write_labels(path: Path, lengths_s: Sequence[float], texts: Sequence[str]) -> Path:
    track = path.with_name(f"{path.stem}.labels.txt")
    rows = zip(burst_times(lengths_s), texts, strict=True)
    track.write_text("".join(f"{a:.3f}\t{b:.3f}\t{text}\n" for (a, b), text in rows), encoding="utf-8")
    return track
