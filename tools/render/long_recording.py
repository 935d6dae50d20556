"""A long synthetic recording from eSpeak speech, for benchmarks and tests of the pipeline's structure.

Its Korean is hardly intelligible; its length, pauses, noise and label track are those of a real recording.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import soundfile

from emotts.audio.resample import resample
from emotts.errors import AudioError, EmottsError
from emotts.files import write_text
from tools.render.espeak_library import Espeak
from tools.render.script import ScriptLine, load_script
from tools.render.take import Label, label_track, room_noise

__all__ = ["main", "render_recording"]


@dataclass(frozen=True)
class _Manner:
    """How eSpeak speaks an emotion."""

    rate_wpm: int
    pitch: int
    pitch_range: int
    gain_db: float


_MANNERS: Mapping[str, _Manner] = MappingProxyType(
    {
        "neutral": _Manner(165, 50, 50, 0.0),
        "happy": _Manner(185, 68, 80, 2.0),
        "sad": _Manner(130, 38, 25, -5.0),
        "angry": _Manner(200, 58, 70, 4.0),
    }
)
_LEVEL_DB = -23.0
_NOISE_DB = -60.0
_PAUSE_S = (1.1, 2.5)
_LEAD_S = 1.2


def render_recording(
    out: Path, *, minutes: float = 30.0, sample_rate_hz: int = 48_000, channels: int = 2, seed: int = 0
) -> Path:
    """Write a wav recording (PCM_16) of exactly ``minutes`` and its label track ``STEM.labels.txt``.

    Everything follows from the seed: the same seed gives the same bytes on the same machine. The sound is
    written as it is spoken, so memory does not grow with the length. Labels carry the emotion's mark.

    Returns:
        ``out``.

    Raises:
        AudioError: if the length, rate or number of channels is not usable.
        EmottsError: if the extra ``espeak`` is not installed.
    """
    total = round(minutes * 60.0 * sample_rate_hz)
    if total <= 0 or sample_rate_hz < 8000 or not 1 <= channels <= 8:
        raise AudioError(
            "such a recording cannot be written",
            where=out,
            found=f"{minutes} minutes, {sample_rate_hz} Hz, {channels} channels",
            wanted="more than 0 minutes, at least 8000 Hz, 1 to 8 channels",
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    labels: list[Label] = []
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
        temporary = Path(folder) / "recording.wav"
        with soundfile.SoundFile(
            temporary, "w", samplerate=sample_rate_hz, channels=channels, subtype="PCM_16", format="WAV"
        ) as file:
            generator = np.random.default_rng(seed)
            for block in _blocks(total, labels, sample_rate_hz=sample_rate_hz, generator=generator):
                file.write(_to_channels(block, channels, sample_rate_hz=sample_rate_hz, generator=generator))
        temporary.replace(out)
    write_text(out.with_name(f"{out.stem}.labels.txt"), label_track(labels))
    return out


def _blocks(
    total: int, labels: list[Label], *, sample_rate_hz: int, generator: np.random.Generator
) -> Iterator[np.ndarray]:
    """Yield blocks (sample,) that add up to ``total``: pause and utterance each; labels are appended as they come."""
    place = 0
    with Espeak("ko") as voice:
        for line in _lines(generator):
            gap = round((float(generator.uniform(*_PAUSE_S)) if place else _LEAD_S) * sample_rate_hz)
            speech = _speak(line, voice, sample_rate_hz=sample_rate_hz, generator=generator)
            if place + gap + len(speech) + round(_LEAD_S * sample_rate_hz) > total:
                break
            start = place + gap
            place = start + len(speech)
            labels.append(Label(start / sample_rate_hz, place / sample_rate_hz, f"[{line.emotion}] {line.text}"))
            yield np.concatenate([np.zeros(gap, dtype=np.float32), speech])
    for first in range(place, total, sample_rate_hz):
        yield np.zeros(min(sample_rate_hz, total - first), dtype=np.float32)


def _lines(generator: np.random.Generator) -> Iterator[ScriptLine]:
    """Yield the script's lines in random order, again and again."""
    script = load_script()
    while True:
        for number in generator.permutation(len(script)):
            yield script[number]


def _speak(line: ScriptLine, voice: Espeak, *, sample_rate_hz: int, generator: np.random.Generator) -> np.ndarray:
    manner = _MANNERS[line.emotion]
    samples = voice.speak(
        line.text,
        rate_wpm=round(manner.rate_wpm * generator.uniform(0.95, 1.05)),
        pitch=round(manner.pitch + generator.uniform(-3.0, 3.0)),
        pitch_range=round(manner.pitch_range + generator.uniform(-5.0, 5.0)),
    )
    resampled = resample(_trimmed(samples), from_hz=voice.sample_rate_hz, to_hz=sample_rate_hz)
    level = np.sqrt(np.mean(np.square(resampled, dtype=np.float64)))
    gain_db = _LEVEL_DB + manner.gain_db + float(generator.normal(0.0, 0.7))
    return np.asarray(resampled * (10.0 ** (gain_db / 20.0) / level), dtype=np.float32)


def _trimmed(samples: np.ndarray) -> np.ndarray:
    sounding = np.flatnonzero(np.abs(samples) > 0.01)
    if not len(sounding):
        raise AudioError("eSpeak gave no sound", found=f"{len(samples)} samples")
    trimmed: np.ndarray = samples[sounding[0] : sounding[-1] + 1]
    return trimmed


def _to_channels(
    block: np.ndarray, channels: int, *, sample_rate_hz: int, generator: np.random.Generator
) -> np.ndarray:
    """Return (sample, channel): the same speech, a little softer in every further channel, each with its own noise."""
    columns = []
    for channel in range(channels):
        noise = room_noise(len(block), sample_rate_hz=sample_rate_hz, level_db=_NOISE_DB, generator=generator)
        columns.append(block * 10.0 ** (-0.3 * channel / 20.0) + noise)
    clipped: np.ndarray = np.clip(np.stack(columns, axis=1), -1.0, 1.0)
    return clipped.astype(np.float32)


def main(arguments: Sequence[str] | None = None) -> None:
    """Render a recording and its label track; a stated problem is printed as its message and ends with status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.render.long_recording", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="wav to write; its label track goes beside it")
    parser.add_argument("--minutes", type=float, default=30.0, help="length in minutes (30)")
    parser.add_argument("--rate", type=int, default=48_000, help="sample rate in Hz (48000)")
    parser.add_argument("--channels", type=int, default=2, help="number of channels (2)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same bytes (0)")
    options = parser.parse_args(arguments)
    try:
        path = render_recording(
            options.out,
            minutes=options.minutes,
            sample_rate_hz=options.rate,
            channels=options.channels,
            seed=options.seed,
        )
    except EmottsError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
