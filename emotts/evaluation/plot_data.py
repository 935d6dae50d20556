"""The tables that ``dvc plots`` draws an evaluation from: ``confusion.csv`` and ``prosody.csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from emotts.evaluation.prosody import UNITS
from emotts.evaluation.spoken import Clip
from emotts.files import write_text

__all__ = ["write_plot_data"]


def write_plot_data(clips: Iterable[Clip], metrics: Mapping[str, float], *, emotions: Sequence[str], out: Path) -> None:
    """Write the tables of an evaluation into ``out``.

    ``confusion.csv`` has for every clip the emotion ``meant`` and the one ``heard``; ``prosody.csv`` has the ``ratio``
    of the voice to the reference for every ``measure`` of every emotion, named ``EMOTION MEASURE``.

    Args:
        clips: what the voice spoke; clips in a style, which no classifier knows, are left out.
        metrics: of ``evaluation.json``.
        emotions: those of the classifier.
        out: the folder.
    """
    heard = [(clip.task.emotion, clip.heard) for clip in clips if clip.task.emotion in emotions]
    _write(out / "confusion.csv", ("meant", "heard"), heard)
    ratios = [
        (f"{emotion} {measure}", f"{metrics[key]:.4f}")
        for emotion in emotions
        for measure in UNITS
        if (key := f"prosody.{emotion}.{measure}.ratio") in metrics
    ]
    _write(out / "prosody.csv", ("measure", "ratio"), ratios)


def _write(path: Path, columns: tuple[str, str], rows: Iterable[tuple[str, str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([columns, *rows])
    write_text(path, stream.getvalue())
