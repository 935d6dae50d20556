"""Spans of speech, held to pydub on real files of many formats."""

import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest
import soundfile

from emotts.audio.silence import Span, find_speech
from emotts.errors import AudioError, ConfigError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_nonsilent


def pydub_spans(path: Path, *, threshold_db: float = -40.0, min_silence_s: float = 1.0) -> list[list[float]]:
    found = detect_nonsilent(
        AudioSegment.from_file(str(path)),
        min_silence_len=int(1000 * min_silence_s),
        silence_thresh=threshold_db,
        seek_step=1,
    )
    return [[start / 1000, end / 1000] for start, end in found]


def our_spans(path: Path, **settings: float) -> list[list[float]]:
    return [[span.start_s, span.end_s] for span in find_speech(path, **settings)]


def on_off(rng: np.random.Generator, duration_s: float, rate: int, channels: int) -> np.ndarray:
    """Noise or tone that jumps between levels, several of them close to the threshold."""
    n = int(duration_s * rate)
    gain = np.zeros(n)
    at = 0
    while at < n:
        length = int(rng.exponential(0.4) * rate) + 1
        gain[at : at + length] = 10 ** (rng.choice([-3, -20, -39.8, -40, -40.2, -60, -90, -200]) / 20)
        at += length
    if rng.random() < 0.5:
        sound = rng.standard_normal((n, channels))
    else:
        sound = np.sin(np.arange(n) * rng.uniform(0.01, 1.0))[:, None] * np.ones(channels)
    return np.clip(gain[:, None] * sound, -1, 1)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "PCM_U8"])
@pytest.mark.parametrize(("rate", "channels"), [(48000, 2), (44100, 1), (22050, 6), (8000, 1), (11025, 2), (7919, 1)])
def test_equals_pydub_on_every_format(tmp_path: Path, subtype: str, rate: int, channels: int) -> None:
    rng = np.random.default_rng([rate, channels])
    path = tmp_path / "take.wav"
    soundfile.write(path, on_off(rng, 2.5, rate, channels), rate, subtype=subtype)
    assert our_spans(path, min_silence_s=0.3) == pydub_spans(path, min_silence_s=0.3)


@pytest.mark.parametrize("seed", range(40))
def test_equals_pydub_on_random_patterns(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rate = int(rng.choice([8000, 16000, 22050, 44100]))
    path = tmp_path / "take.wav"
    soundfile.write(path, on_off(rng, rng.uniform(0.05, 3.0), rate, int(rng.choice([1, 2]))), rate)
    settings = {
        "threshold_db": float(rng.choice([-40.0, -30.5, -60.0, -96.0])),
        "min_silence_s": float(rng.choice([1.0, 0.3, 0.29, 0.05, 0.001])),
    }
    assert our_spans(path, **settings) == pydub_spans(path, **settings)


def test_equals_pydub_across_block_borders(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    gain = np.full(13 * 16000, 0.0005)
    for start_s, end_s in [(0.0, 0.9), (3.9, 4.6), (5.9, 6.1), (9.0, 10.02), (12.5, 13.0)]:
        gain[int(start_s * 16000) : int(end_s * 16000)] = 0.1
    path = tmp_path / "take.wav"
    soundfile.write(path, gain * rng.standard_normal(len(gain)), 16000)
    spans = our_spans(path)
    assert spans == pydub_spans(path)
    assert len(spans) == 5


@pytest.mark.parametrize(("amplitude", "is_silent"), [(327, True), (328, False)])
def test_rms_is_rounded_down_before_it_is_compared(tmp_path: Path, amplitude: int, is_silent: bool) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, np.full(16000, amplitude, dtype=np.int16), 16000)
    assert (our_spans(path, min_silence_s=0.5) == []) == is_silent
    assert our_spans(path, min_silence_s=0.5) == pydub_spans(path, min_silence_s=0.5)


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_32_bit_sums_at_the_threshold_are_decided_as_audioop_decides(tmp_path: Path, offset: int) -> None:
    limit = int(0.01 * 2**31) + 1 + offset
    samples = np.full(8000, limit, dtype=np.int32)
    samples[::2] *= -1
    path = tmp_path / "take.wav"
    soundfile.write(path, samples, 8000, subtype="PCM_32")
    assert our_spans(path, min_silence_s=0.5) == pydub_spans(path, min_silence_s=0.5)
    assert (our_spans(path, min_silence_s=0.5) == []) == (offset < 0)


def test_recording_shorter_than_the_window_is_one_span_even_if_silent(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, np.zeros(8000), 16000)
    assert find_speech(path) == [Span(start_s=0.0, end_s=0.5)]
    assert our_spans(path) == pydub_spans(path)


def test_silence_only_has_no_span(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.001, 32000), 16000)
    assert find_speech(path) == []


def test_flac_gives_what_the_same_samples_give_as_wav(tmp_path: Path) -> None:
    samples = on_off(np.random.default_rng(5), 3.0, 24000, 2)
    soundfile.write(tmp_path / "take.wav", samples, 24000)
    soundfile.write(tmp_path / "take.flac", samples, 24000)
    spans = our_spans(tmp_path / "take.flac", min_silence_s=0.2)
    assert spans == pydub_spans(tmp_path / "take.wav", min_silence_s=0.2)
    assert len(spans) > 1


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="pydub needs ffmpeg for these")
@pytest.mark.parametrize(("name", "subtype"), [("a.flac", "PCM_16"), ("b.flac", "PCM_24"), ("c.wav", "FLOAT")])
def test_equals_pydub_with_ffmpeg(tmp_path: Path, name: str, subtype: str) -> None:
    path = tmp_path / name
    soundfile.write(path, on_off(np.random.default_rng(6), 3.0, 24000, 2), 24000, subtype=subtype)
    assert our_spans(path, min_silence_s=0.2) == pydub_spans(path, min_silence_s=0.2)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("kind", ["m4a", "mp3", "wma"])
def test_compressed_recording_equals_pydub_with_ffmpeg(tmp_path: Path, kind: str) -> None:
    soundfile.write(tmp_path / "take.wav", on_off(np.random.default_rng(8), 3.0, 24000, 2), 24000)
    path = tmp_path / f"take.{kind}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(tmp_path / "take.wav"), str(path)], check=True)
    spans = our_spans(path, min_silence_s=0.2)
    assert spans == pydub_spans(path, min_silence_s=0.2)
    assert len(spans) > 1


def test_float_wav_gives_what_the_same_samples_give_in_32_bits(tmp_path: Path) -> None:
    samples = on_off(np.random.default_rng(7), 3.0, 16000, 1)
    soundfile.write(tmp_path / "float.wav", samples, 16000, subtype="DOUBLE")
    integers = np.rint(samples * 2**31).clip(-(2**31), 2**31 - 1).astype(np.int32)
    soundfile.write(tmp_path / "int.wav", integers, 16000, subtype="PCM_32")
    assert our_spans(tmp_path / "float.wav", min_silence_s=0.2) == our_spans(tmp_path / "int.wav", min_silence_s=0.2)


def test_nan_is_an_error(tmp_path: Path) -> None:
    samples = np.full(32000, 0.1, dtype=np.float32)
    samples[20000] = np.nan
    soundfile.write(tmp_path / "take.wav", samples, 16000, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"take\.wav: samples are not finite"):
        find_speech(tmp_path / "take.wav")


def test_window_below_a_millisecond_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"min_silence_s 0\.0005 cannot be used"):
        find_speech(tmp_path / "take.wav", min_silence_s=0.0005)
