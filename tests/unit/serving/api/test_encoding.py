"""Sound that begins before its end is known, read back by other programs."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
import soundfile

from emotts.audio.mp3_frames import frame_length
from emotts.audio.resample import resample
from emotts.serving.api.encoding import MEDIA_TYPES, SoundStream, sent_rate_hz

RATE_HZ = 22_050


def tone(rate_hz: int = RATE_HZ) -> np.ndarray:
    """Return two seconds of 220 Hz that begin and end softly."""
    times = np.arange(2 * rate_hz) / rate_hz
    return (0.3 * np.sin(2 * np.pi * 220 * times) * np.sin(np.pi * times / 2)).astype(np.float32)


def encoded(name: str, *, rate_hz: int = RATE_HZ, size: int = 5000) -> list[bytes]:
    stream, samples = SoundStream(name, sample_rate_hz=rate_hz), tone(rate_hz)
    pieces = [stream.encode(samples[start : start + size], last=False) for start in range(0, len(samples), size)]
    return [*pieces, stream.encode(samples[:0], last=True)]


@pytest.mark.parametrize(
    ("name", "voice_hz", "sent_hz"),
    [
        ("wav", 22_050, 22_050),
        ("flac", 44_100, 44_100),
        ("pcm", 22_050, 24_000),
        ("opus", 22_050, 24_000),
        ("opus", 44_100, 48_000),
        ("opus", 16_000, 16_000),
        ("mp3", 44_100, 44_100),
        ("mp3", 20_000, 22_050),
        ("mp3", 96_000, 48_000),
    ],
)
def test_the_rate_is_the_voices_own_where_the_format_can_have_it(name: str, voice_hz: int, sent_hz: int) -> None:
    assert sent_rate_hz(name, sample_rate_hz=voice_hz) == sent_hz
    assert SoundStream(name, sample_rate_hz=voice_hz).sample_rate_hz == sent_hz


@pytest.mark.parametrize("name", ["wav", "flac"])
def test_lossless_formats_keep_every_sample(name: str) -> None:
    pieces = encoded(name)
    assert len(pieces[0]) > 100, "sound comes with the first piece"
    content = b"".join(pieces)
    if name == "wav":
        read = np.frombuffer(content[44:], dtype="<i2")
        assert content[22:28] == b"\x01\x00" + RATE_HZ.to_bytes(4, "little")
    else:
        # by FFmpeg: libsndfile reads no stream whose header does not say its length
        with av.open(io.BytesIO(content), mode="r") as container:
            frames = list(container.decode(audio=0))
        assert {frame.sample_rate for frame in frames} == {RATE_HZ}
        read = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    assert np.array_equal(read, np.rint(tone() * 32768).astype(np.int16))


def test_pcm_is_resampled_without_seams() -> None:
    read = np.frombuffer(b"".join(encoded("pcm")), dtype="<i2") / 32768
    expected = resample(tone(), from_hz=RATE_HZ, to_hz=24_000)
    assert len(read) == len(expected) == 48_000
    np.testing.assert_allclose(read, expected, atol=1e-3)


@pytest.mark.parametrize("name", ["mp3", "opus"])
@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100])
def test_compressed_sound_has_its_length_and_its_pitch(name: str, rate_hz: int) -> None:
    content = b"".join(encoded(name, rate_hz=rate_hz))
    with soundfile.SoundFile(io.BytesIO(content)) as sound:
        samples = sound.read(dtype="float32")
        seconds = len(samples) / sound.samplerate
        spectrum = np.abs(np.fft.rfft(samples))
        assert abs(spectrum.argmax() / seconds - 220) < 2
        assert 2.0 <= seconds < 2.15
    if name == "mp3":
        assert frame_length(content[:4]) is not None
        assert b"Xing" not in content[:400]
        assert b"Info" not in content[:400]


def test_samples_at_full_scale_stay_there() -> None:
    stream = SoundStream("wav", sample_rate_hz=RATE_HZ)
    content = stream.encode(np.array([1.0, -1.0, 0.0], dtype=np.float32), last=True)
    assert np.frombuffer(content[44:], dtype="<i2").tolist() == [32767, -32768, 0]
    assert set(MEDIA_TYPES) == {"wav", "pcm", "flac", "opus", "mp3"}
