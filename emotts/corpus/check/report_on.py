"""The data report on recordings or a corpus."""

from __future__ import annotations

from pathlib import Path

from emotts.corpus.check.corpus import check_corpus
from emotts.corpus.check.recordings import check_recordings
from emotts.corpus.check.report import DataReport, Finding, Table
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.utterance_reader import TextReader

__all__ = ["CheckSettings", "DataReport", "Finding", "Table", "check_data", "is_corpus"]

_OWN_FILES = ("config.json", "train.list", "val.list", "test.list")


def is_corpus(folder: Path) -> bool:
    """Say whether a folder is a corpus that the stage ``corpus`` wrote, and not one that is yet to be read."""
    return (folder / "metadata.list").is_file() and any((folder / name).is_file() for name in _OWN_FILES)


def check_data(source: Path, *, settings: CheckSettings, front_end: TextReader) -> DataReport:
    """Report on a recording, a folder of recordings in any layout, or a corpus as the stage ``corpus`` writes it.

    Nothing of the data is changed. All problems are collected: errors, at which the pipeline would stop, warnings
    and notes, each with its place and a remedy.

    Args:
        source: the file or folder.
        settings: the project's settings.
        front_end: reads the texts of ``settings.language``.
    """
    if is_corpus(source):
        return check_corpus(source, settings=settings)
    return check_recordings(source, settings=settings, front_end=front_end)
