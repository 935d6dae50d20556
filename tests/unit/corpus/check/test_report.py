"""The data report itself, and the metrics of a recording in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.data_report import SETTINGS
from support.tone_bursts import RATE, write_bursts

from emotts.corpus.check.report import DataReport, Finding, Table, counted, listed, times
from emotts.corpus.check.sound import measure_sound


def test_report_lines() -> None:
    findings = (
        Finding("note", "a.wav", "something"),
        Finding("error", "b.txt:3", "something else", "correct it"),
    )
    table = Table("Files", ("file", "Hz"), (("기쁨.wav", "48000"), ("a.wav", "8000")))
    assert DataReport(findings, (table,)).lines() == [
        "Files",
        "  file         Hz",
        "  기쁨.wav  48000",
        "  a.wav      8000",
        "",
        "Errors (1): the pipeline would stop at each of these",
        "  b.txt:3",
        "      something else",
        "      to do: correct it",
        "",
        "Notes (1): good to know",
        "  a.wav",
        "      something",
        "",
        "1 error, 0 warnings, 1 note",
    ]
    assert DataReport(findings).has_errors
    assert not DataReport(findings[:1]).has_errors


def test_lists_of_places() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed("abcdefgh", most=3) == "a, b, c and 5 more"
    assert times([(1.0, 2.25)]) == "1.0-2.2 s"
    assert counted(1, "piece") == "1 piece"
    assert counted(0, "piece") == "0 pieces"


def test_figures_of_a_recording(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    write_bursts(path, [3.0, 1.0, 20.0], amplitudes=[0.2, 0.2, 0.2])
    sound = measure_sound(path, settings=SETTINGS)
    assert sound.info.duration_s == pytest.approx(24 + 4 * 1.4, abs=1e-3)
    assert sound.noise_db == pytest.approx(-60.0, abs=0.5)
    assert sound.speech_db == pytest.approx(-17.0, abs=0.2)
    assert sound.silence_fraction == pytest.approx(4 * 1.4 / 29.6, abs=0.01)
    assert sound.clipped_s == ()
    assert len(sound.kept) == 3
    assert len(sound.long) == 1
    assert [reason for _, reason in sound.rejected] == ["too short"]
    assert sound.rejected_for("too short") == [(pytest.approx(5.8, abs=0.02), pytest.approx(6.8, abs=0.02))]


def test_clipping_is_found_in_one_channel_alone_with_its_time(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    clean = 0.2 * np.sin(2 * np.pi * 220 * np.arange(30 * RATE) / RATE)
    clipped = clean.copy()
    clipped[12 * RATE : 13 * RATE] = np.clip(20 * clean[12 * RATE : 13 * RATE], -1, 1)
    soundfile.write(path, np.stack([clean, clipped], axis=1), RATE, subtype="PCM_16")
    assert measure_sound(path, settings=SETTINGS).clipped_s == (12,)
