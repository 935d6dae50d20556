"""The confusion matrix of a classifier as a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from emotts.plotting import new_figure

__all__ = ["confusion_figure"]

LIGHT_OR_DARK = 0.55

Numbers = npt.NDArray[np.floating]


def confusion_figure(
    matrices: Mapping[str, Numbers], *, emotions: Sequence[str], title: str, heard: Sequence[str] | None = None
) -> Figure:
    """Draw one or two matrices (true, heard) side by side; a cell holds its count and its fraction of the row.

    ``matrices`` goes from subtitle to counts, whole or averaged; ``heard`` names the columns (``emotions``).
    """
    columns = list(heard or emotions)
    figure, axes = new_figure(title, columns=len(matrices), height=2.2 + 0.62 * max(4, len(emotions)))
    for axis, (subtitle, matrix) in zip(axes, matrices.items(), strict=True):
        fraction = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1e-9)
        axis.imshow(fraction, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for (row, column), count in np.ndenumerate(matrix):
            label = f"{count:.0f}" if float(count).is_integer() else f"{count:.1f}"
            label += f"\n{fraction[row, column]:.0%}" if matrix[row].sum() else ""
            colour = "white" if fraction[row, column] > LIGHT_OR_DARK else "black"
            axis.text(column, row, label, ha="center", va="center", color=colour, fontsize=10)
        axis.set_xticks(range(len(columns)), columns, rotation=35, ha="right")
        axis.set_yticks(range(len(emotions)), list(emotions))
        axis.set_title(subtitle, fontsize=11)
        axis.set_xlabel("heard by the classifier")
    axes[0].set_ylabel("meant by the speaker")
    return figure
