"""The data report: everything that is wrong with recordings or a corpus, and what to do about it."""

from __future__ import annotations

from pathlib import Path

from emotts.corpus.check_corpus import check_corpus
from emotts.corpus.check_recordings import check_recordings
from emotts.corpus.check_report import DataReport, Finding, Table
from emotts.corpus.check_settings import CheckSettings
from emotts.corpus.utterance_reader import TextReader

__all__ = ["CheckSettings", "DataReport", "Finding", "Table", "check_data"]


def check_data(source: Path, *, settings: CheckSettings, front_end: TextReader) -> DataReport:
    """Report on a recording, a folder of recordings, or a corpus (a folder with ``metadata.list``).

    Nothing of the data is changed. All problems are collected: errors, at which the pipeline would stop, warnings
    and notes, each with its place and a remedy.

    Args:
        source: the file or folder.
        settings: the project's settings.
        front_end: reads the texts of ``settings.language``.
    """
    if (source / "metadata.list").is_file():
        return check_corpus(source, settings=settings)
    return check_recordings(source, settings=settings, front_end=front_end)
