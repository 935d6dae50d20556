"""The training curves of a run as tables beside its checkpoints, which ``dvc plots`` draws."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from emotts.files import write_text

__all__ = ["TrainingCurves"]

_LOSSES = {"training": "train/loss/", "validation": "val/loss/"}
"""The tables, and the prefix of the metrics that they hold."""
_SCORE = "val/score"


class TrainingCurves:
    """Writes ``training.csv`` and ``validation.csv``: a row a step, a column a loss.

    Args:
        folder: the run's checkpoint folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, dict[int, dict[str, str]]] = {name: {} for name in _LOSSES}

    def start(self, step: int) -> None:
        """Go on after a step: later rows, which an interrupted run has left, are forgotten; 0 forgets everything."""
        for name in _LOSSES:
            path = self._folder / f"{name}.csv"
            text = path.read_text(encoding="utf-8") if step and path.is_file() else ""
            self._rows[name] = {
                int(row["step"]): row for row in csv.DictReader(io.StringIO(text)) if int(row["step"]) <= step
            }

    def add(self, metrics: Mapping[str, float], step: int) -> None:
        """Take the losses among the metrics of a step."""
        for name, prefix in _LOSSES.items():
            losses = {key.removeprefix(prefix): value for key, value in metrics.items() if key.startswith(prefix)}
            if _SCORE in metrics and name == "validation":
                losses["score"] = metrics[_SCORE]
            if losses:
                row = {key: f"{value:.6g}" for key, value in losses.items()}
                self._rows[name][step] = self._rows[name].get(step, {}) | {"step": str(step)} | row
                self._write(name)

    def _write(self, name: str) -> None:
        rows = [row for _, row in sorted(self._rows[name].items())]
        columns = ["step", *sorted({key for row in rows for key in row} - {"step"})]
        stream = io.StringIO()
        writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
        write_text(self._folder / f"{name}.csv", stream.getvalue())
