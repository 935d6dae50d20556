"""The long synthetic recording; everything but the error of the missing extra needs the extra itself."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from emotts.errors import AudioError, EmottsError
from tools.render.long_recording import main, render_recording


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def _espeak():
    pytest.importorskip("espeakng_loader", reason="needs the extra espeak")


@pytest.mark.usefixtures("_espeak")
def test_same_seed_gives_the_same_bytes(tmp_path: Path):
    first, second, other = (
        render_recording(tmp_path / f"{name}.wav", minutes=1 / 6, sample_rate_hz=16_000, seed=seed)
        for name, seed in (("first", 3), ("second", 3), ("other", 4))
    )
    assert sha256(first) == sha256(second) != sha256(other)
    assert (tmp_path / "first.labels.txt").read_bytes() == (tmp_path / "second.labels.txt").read_bytes()


@pytest.mark.usefixtures("_espeak")
def test_length_channels_and_labels(tmp_path: Path):
    path = render_recording(tmp_path / "new" / "long.wav", minutes=0.5, sample_rate_hz=48_000, channels=2)
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.frames, info.subtype) == (48_000, 2, 30 * 48_000, "PCM_16")
    samples, _ = soundfile.read(path, dtype="float32")
    assert not np.array_equal(samples[:, 0], samples[:, 1])
    rows = [line.split("\t") for line in (path.parent / "long.labels.txt").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 3
    end_s = 0.0
    for start, end, text in rows:
        assert end_s + 1.1 <= float(start) < float(end) < 30.0
        assert text.startswith(("[happy] ", "[sad] ", "[angry] ", "[neutral] "))
        speech = samples[round(float(start) * 48_000) : round(float(end) * 48_000), 0]
        assert -32 < 20 * np.log10(np.sqrt(np.mean(speech**2))) < -16
        end_s = float(end)
    pause = samples[round(end_s * 48_000) + 100 :, 0]
    assert 20 * np.log10(np.sqrt(np.mean(pause**2))) == pytest.approx(-60.0, abs=1.5)
    assert sorted(file.name for file in path.parent.iterdir()) == ["long.labels.txt", "long.wav"]


@pytest.mark.parametrize(
    "wrong", [{"minutes": 0.0}, {"minutes": 1.0, "channels": 0}, {"minutes": 1.0, "sample_rate_hz": 100}]
)
def test_unusable_size_is_an_error(tmp_path: Path, wrong: dict[str, float]):
    with pytest.raises(AudioError, match="such a recording cannot be written"):
        render_recording(tmp_path / "x.wav", **wrong)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("package", ["espeakng_loader"])
def test_missing_extra_is_named_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EmottsError, match=r"pip install 'emotts\[espeak\]'"):
        render_recording(tmp_path / "x.wav", minutes=0.1)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_espeak")
def test_the_program_takes_length_rate_channels_and_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "long.wav"
    options = ["--minutes", "0.2", "--rate", "16000", "--channels", "1", "--seed", "5"]
    main(["--out", str(path), *options])
    assert capsys.readouterr().out == f"{path}: 0.4 MB\n"
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.frames) == (16_000, 1, 12 * 16_000)
    same = render_recording(tmp_path / "same.wav", minutes=0.2, sample_rate_hz=16_000, channels=1, seed=5)
    assert sha256(path) == sha256(same)
    assert (tmp_path / "long.labels.txt").read_bytes() == (tmp_path / "same.labels.txt").read_bytes()


def test_the_program_prints_a_problem_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--out", str(tmp_path / "long.wav"), "--minutes", "0"])
    assert ended.value.code == 1
    message = capsys.readouterr().err
    assert message.startswith("python -m tools.render.long_recording: ")
    assert "such a recording cannot be written" in message
    assert not list(tmp_path.iterdir())
