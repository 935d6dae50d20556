"""Recordings to report on, and what a data report says about them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from support.settings import audio_settings, corpus_settings, label_settings, segment_settings
from support.tone_bursts import RATE, SENTENCES, write_bursts, write_labels

from emotts.corpus.check.report import DataReport, Finding
from emotts.corpus.check.report_on import check_data
from emotts.corpus.check.settings import CheckSettings
from emotts.emotions.emotion_set import EmotionSet
from emotts.text.frontend import FrontEnd

__all__ = ["SETTINGS", "contents", "found", "good_folder", "report_on"]

SETTINGS = CheckSettings(
    language="KR",
    emotions=EmotionSet(),
    audio=audio_settings(sample_rate_hz=RATE),
    segment=segment_settings(),
    label=label_settings(),
    corpus=corpus_settings(),
    seed=20,
    hears=False,
)


def report_on(source: Path, korean: FrontEnd, **changes: object) -> DataReport:
    """Check a source with the settings, some of them changed (``segment={"min_length_s": 2.0}`` and the like)."""
    return check_data(source, settings=changed(**changes), front_end=korean)


def changed(**changes: object) -> CheckSettings:
    """Return the settings, with some values of some sections changed."""
    sections = {
        name: getattr(SETTINGS, name).model_copy(update=change) if isinstance(change, dict) else change
        for name, change in changes.items()
    }
    return dataclasses.replace(SETTINGS, **sections)


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
