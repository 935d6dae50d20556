"""Recordings that a stage would stop at, or get wrong, are found by the check and by the recording stage alike."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.data_report import found, good_folder, report_on
from support.tone_bursts import RATE, write_bursts

from emotts.corpus.rows import Reject, read_rows
from emotts.corpus.sources.collect import collect_recordings
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import AudioError
from emotts.text.frontend import FrontEnd

pytestmark = pytest.mark.slow


def take(folder: Path, name: str = "take2.wav") -> Path:
    path = folder / "sad" / name
    write_bursts(path, [3.0] * 4, pitch_hz=300)
    return path


def scaled(folder: Path) -> None:
    path = take(folder)
    samples, rate = soundfile.read(path)
    soundfile.write(path, samples * 32768, rate, subtype="FLOAT")


def glued(folder: Path) -> None:
    path = take(folder)
    path.write_bytes(2 * path.read_bytes())


def pipe(folder: Path) -> None:
    (folder / "sad").mkdir()
    os.mkfifo(folder / "sad" / "take2.wav")


def other_name(folder: Path) -> None:
    take(folder).rename(folder / "sad" / os.fsdecode(b"caf\xe9.wav"))


def long_name(folder: Path) -> None:
    take(folder).rename(folder / "sad" / f"{'가' * 80}.wav")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (scaled, "samples are far beyond full scale"),
        (glued, "another wave file follows in the same file"),
        (long_name, "the name of the file is too long"),
    ],
)
def test_the_check_says_what_the_stage_would_stop_at(
    tmp_path: Path, korean: FrontEnd, make: Callable[[Path], None], message: str
) -> None:
    source = good_folder(tmp_path / "recordings")
    make(source)
    report = report_on(source, korean)
    assert found(report, message).severity == "error"
    assert str(report).encode()
    with pytest.raises(AudioError, match=message):
        collect_recordings(source, tmp_path / "raw", language="KR", speaker="a", emotions=EmotionSet())
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    ("make", "message"),
    [(pipe, "is a pipe or device, not a sound file"), (other_name, "the name of the file is not UTF-8")],
)
def test_what_stops_dvc_is_an_error_of_the_check_and_a_reject_of_the_stage(
    tmp_path: Path, korean: FrontEnd, make: Callable[[Path], None], message: str
) -> None:
    source = good_folder(tmp_path / "recordings")
    make(source)
    assert found(report_on(source, korean), message).severity == "error"
    out = tmp_path / "raw"
    kept = collect_recordings(source, out, language="KR", speaker="a", emotions=EmotionSet())
    assert [row.file for row in kept] == ["happy/take1.wav", "중립/take1.wav"]
    (reject,) = read_rows(out / "rejects.jsonl", Reject)
    assert reject.reason == message


def test_channels_in_opposite_phase(tmp_path: Path, korean: FrontEnd, caplog: pytest.LogCaptureFixture) -> None:
    source = good_folder(tmp_path / "recordings")
    path = take(source)
    samples, _ = soundfile.read(path)
    soundfile.write(path, np.stack([samples, -samples], axis=1), RATE)
    report = report_on(source, korean)
    finding = found(report, "the two channels are in opposite phase and would cancel each other out")
    assert (finding.severity, finding.where) == ("warning", str(path))
    soundfile.write(path, samples, RATE)  # one channel alone, as the remedy says
    assert "opposite phase" not in str([each.what for each in report_on(source, korean).findings])
    soundfile.write(path, np.stack([samples, -samples], axis=1), RATE)
    collect_recordings(source, tmp_path / "raw", language="KR", speaker="a", emotions=EmotionSet())
    assert f"{path}: its two channels are in opposite phase; the louder one is taken" in caplog.text


def test_a_recording_that_ends_within_speech(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    path = take(source)
    samples, _ = soundfile.read(path)
    soundfile.write(path, samples[: -2 * RATE], RATE)
    finding = found(report_on(source, korean), "recording ends within speech")
    assert (finding.severity, finding.where) == ("warning", str(path))


def test_behind_a_link_to_a_folder_recordings_are_found_once(tmp_path: Path, korean: FrontEnd) -> None:
    elsewhere, source = good_folder(tmp_path / "elsewhere"), tmp_path / "recordings"
    source.mkdir()
    for name in ("happy", "중립"):
        (source / name).symlink_to(elsewhere / name)
    (elsewhere / "happy" / "loop").symlink_to(source)
    rows = collect_recordings(source, tmp_path / "raw", language="KR", speaker="a", emotions=EmotionSet())
    assert [row.file for row in rows] == ["happy/take1.wav", "중립/take1.wav"]
    shutil.rmtree(elsewhere / "중립")
    assert found(report_on(source, korean), "only 4 utterances of happy").severity == "warning"
