"""Speech in every format, decoded again."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from emotts.audio.encoding import SOUND_FORMATS, encode_audio, encoded_rate_hz, format_of
from emotts.audio.io import encode_wav
from emotts.errors import AudioError, ConfigError

RATE_HZ = 22_050


def vowel(seconds: float = 2.0, rate_hz: int = RATE_HZ) -> np.ndarray:
    """Return a tone of five harmonics of 200 Hz that becomes louder, with a peak of 0.6."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    tone = sum(np.cos(2 * np.pi * 200 * number * time_s) / number for number in range(1, 6))
    samples = tone * np.linspace(0.2, 1.0, len(time_s))
    return (0.6 * samples / np.abs(samples).max()).astype(np.float32)


def band_levels_db(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Return the levels of the bands around the five harmonics in dB."""
    power = np.abs(np.fft.rfft(samples)) ** 2 / len(samples) / rate_hz
    frequency_hz = np.fft.rfftfreq(len(samples), 1 / rate_hz)
    return np.array([10 * np.log10(power[abs(frequency_hz - 200 * n) < 50].mean()) for n in range(1, 6)])


@pytest.mark.parametrize("name", SOUND_FORMATS)
@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100])
def test_every_format_gives_back_length_level_and_spectrum(name: str, rate_hz: int) -> None:
    samples = vowel(rate_hz=rate_hz)
    decoded, decoded_hz = soundfile.read(io.BytesIO(encode_audio(samples, rate_hz, name=name)), dtype="float32")
    assert decoded.ndim == 1
    assert decoded_hz == encoded_rate_hz(name, sample_rate_hz=rate_hz)
    assert len(decoded) == round(len(samples) * decoded_hz / rate_hz)
    rms = [float(np.sqrt(np.mean(np.square(each)))) for each in (decoded, samples)]
    assert abs(20 * np.log10(rms[0] / rms[1])) < 0.3
    np.testing.assert_allclose(band_levels_db(decoded, decoded_hz), band_levels_db(samples, rate_hz), atol=1.0)


def test_wav_and_flac_are_equal_to_the_bit() -> None:
    samples = np.append(vowel(0.5), np.float32([1.2, -1.2, 0.0]))
    wav = encode_audio(samples, RATE_HZ, name="wav")
    assert wav == encode_wav(samples, sample_rate_hz=RATE_HZ)
    flac = encode_audio(samples, RATE_HZ, name="FLAC")
    of_wav, of_flac = (soundfile.read(io.BytesIO(content), dtype="int16")[0] for content in (wav, flac))
    assert np.array_equal(of_wav, of_flac)
    assert of_flac[-3:].tolist() == [32767, -32768, 0]


def test_the_files_are_what_their_names_say() -> None:
    found = {}
    for name in SOUND_FORMATS:
        with soundfile.SoundFile(io.BytesIO(encode_audio(vowel(0.5), RATE_HZ, name=name))) as file:
            found[name] = (file.format, file.subtype, file.samplerate, file.channels)
    assert found == {
        "wav": ("WAV", "PCM_16", 22_050, 1),
        "flac": ("FLAC", "PCM_16", 22_050, 1),
        "ogg": ("OGG", "VORBIS", 22_050, 1),
        "opus": ("OGG", "OPUS", 24_000, 1),
        "mp3": ("MP3", "MPEG_LAYER_III", 22_050, 1),
    }


@pytest.mark.parametrize(("name", "sample_rate_hz", "rate_hz"), [("opus", 96_000, 48_000), ("mp3", 30_000, 32_000)])
def test_a_rate_that_a_format_lacks_becomes_the_nearest_above(name: str, sample_rate_hz: int, rate_hz: int) -> None:
    assert encoded_rate_hz(name, sample_rate_hz=sample_rate_hz) == rate_hz


def test_formats_are_told_by_ending_or_name() -> None:
    assert format_of(Path("a/speech.OPUS")) == "opus"
    assert format_of(Path("speech.wav"), named="mp3") == "mp3"
    with pytest.raises(ConfigError, match=r"speech\.mp33: unknown format[\s\S]*one of wav, flac[\s\S]*mean mp3\?"):
        format_of(Path("speech.mp33"))
    with pytest.raises(ConfigError, match=r"found: a name without ending[\s\S]*name the format"):
        format_of(Path("speech"))
    with pytest.raises(ConfigError, match="found: aac"):
        encode_audio(vowel(0.1), RATE_HZ, name="aac")


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros(0, np.float32), r"x\.ogg: nothing to write[\s\S]*\(0,\)"),
        (np.zeros((8, 2), np.float32), r"nothing to write[\s\S]*\(8, 2\)"),
        (np.array([0.0, np.nan], np.float32), "x.ogg"),
    ],
)
def test_what_is_no_mono_sound_is_refused(samples: np.ndarray, message: str) -> None:
    with pytest.raises(AudioError, match=message):
        encode_audio(samples, RATE_HZ, name="ogg", where="x.ogg")
