"""The data report on clips with a table, and on layouts that pass something over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from support.data_report import found, good_folder, report_on
from support.sources import fill
from support.tone_bursts import RATE, SENTENCES, burst_times, write_bursts

from emotts.text.frontend import FrontEnd


def write_clips(folder: Path, seconds: float = 1.5) -> list[str]:
    """Write four clips of two emotions, each of two bursts with a pause of a second; return the rows of their table."""
    rows = []
    folder.mkdir()
    for number, emotion in enumerate(("happy", "sad") * 4):
        times = np.arange(round((2 * seconds + 1.1) * RATE)) / RATE
        tone = 0.2 * np.sin(2 * np.pi * (200 + 20 * number) * times)
        tone[round(seconds * RATE) : round((seconds + 1.1) * RATE)] = 0
        soundfile.write(folder / f"{number}.wav", tone, RATE)
        rows.append(f"{number}.wav|mina|KR|{SENTENCES[number // 2]}|{emotion}")
    return rows


def test_clips_are_whole_pieces_with_their_texts(tmp_path: Path, korean: FrontEnd) -> None:
    rows = write_clips(tmp_path / "clips")
    source = fill(tmp_path / "clips", {"metadata.list": "\n".join(rows) + "\n"})
    report = report_on(source, korean)
    assert report.of("error") == []
    assert [row[:5] for row in report.tables[1].rows] == [
        (f"{number}.wav", ("happy", "sad")[number % 2], "1", "0", "0") for number in range(8)
    ]
    assert [row[:2] for row in report.tables[2].rows] == [("happy", "4"), ("sad", "4"), ("all", "8")]


def test_a_text_that_cannot_be_read_is_named_with_its_row(tmp_path: Path, korean: FrontEnd) -> None:
    rows = write_clips(tmp_path / "clips")
    rows[2] = "2.wav|mina|KR|어제는 Ж 밤|happy"
    source = fill(tmp_path / "clips", {"metadata.list": "\n".join(rows) + "\n"})
    finding = found(report_on(source, korean), "holds characters that cannot be read")
    assert finding.where == f"{source / 'metadata.list'}:3"


def test_what_is_passed_over_is_said(tmp_path: Path, korean: FrontEnd) -> None:
    rows = write_clips(tmp_path / "clips")
    rows[0] = "gone.wav|mina|KR|안녕하세요.|happy"
    source = fill(tmp_path / "clips", {"metadata.list": "\n".join(rows) + "\n"})
    report = report_on(source, korean)
    assert found(report, "row names no sound file").what == (
        f"1 file or row passed over: row names no sound file of the source ('gone.wav'): {source / 'metadata.list'}:1"
    )
    assert found(report, "not named in the table").severity == "warning"


def test_several_speakers_are_an_error(tmp_path: Path, korean: FrontEnd) -> None:
    rows = write_clips(tmp_path / "clips")
    rows[0] = rows[0].replace("mina", "bora")
    source = fill(tmp_path / "clips", {"metadata.list": "\n".join(rows) + "\n"})
    finding = found(report_on(source, korean), "the source has several speakers")
    assert (finding.severity, "bora (1), mina (7)" in finding.what) == ("error", True)
    chosen = report_on(source, korean, speaker="mina")
    assert [finding for finding in chosen.findings if "several speakers" in finding.what] == []
    assert found(chosen, "of another speaker").severity == "warning"


def test_label_files_of_other_formats_are_checked(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    write_bursts(source / "sad" / "a.wav", [3.0] * 4, pitch_hz=300)
    rows = [f"{start_s * 1000:.0f},{end_s * 1000:.0f},{text}" for (start_s, end_s), text in _labelled()]
    fill(source, {"sad/a.csv": "\n".join(["start,end,text", *rows]) + "\n"})
    write_bursts(source / "sad" / "b.wav", [3.0] * 4, pitch_hz=350)
    fill(source, {"sad/b.labels.txt": "".join(row.replace(",", "\t") + "\n" for row in rows)})
    write_bursts(source / "sad" / "c.wav", [3.0] * 4, pitch_hz=400)
    fill(source, {"sad/c.srt": "1\n0:00:01 --> 0:00:0x\n가\n"})
    report = report_on(source, korean)
    assert [row[-1] for row in report.tables[1].rows] == ["4", "4", "0", "0", "4"]
    errors = {finding.where: finding.what.split(";")[0] for finding in report.of("error")}
    assert errors[f"{source / 'sad/b.labels.txt'}:1"] == "labels lie behind the end of the recording"
    assert errors[f"{source / 'sad/c.srt'}:2"] == "bad number"


def _labelled() -> list[tuple[tuple[float, float], str]]:
    return list(zip(burst_times([3.0] * 4), [f"{text} 슬퍼요" for text in SENTENCES], strict=True))
