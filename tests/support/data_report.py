"""Recordings to report on, and what a data report says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from support.tone_bursts import RATE, SENTENCES, write_bursts, write_labels

from emotts.corpus.check_report import DataReport, Finding
from emotts.corpus.checks import check_data
from emotts.project import BUILT_IN
from emotts.text.frontend import FrontEnd

__all__ = ["SETTINGS", "contents", "found", "good_folder", "report_on"]

SETTINGS = replace(BUILT_IN, sample_rate_hz=RATE)


def report_on(source: Path, korean: FrontEnd, **changes: object) -> DataReport:
    """Check a source with the settings, some of them changed."""
    return check_data(source, settings=replace(SETTINGS, **changes), front_end=korean)


def found(report: DataReport, fragment: str) -> Finding:
    """Return the one finding that says so."""
    matching = [finding for finding in report.findings if fragment in finding.what]
    assert len(matching) == 1, (fragment, report.findings)
    return matching[0]


def good_folder(folder: Path, emotions: Sequence[str] = ("happy", "중립")) -> Path:
    """Write a labelled recording of every emotion that there is nothing to say against."""
    for number, emotion in enumerate(emotions):
        path = folder / emotion / "take1.wav"
        write_bursts(path, [3.0] * 4, pitch_hz=200 + 20 * number)
        write_labels(path, [3.0] * 4, [f"{text} {emotion if emotion == '중립' else '정말'}" for text in SENTENCES])
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
