"""Matplotlib figures without a window or any state of pyplot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from emotts.files import replacing

__all__ = ["new_figure", "pixels", "save_figure"]

WIDTH_INCHES = 10.0
DOTS_PER_INCH = 110


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as a png of about 1100 pixels across, whole or not at all."""
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=DOTS_PER_INCH)


def pixels(figure: Figure) -> npt.NDArray[np.uint8]:
    """Return a figure as (row, column, colour): red, green and blue from 0 to 255, as wide as :func:`save_figure`."""
    figure.set_dpi(DOTS_PER_INCH)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba(), dtype=np.uint8)[..., :3].copy()


def new_figure(title: str, *, rows: int = 1, columns: int = 1, height: float = 5.0) -> tuple[Figure, list[Axes]]:
    """Return an empty figure about 1100 pixels wide, and its axes row by row."""
    figure = Figure(figsize=(WIDTH_INCHES, height), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, columns, squeeze=False)
    figure.suptitle(title, fontsize=13)
    return figure, [axis for row in grid for axis in row]
