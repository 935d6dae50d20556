"""Files that break off, as ffmpeg and libsndfile write them: what is there is told and read; strict readers refuse."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.sounds import by_ffmpeg, encoded, mp3_without_count, speech

from emotts.audio.cut_off import CutOff
from emotts.audio.io import probe, read_mono, stream_blocks
from emotts.audio.opening import readable
from emotts.errors import AudioError

pytestmark = pytest.mark.slow
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
PCM = {"subtype": "PCM_16"}
SECONDS = 8.0
Maker = Callable[[Path], bytes]


def cut(content: bytes, fraction: float = 0.6) -> bytes:
    return content[: int(len(content) * fraction)]


def counted_too_high(folder: Path) -> bytes:
    """Return an mp3 file that breaks off between two frames, so that only its header tells."""
    content = encoded(folder, "a.mp3", bitrate_mode="CONSTANT")
    place = content.rfind(content[:2], 0, len(content) * 6 // 10)
    return content[:place]


def as_it_is(path: Path) -> tuple[NDArray[np.float32], CutOff | None]:
    """Return what there is of a recording, and what is told of it."""
    with readable(path) as native:
        return read_mono(native)[0], probe(path, as_is=True).cut_off


@needs_ffmpeg
@pytest.mark.parametrize(
    ("name", "options", "found_s"),
    [
        ("a.mp3", (), 4.75),
        ("a.ogg", (), 4.07),
        ("a.opus", (), 3.99),
        ("a.m4a", ("-movflags", "+faststart"), 5.12),
        ("a.mka", ("-c:a", "flac"), 5.47),
        ("a.flac", (), 5.26),
        ("a.wav", (), 4.80),
        ("a.aiff", (), 4.80),
        ("a.w64", (), 4.80),
        ("a.caf", (), 4.80),
    ],
)
def test_what_is_there_of_a_cut_file_is_read(
    tmp_path: Path, name: str, options: tuple[str, ...], found_s: float
) -> None:
    path = by_ffmpeg(tmp_path / name, speech(SECONDS), *options)
    whole, nothing = as_it_is(path)
    assert nothing is None
    path.write_bytes(cut(path.read_bytes()))
    samples, cut_off = as_it_is(path)
    assert cut_off is not None
    assert cut_off.found_s == pytest.approx(found_s, abs=0.15), "encoders differ a little"
    if path.suffix in (".ogg", ".opus"):
        assert cut_off.promised_s is None
    else:
        assert cut_off.promised_s == pytest.approx(SECONDS, abs=0.1)
    assert len(samples) / 16000 == pytest.approx(cut_off.found_s, abs=0.001)
    n_same = len(samples) - 2000  # the last frame is not whole, and overlaps what is missing
    np.testing.assert_allclose(samples[:n_same], whole[:n_same], atol=1e-4)


REFUSED: list[tuple[str, str, Maker, str]] = [
    ("wav", "a.wav", lambda f: cut(encoded(f, "a.wav", **PCM)), "1.20 s of 2.00 s are there"),
    ("wavex", "a.wav", lambda f: cut(encoded(f, "a.wav", format="WAVEX", subtype="PCM_16")), "of 2.00 s are there"),
    ("rf64", "a.rf64", lambda f: cut(encoded(f, "a.rf64", format="RF64", subtype="PCM_16")), "of 2.00 s are there"),
    ("aiff", "a.aiff", lambda f: cut(encoded(f, "a.aiff", **PCM)), "of 2.00 s are there"),
    ("w64", "a.w64", lambda f: cut(encoded(f, "a.w64", format="W64", subtype="PCM_16")), "of 2.00 s are there"),
    ("ogg", "a.ogg", lambda f: cut(encoded(f, "a.ogg")), "does not say of how many"),
    ("glued ogg", "a.ogg", lambda f: cut(2 * encoded(f, "a.ogg"), 0.9), "does not say of how many"),
    ("mp3 within a frame", "a.mp3", lambda f: mp3_without_count(f)[:-50], "does not say of how many"),
    ("mp3 named wav", "a.wav", lambda f: mp3_without_count(f)[:-50], "does not say of how many"),
    ("mp3 that counts more", "a.mp3", counted_too_high, "s are there"),
    ("mp3 with count", "a.mp3", lambda f: cut(encoded(f, "a.mp3")), "s are there"),
]


@pytest.mark.parametrize(("name", "make", "found"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_no_recording_is_refused_where_it_is_cut_off(
    tmp_path: Path, name: str, make: Maker, found: str
) -> None:
    path = tmp_path / name
    path.write_bytes(make(tmp_path))
    with pytest.raises(AudioError, match="sound file is truncated"):
        list(stream_blocks(path))
    with pytest.raises(AudioError, match="sound file is truncated") as caught:
        probe(path)
    assert found in str(caught.value)
    assert caught.value.where == str(path)
    assert caught.value.remedy is not None
    if shutil.which("ffmpeg"):  # as the remedy says
        assert "ffmpeg -i OLD NEW.wav" in caught.value.remedy
        command = ["ffmpeg", "-v", "quiet", "-nostdin", "-i", str(path), str(tmp_path / "new.wav")]
        subprocess.run(command, check=True)
        assert 0.5 < probe(tmp_path / "new.wav").duration_s <= 4.1


@pytest.mark.parametrize("fraction", [0.3, 0.6, 0.95])
def test_a_flac_that_is_cut_off_is_noticed_where_it_ends(tmp_path: Path, fraction: float) -> None:
    (tmp_path / "a.flac").write_bytes(cut(encoded(tmp_path, "a.flac"), fraction))
    with pytest.raises(AudioError, match=r"a\.flac: sound file is (truncated|damaged)"):
        list(stream_blocks(tmp_path / "a.flac"))


def test_a_file_that_is_damaged_before_it_breaks_off(tmp_path: Path) -> None:
    content = bytearray(cut(encoded(tmp_path, "a.flac", speech(SECONDS))))
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    (tmp_path / "a.flac").write_bytes(content)
    with pytest.raises(AudioError, match=r"a\.flac: sound file is damaged at 3\.\d s\n  found: sound up to \d\.\d s"):
        probe(tmp_path / "a.flac")


@needs_ffmpeg
def test_without_its_index_nothing_of_an_m4a_can_be_read(tmp_path: Path) -> None:
    path = by_ffmpeg(tmp_path / "a.m4a", speech())
    path.write_bytes(cut(path.read_bytes(), 0.9))
    with pytest.raises(AudioError, match="sound file is truncated\n  found: its end is missing, with the index"):
        probe(path)


def test_what_is_told() -> None:
    assert str(CutOff(1.2345, 8.0)) == "1.23 s of 8.00 s are there"
    assert re.fullmatch(r"1\.23 s are there; its kind .* of how many", str(CutOff(1.2345, None)))
