"""Reading and writing sound files, and what is said of files that cannot be read."""

import resource
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from emotts.audio.io import AudioInfo, probe, read_mono, stream_blocks, write_wav
from emotts.audio.resample import resample
from emotts.errors import AudioError


def noise(n: int, channels: int = 1) -> np.ndarray:
    shape = (n, channels) if channels > 1 else n
    return np.random.default_rng(n).uniform(-0.5, 0.5, shape).astype(np.float32)


@pytest.mark.parametrize("name", ["a.wav", "b.flac", "c.ogg", "한국어.wav"])
def test_probe_tells_what_a_file_is(tmp_path: Path, name: str) -> None:
    soundfile.write(tmp_path / name, noise(24000, 2), 16000)
    assert probe(tmp_path / name) == AudioInfo(sample_rate_hz=16000, channels=2, duration_s=1.5, n_samples=24000)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"no\.wav: sound file is missing"):
        probe(tmp_path / "no.wav")


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="is a folder, not a sound file"):
        probe(tmp_path)


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    with pytest.raises(AudioError, match=r"a\.wav: sound file is empty \(0 bytes\)"):
        probe(tmp_path / "a.wav")


@pytest.mark.parametrize("text", ["This is a list of takes.\n", "녹음 목록입니다.\n" * 600])
def test_text_called_wav(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.wav").write_text(text, encoding="utf-8")
    with pytest.raises(AudioError, match=r"a\.wav: file is text, not sound, although it is called \.wav"):
        probe(tmp_path / "a.wav")


def test_bytes_that_are_no_sound(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(bytes(range(256)) * 10)
    with pytest.raises(AudioError, match=r"a\.wav: file cannot be read as sound"):
        probe(tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("kept_bytes", "message"),
    [(20044, r"sound file is truncated\n  found: 0\.62 s of 1\.00 s are there"), (45, "sound file holds no samples")],
)
def test_truncated_wav(tmp_path: Path, kept_bytes: int, message: str) -> None:
    soundfile.write(tmp_path / "a.wav", noise(16000), 16000)
    (tmp_path / "a.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:kept_bytes])
    with pytest.raises(AudioError, match=message):
        probe(tmp_path / "a.wav")


def test_wav_cut_off_within_its_header(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(16000), 16000)
    (tmp_path / "a.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:30])
    with pytest.raises(AudioError, match=r"a\.wav: file cannot be read as sound"):
        probe(tmp_path / "a.wav")


def test_truncated_flac_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", noise(160000), 16000)
    content = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.flac").write_bytes(content[: len(content) // 2])
    with pytest.raises(AudioError, match=r"a\.flac: sound file is (truncated|damaged)"):
        list(stream_blocks(tmp_path / "a.flac"))


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x7FFFF024])
def test_length_left_open_by_a_pipe_is_accepted(tmp_path: Path, length: int) -> None:
    soundfile.write(tmp_path / "a.wav", noise(16000), 16000)
    content = bytearray((tmp_path / "a.wav").read_bytes())
    content[40:44] = struct.pack("<I", length)
    (tmp_path / "a.wav").write_bytes(content)
    assert probe(tmp_path / "a.wav").n_samples == 16000


def test_a_recorder_was_interrupted_before_it_wrote_the_length(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(16000), 16000)
    content = bytearray((tmp_path / "a.wav").read_bytes())
    content[40:44] = bytes(4)
    (tmp_path / "a.wav").write_bytes(content)
    assert probe(tmp_path / "a.wav").n_samples == 16000


def test_no_samples(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(0), 16000)
    with pytest.raises(AudioError, match=r"a\.wav: sound file holds no samples"):
        probe(tmp_path / "a.wav")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_sample_that_is_not_finite(tmp_path: Path, value: float) -> None:
    samples = noise(160000)
    samples[123456] = value
    soundfile.write(tmp_path / "a.wav", samples, 16000, subtype="FLOAT")
    message = r"a\.wav: samples are not finite.*\n  found: 1 of 16000 samples from 7\.0 s on"
    with pytest.raises(AudioError, match=message):
        probe(tmp_path / "a.wav")
    with pytest.raises(AudioError, match="not finite"):
        read_mono(tmp_path / "a.wav")


def test_all_zero(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(32000), 16000)
    with pytest.raises(AudioError, match=r"all samples are zero\n  found: 2\.0 s of digital silence"):
        probe(tmp_path / "a.wav")


def test_sound_after_a_long_silence_is_sound(tmp_path: Path) -> None:
    samples = np.zeros(160000)
    samples[-1] = 0.5
    soundfile.write(tmp_path / "a.wav", samples, 16000)
    assert probe(tmp_path / "a.wav").duration_s == 10.0


def test_m4a_without_ffmpeg_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0 ftypM4A ")
    with pytest.raises(
        AudioError, match=r"m4a or mp4 files need ffmpeg, which is not installed(.|\n)*apt install ffmpeg"
    ):
        probe(tmp_path / "a.m4a")


def test_mono_is_the_mean_of_the_channels(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.tile([[0.5, -0.25, 0.0, 0.75, 0.25, 0.25]], (100, 1)), 48000)
    samples, rate = read_mono(tmp_path / "a.wav")
    assert rate == 48000
    assert samples.dtype == np.float32
    np.testing.assert_allclose(samples, np.full(100, 0.25), atol=1e-7)


@pytest.mark.parametrize(("rate", "to_hz"), [(48000, 22050), (44100, 22050), (44100, 48000), (11027, 16000)])
def test_a_part_equals_that_part_of_the_whole_resampled(tmp_path: Path, rate: int, to_hz: int) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(rate * 4), rate, subtype="FLOAT")
    whole = resample(soundfile.read(path, dtype="float32")[0], from_hz=rate, to_hz=to_hz)
    part, _ = read_mono(path, sample_rate_hz=to_hz, start_s=1.237, end_s=2.851)
    start = round(1.237 * to_hz)
    assert len(part) == round(1.614 * to_hz)
    np.testing.assert_allclose(part, whole[start : start + len(part)], atol=2e-5)


def test_a_part_to_the_end_has_every_sample(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(48000), 48000)
    samples, _ = read_mono(tmp_path / "a.wav", sample_rate_hz=22050, start_s=0.5, end_s=7.0)
    assert len(samples) == 11025


def test_a_part_outside_is_an_error(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(16000), 16000)
    with pytest.raises(AudioError, match="part of the recording is empty or outside of it"):
        read_mono(tmp_path / "a.wav", start_s=1.0)


def test_blocks_add_up_to_the_file(tmp_path: Path) -> None:
    samples = noise(40000, 2)
    soundfile.write(tmp_path / "a.wav", samples, 16000, subtype="FLOAT")
    blocks = list(stream_blocks(tmp_path / "a.wav", block_s=1.0))
    assert [len(block) for block in blocks] == [16000, 16000, 8000]
    np.testing.assert_array_equal(np.concatenate(blocks), samples)


def test_16_bits_survive_reading_and_writing(tmp_path: Path) -> None:
    integers = np.arange(-32768, 32768, 7, dtype=np.int16)
    soundfile.write(tmp_path / "a.wav", integers, 16000)
    samples, rate = read_mono(tmp_path / "a.wav")
    write_wav(tmp_path / "new" / "b.wav", samples, sample_rate_hz=rate)
    np.testing.assert_array_equal(soundfile.read(tmp_path / "new" / "b.wav", dtype="int16")[0], integers)
    assert soundfile.info(tmp_path / "new" / "b.wav").subtype == "PCM_16"


def test_beyond_full_scale_is_clipped(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.array([2.0, 1.0, -1.0, -3.0, 0.5]), sample_rate_hz=8000)
    written = soundfile.read(tmp_path / "a.wav", dtype="int16")[0]
    assert written.tolist() == [32767, 32767, -32768, -32768, 16384]


@pytest.mark.parametrize(
    ("samples", "message"),
    [(np.zeros((2, 100)), "nothing to write"), (np.zeros(0), "nothing to write"), (np.array([np.nan]), "not finite")],
)
def test_what_is_no_sound_is_not_written(tmp_path: Path, samples: np.ndarray, message: str) -> None:
    with pytest.raises(AudioError, match=message):
        write_wav(tmp_path / "a.wav", samples, sample_rate_hz=8000)
    assert list(tmp_path.iterdir()) == []


def test_a_rate_that_nothing_has_leaves_the_old_file(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.ones(10) * 0.5, sample_rate_hz=8000)
    old = (tmp_path / "a.wav").read_bytes()
    with pytest.raises(AudioError, match=r"a\.wav: nothing has such a rate\n  found: -1 Hz"):
        write_wav(tmp_path / "a.wav", np.ones(10), sample_rate_hz=-1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
    assert (tmp_path / "a.wav").read_bytes() == old


def test_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", noise(1000), sample_rate_hz=8000)
    old = (tmp_path / "a.wav").read_bytes()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10000, before[1]))
    try:
        with pytest.raises(AudioError, match=r"a\.wav: file cannot be written\n  found: .*File too large"):
            write_wav(tmp_path / "a.wav", noise(20000), sample_rate_hz=8000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
    assert (tmp_path / "a.wav").read_bytes() == old
