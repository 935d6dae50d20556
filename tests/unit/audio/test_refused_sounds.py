"""Sound files that cannot be used are refused with what to do; what a message tells is tried."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.sounds import RATE_HZ, by_ffmpeg, encoded, patched, speech, wave_with

from emotts.audio.io import probe
from emotts.audio.opening import check_name
from emotts.errors import AudioError

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
PCM = {"subtype": "PCM_16"}
Maker = Callable[[Path], bytes]


def float_wav(factor: float) -> Maker:
    return lambda folder: encoded(folder, "a.wav", speech() / 0.6 * factor, subtype="FLOAT")


def with_value(value: float, place: int = 20_000) -> Maker:
    def make(folder: Path) -> bytes:
        samples = speech()
        samples[place] = value
        return encoded(folder, "a.wav", samples, subtype="FLOAT")

    return make


REFUSED: list[tuple[str, str, Maker, str]] = [
    ("empty", "a.wav", lambda f: b"", "is empty (0 bytes)"),
    ("text", "a.wav", lambda f: "안녕하세요.\n".encode(), "file is text, not sound, although it is called .wav"),
    ("text named m4a", "a.m4a", lambda f: b"hello\n", "file is text, not sound, although it is called .m4a"),
    ("zeros", "a.wav", lambda f: bytes(5000), "file cannot be read as sound"),
    ("other bytes", "a.mp3", lambda f: bytes(range(1, 256)) * 9, "file cannot be read as sound"),
    ("a picture", "a.wav", lambda f: b"\x89PNG\r\n\x1a\n" + bytes(500), "file cannot be read as sound"),
    ("a header alone", "a.wav", lambda f: encoded(f, "a.wav", **PCM)[:30], "file cannot be read as sound"),
    ("no samples", "a.wav", lambda f: encoded(f, "a.wav", np.zeros(0), **PCM), "holds no samples"),
    ("no samples in flac", "a.flac", lambda f: encoded(f, "a.flac", speech())[:42], "a.flac"),
    ("silence", "a.wav", lambda f: encoded(f, "a.wav", np.zeros(9000), **PCM), "all samples are zero"),
    ("nan", "a.wav", with_value(float("nan")), "samples are not finite (NaN or infinity)"),
    ("infinity", "a.wav", with_value(float("inf")), "found: 1 of 16000 samples from 1."),
    ("minus infinity", "a.wav", with_value(-float("inf"), 0), "samples from 0.0 s on"),
    ("a rate of 8 Hz", "a.wav", lambda f: patched(encoded(f, "a.wav", **PCM), 24, "<I", 8), "8 Hz is not a sound"),
    ("two wavs glued", "a.wav", lambda f: 2 * encoded(f, "a.wav", **PCM), "another wave file follows"),
    ("ogg of two rates", "a.ogg", lambda f: encoded(f, "a.ogg") + other_rate(f), "the parts of the file differ"),
]


def other_rate(folder: Path) -> bytes:
    soundfile.write(folder / "b.ogg", speech(), 22050)
    content = (folder / "b.ogg").read_bytes()
    (folder / "b.ogg").unlink()
    return content


@pytest.mark.parametrize(("name", "make", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_is_refused(tmp_path: Path, name: str, make: Maker, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(make(tmp_path))
    with pytest.raises(AudioError) as caught:
        probe(path)
    assert message in str(caught.value)
    assert caught.value.where == str(path)


def test_two_wavs_are_taken_apart_as_told(tmp_path: Path) -> None:
    path = tmp_path / "OLD"
    first, second = encoded(tmp_path, "a.wav", speech(1.0), **PCM), encoded(tmp_path, "b.wav", speech(2.0), **PCM)
    path.write_bytes(first + second)
    with pytest.raises(AudioError) as caught:
        probe(path)
    assert caught.value.remedy is not None
    for command in re.findall(r"(?:head|tail) -c \S+ OLD > \w+\.wav", caught.value.remedy):
        subprocess.run(command, shell=True, check=True, cwd=tmp_path)
    assert (tmp_path / "FIRST.wav").read_bytes() == first
    assert (tmp_path / "SECOND.wav").read_bytes() == second


@pytest.mark.parametrize(
    ("factor", "kind", "peak"),
    [
        (32767.0, "16-bit whole numbers saved as floating-point ones", 1.0),
        (8388607.0, "24-bit whole numbers saved as floating-point ones", 1.0),
        (2147483647.0, "32-bit whole numbers saved as floating-point ones", 1.0),
        (1e12, "numbers that are no sound", 1.0),
        (100.0, "16-bit whole numbers saved as floating-point ones", 100 / 32768),
    ],
)
def test_whole_numbers_as_floats_are_divided_as_told(tmp_path: Path, factor: float, kind: str, peak: float) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(float_wav(factor)(tmp_path))
    with pytest.raises(AudioError, match="samples are far beyond full scale") as caught:
        probe(path)
    assert kind in str(caught.value)
    assert caught.value.remedy is not None
    code = caught.value.remedy.partition('-c "')[2].removesuffix('"')
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    assert probe(tmp_path / "take-scaled.wav").n_samples == 2 * RATE_HZ
    found = float(np.abs(soundfile.read(tmp_path / "take-scaled.wav")[0]).max())
    assert found == pytest.approx(peak, rel=1e-3)


def test_a_little_beyond_full_scale_is_sound(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(float_wav(4.0)(tmp_path))
    assert probe(tmp_path / "a.wav").n_samples == 2 * RATE_HZ


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "link.wav").symlink_to(tmp_path / "gone.wav")
    for name, message in (
        ("pipe.wav", "is a pipe or device, not a sound file"),
        ("folder.wav", "is a folder, not a sound file"),
        ("link.wav", "is a link to a file that is missing"),
        ("none.wav", "sound file is missing"),
    ):
        with pytest.raises(AudioError, match=message):
            probe(tmp_path / name)


def test_names_that_cannot_be_kept(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="the name of the file is not UTF-8") as caught:
        check_name(tmp_path / os.fsdecode(b"caf\xe9.wav"))
    assert caught.value.where == f"{tmp_path}/caf\\xe9.wav"
    assert str(caught.value).encode()
    with pytest.raises(AudioError, match=r"is too long\n  found: 214 bytes\n  wanted: at most 200"):
        check_name(tmp_path / ("가" * 70 + ".wav"))
    check_name(tmp_path / ("가" * 65 + ".wav"))


def test_a_name_that_is_not_utf_8_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.wav")
    path.write_bytes(encoded(tmp_path, "a.wav", **PCM))
    assert probe(path).n_samples == 2 * RATE_HZ


@needs_ffmpeg
@pytest.mark.parametrize("name", ["a.m4a", "a.wma", "a.mka"])
def test_without_ffmpeg_its_kinds_are_named_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kinds = {"a.m4a": "m4a or mp4", "a.wma": "wma", "a.mka": "mka or webm"}
    options = ("-c:a", "flac") if name == "a.mka" else ()
    by_ffmpeg(tmp_path / name, speech(), *options).rename(tmp_path / "take.wav")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AudioError, match=f"{kinds[name]} files need ffmpeg, which is not installed"):
        probe(tmp_path / "take.wav")


@needs_ffmpeg
def test_a_video_without_sound(tmp_path: Path) -> None:
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=size=16x16:duration=1:rate=5"]
    subprocess.run([*command, str(tmp_path / "a.mp4")], check=True)
    with pytest.raises(AudioError, match=r"a\.mp4: file has no sound track"):
        probe(tmp_path / "a.mp4")


def test_a_list_behind_the_sound_is_no_sound(tmp_path: Path) -> None:
    content = encoded(tmp_path, "a.wav", **PCM)
    (tmp_path / "a.wav").write_bytes(wave_with(content, rest=b"LIST\x10\0\0\0" + bytes(16)))
    assert probe(tmp_path / "a.wav").n_samples == 2 * RATE_HZ
