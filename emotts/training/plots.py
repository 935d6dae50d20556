"""Plots of a training run: alignments, and recorded and generated mel spectrograms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from emotts.plotting import new_figure

__all__ = ["alignment_figure", "mel_figure"]

Numbers = npt.NDArray[np.floating]


def alignment_figure(alignment: Numbers, *, title: str, tokens: Sequence[str] | None = None) -> Figure:
    """Draw an alignment (frame, token); ``tokens`` names them where there are few enough to read."""
    figure, (axis,) = new_figure(title, height=5.5)
    picture = axis.imshow(alignment.T, origin="lower", aspect="auto", interpolation="none", cmap="viridis", vmin=0)
    figure.colorbar(picture, ax=axis, label="weight", fraction=0.03)
    axis.set_xlabel("spectrogram frame")
    axis.set_ylabel("token")
    if tokens is not None and len(tokens) <= 80:
        axis.set_yticks(range(len(tokens)), list(tokens), fontsize=7)
    return figure


def mel_figure(real: Numbers, generated: Numbers, *, title: str, seconds_per_frame: float) -> Figure:
    """Draw two log mel spectrograms (band, frame), real over generated, in the same colours."""
    figure, axes = new_figure(title, rows=2, height=6.5)
    low, high = np.percentile(real[np.isfinite(real)], [1, 99.8])
    longest_s = max(real.shape[1], generated.shape[1]) * seconds_per_frame
    for axis, mel, name in zip(axes, (real, generated), ("real", "generated"), strict=True):
        end_s = mel.shape[1] * seconds_per_frame
        shown = np.where(np.isfinite(mel), mel, low)
        extent = (0.0, end_s, 0.0, float(mel.shape[0]))
        picture = axis.imshow(shown, origin="lower", aspect="auto", extent=extent, cmap="magma", vmin=low, vmax=high)
        axis.set_xlim(0, longest_s)
        axis.set_ylabel(f"{name}\nmel band")
    axes[-1].set_xlabel("time (s)")
    figure.colorbar(picture, ax=axes, label="log amplitude", fraction=0.03)
    return figure
