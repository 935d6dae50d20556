"""Whatever can be decoded comes in whole, whatever its header and its name say."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.sounds import RATE_HZ, by_ffmpeg, encoded, mp3_without_count, patched, speech, wave_with

from emotts.audio.io import probe, read_mono, stream_blocks
from emotts.audio.mp3_frames import read_frames_of

pytestmark = pytest.mark.slow

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
SECONDS = 2.0
TAG = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)
PCM = {"subtype": "PCM_16"}
Maker = Callable[[Path], bytes]


def wav(folder: Path) -> bytes:
    return encoded(folder, "a.wav", **PCM)


def long_wav(folder: Path, *, counted: float) -> bytes:
    """Return a wave file whose header counts a fraction of its bytes, as one does that wrapped at 2^32."""
    content = wav(folder)
    return patched(content, 40, "<I", int(counted * (len(content) - 44)) // 2 * 2)


def with_chunk(content: bytes) -> bytes:
    return wave_with(content, rest=b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + bytes(14))


def flac_without_count(folder: Path) -> bytes:
    """Return a FLAC file as an encoder writes it into a pipe: 36 bits of sample count, all 0."""
    content = encoded(folder, "a.flac")
    return content[:21] + bytes((content[21] & 0xF0,)) + bytes(4) + content[26:]


def glued(folder: Path, name: str, **options: str) -> bytes:
    return 2 * encoded(folder, name, speech(SECONDS / 2), **options)


WHOLE: list[tuple[str, str, Maker]] = [
    ("wav", "a.wav", wav),
    ("wav of 24 bits", "a.wav", lambda f: encoded(f, "a.wav", subtype="PCM_24")),
    ("wav of 32 bits", "a.wav", lambda f: encoded(f, "a.wav", subtype="PCM_32")),
    ("float wav", "a.wav", lambda f: encoded(f, "a.wav", subtype="FLOAT")),
    ("double wav", "a.wav", lambda f: encoded(f, "a.wav", subtype="DOUBLE")),
    ("mu-law", "a.wav", lambda f: encoded(f, "a.wav", subtype="ULAW")),
    ("a-law", "a.wav", lambda f: encoded(f, "a.wav", subtype="ALAW")),
    ("wav with a list behind it", "a.wav", lambda f: with_chunk(wav(f))),
    ("wav with padding behind it", "a.wav", lambda f: wave_with(wav(f), rest=bytes(500))),
    ("wav with a tag behind it", "a.wav", lambda f: wave_with(wav(f), rest=b"TAG" + bytes(125))),
    ("wav that counts half", "a.wav", lambda f: long_wav(f, counted=0.5)),
    ("wav that counts a tenth", "a.wav", lambda f: long_wav(f, counted=0.1)),
    ("wav that counts nothing", "a.wav", lambda f: long_wav(f, counted=0.0)),
    ("wav of a pipe", "a.wav", lambda f: wave_with(wav(f), size=0xFFFFFFFF)),
    ("wav of another pipe", "a.wav", lambda f: wave_with(wav(f), size=0x7FFFF024)),
    ("wavex", "a.wav", lambda f: encoded(f, "a.wav", format="WAVEX", subtype="PCM_16")),
    ("rf64", "a.wav", lambda f: encoded(f, "a.rf64", format="RF64", subtype="PCM_16")),
    ("big-endian wav", "a.wav", lambda f: encoded(f, "a.wav", endian="BIG", **PCM)),
    ("w64", "a.w64", lambda f: encoded(f, "a.w64", format="W64", subtype="PCM_16")),
    ("aiff", "a.aiff", lambda f: encoded(f, "a.aiff", **PCM)),
    ("float aiff", "a.aif", lambda f: encoded(f, "a.aiff", subtype="FLOAT")),
    ("caf", "a.caf", lambda f: encoded(f, "a.caf", **PCM)),
    ("flac", "a.flac", lambda f: encoded(f, "a.flac")),
    ("flac of 24 bits", "a.flac", lambda f: encoded(f, "a.flac", subtype="PCM_24")),
    ("flac without count", "a.flac", flac_without_count),
    ("flac behind a tag", "a.flac", lambda f: TAG + encoded(f, "a.flac")),
    ("ogg", "a.ogg", lambda f: encoded(f, "a.ogg")),
    ("opus", "a.opus", lambda f: encoded(f, "a.opus", format="OGG", subtype="OPUS")),
    ("two ogg files glued", "a.ogg", lambda f: glued(f, "a.ogg")),
    ("two opus files glued", "a.opus", lambda f: glued(f, "a.opus", format="OGG", subtype="OPUS")),
    ("flac named wav", "a.wav", lambda f: encoded(f, "a.flac")),
    ("ogg named mp3", "a.mp3", lambda f: encoded(f, "a.ogg")),
    ("wav named m4a", "a.m4a", wav),
    ("aiff named wav", "a.wav", lambda f: encoded(f, "a.aiff", **PCM)),
]
CODED: list[tuple[str, str, Maker]] = [
    ("mp3", "a.mp3", lambda f: encoded(f, "a.mp3")),
    ("mp3 named wav", "a.wav", lambda f: encoded(f, "a.mp3")),
    ("mp3 of variable bit rate", "a.mp3", lambda f: encoded(f, "a.mp3", bitrate_mode="VARIABLE")),
    ("mp3 without count", "a.mp3", lambda f: mp3_without_count(f, SECONDS)),
    (
        "mp3 without count behind a tag",
        "a.mp3",
        lambda f: b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + mp3_without_count(f, SECONDS),
    ),
    ("mp3 with a tag behind it", "a.mp3", lambda f: mp3_without_count(f, SECONDS) + b"TAG" + bytes(125)),
    ("gsm 6.10", "a.wav", lambda f: encoded(f, "a.wav", subtype="GSM610")),
    ("ima adpcm", "a.wav", lambda f: encoded(f, "a.wav", subtype="IMA_ADPCM")),
    ("ms adpcm", "a.wav", lambda f: encoded(f, "a.wav", subtype="MS_ADPCM")),
]


def loudness(samples: np.ndarray) -> list[float]:
    """Return the root mean square of each quarter."""
    return [float(np.sqrt(np.square(part, dtype=np.float64).mean())) for part in np.array_split(samples, 4)]


def check_whole(path: Path, *, tolerance_s: float) -> None:
    """Compare length and loudness with what was written, however the file is read."""
    info = probe(path)
    assert info.duration_s == pytest.approx(SECONDS, abs=tolerance_s)
    samples, rate = read_mono(path)
    assert (rate, len(samples)) == (info.sample_rate_hz, info.n_samples)
    blocks = list(stream_blocks(path))
    assert sum(map(len, blocks)) == info.n_samples
    assert loudness(samples)[3] == pytest.approx(0.2, rel=0.35)
    part, _ = read_mono(path, start_s=1.5, end_s=1.75)
    assert loudness(part)[0] == pytest.approx(0.2, rel=0.35)


@pytest.mark.parametrize(("name", "make"), [case[1:] for case in WHOLE], ids=[case[0] for case in WHOLE])
def test_a_file_comes_in_whole(tmp_path: Path, name: str, make: Maker) -> None:
    path = tmp_path / name
    path.write_bytes(make(tmp_path))
    check_whole(path, tolerance_s=0.0 if "ogg" not in name and "opus" not in name else 0.02)


@pytest.mark.parametrize(("name", "make"), [case[1:] for case in CODED], ids=[case[0] for case in CODED])
def test_a_coded_file_comes_in_whole(tmp_path: Path, name: str, make: Maker) -> None:
    path = tmp_path / name
    path.write_bytes(make(tmp_path))
    check_whole(path, tolerance_s=0.2)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (wav, lambda f: long_wav(f, counted=0.5)),
        (wav, lambda f: long_wav(f, counted=0.0)),
        (lambda f: encoded(f, "a.flac"), flac_without_count),
    ],
)
def test_of_a_wrong_length_every_sample_is_read(tmp_path: Path, right: Maker, wrong: Maker) -> None:
    for name, make in (("right", right), ("wrong", wrong)):
        (tmp_path / name).write_bytes(make(tmp_path))
    np.testing.assert_array_equal(read_mono(tmp_path / "right")[0], read_mono(tmp_path / "wrong")[0])


@needs_ffmpeg
@pytest.mark.parametrize(
    ("made", "name", "options"),
    [
        ("a.m4a", "a.m4a", ()),
        ("a.m4a", "a.wav", ()),
        ("a.mp4", "a.mp3", ()),
        ("a.aac", "a.wav", ()),
        ("a.wma", "a.flac", ()),
        ("a.mka", "a.ogg", ("-c:a", "flac")),
        ("a.webm", "a.wav", ("-c:a", "libopus")),
        ("a.ac3", "a.wav", ("-ar", "48000")),
        ("a.au", "a.wav", ()),
        ("a.wv", "a.wav", ()),
        ("a.ts", "a.wav", ("-c:a", "aac")),
    ],
)
def test_ffmpeg_reads_by_content(tmp_path: Path, made: str, name: str, options: tuple[str, ...]) -> None:
    by_ffmpeg(tmp_path / made, speech(SECONDS), *options).rename(tmp_path / name)
    check_whole(tmp_path / name, tolerance_s=0.2)


def test_mp3_frames_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(mp3_without_count(tmp_path, 4.0))
    frames = read_frames_of(tmp_path / "a.mp3")
    assert frames is not None
    assert (frames.counted, frames.is_cut_off, frames.has_header, frames.start) == (None, False, False, 0)
    samples_a_frame = 576  # of version 2, which 16 kHz has
    assert frames.count * samples_a_frame == pytest.approx(4.0 * RATE_HZ, abs=4 * samples_a_frame)
    assert probe(tmp_path / "a.mp3").n_samples == pytest.approx(frames.count * samples_a_frame, abs=2 * samples_a_frame)


@pytest.mark.parametrize(("left", "right", "expected"), [(1.0, -1.0, 1.0), (0.5, -1.0, 1.0), (1.0, -0.9, 1.0)])
def test_of_channels_in_opposite_phase_the_louder_is_taken(
    tmp_path: Path, left: float, right: float, expected: float
) -> None:
    mono = speech(1.0)
    soundfile.write(tmp_path / "a.wav", np.stack([left * mono, right * mono], axis=1), RATE_HZ, subtype="FLOAT")
    samples, _ = read_mono(tmp_path / "a.wav")
    is_mean = left * right < 0 and abs(left + right) > 0.3 * max(abs(left), abs(right))
    wanted = abs(left + right) / 2 if is_mean else expected
    assert probe(tmp_path / "a.wav").opposite_phase is not is_mean
    assert loudness(samples)[3] == pytest.approx(wanted * loudness(mono)[3], rel=1e-4)


def test_channels_that_are_merely_unlike_are_averaged(tmp_path: Path) -> None:
    both = speech(1.0, channels=2)
    soundfile.write(tmp_path / "a.wav", both, RATE_HZ, subtype="FLOAT")
    assert probe(tmp_path / "a.wav").opposite_phase is False
    np.testing.assert_allclose(read_mono(tmp_path / "a.wav")[0], both.mean(axis=1), atol=1e-6)
