"""Pictures of a judge: arrays in, matplotlib figures out, without a window or any state of pyplot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from emotts.files import replacing

__all__ = ["confusion_figure", "new_figure", "save_figure"]

WIDTH_INCHES = 10.0
DOTS_PER_INCH = 110
LIGHT_OR_DARK = 0.55

Numbers = npt.NDArray[np.floating]


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as a png of about 1100 pixels across, whole or not at all."""
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=DOTS_PER_INCH)


def confusion_figure(
    matrices: Mapping[str, Numbers], *, emotions: Sequence[str], title: str, heard: Sequence[str] | None = None
) -> Figure:
    """Draw one or two matrices (true, heard) side by side; a cell holds its count and its share of the row.

    ``matrices`` goes from subtitle to counts, whole or averaged; ``heard`` names the columns (``emotions``).
    """
    columns = list(heard or emotions)
    figure, axes = new_figure(title, columns=len(matrices), height=2.2 + 0.62 * max(4, len(emotions)))
    for axis, (subtitle, matrix) in zip(axes, matrices.items(), strict=True):
        share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1e-9)
        axis.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for (row, column), count in np.ndenumerate(matrix):
            label = f"{count:.0f}" if float(count).is_integer() else f"{count:.1f}"
            label += f"\n{share[row, column]:.0%}" if matrix[row].sum() else ""
            colour = "white" if share[row, column] > LIGHT_OR_DARK else "black"
            axis.text(column, row, label, ha="center", va="center", color=colour, fontsize=10)
        axis.set_xticks(range(len(columns)), columns, rotation=35, ha="right")
        axis.set_yticks(range(len(emotions)), list(emotions))
        axis.set_title(subtitle, fontsize=11)
        axis.set_xlabel("heard by the classifier")
    axes[0].set_ylabel("meant by the speaker")
    return figure


def new_figure(title: str, *, rows: int = 1, columns: int = 1, height: float = 5.0) -> tuple[Figure, list[Axes]]:
    """Return an empty figure about 1100 pixels wide, and its axes row by row."""
    figure = Figure(figsize=(WIDTH_INCHES, height), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, columns, squeeze=False)
    figure.suptitle(title, fontsize=13)
    return figure, [axis for row in grid for axis in row]
