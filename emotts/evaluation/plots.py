"""Figures of an evaluation, drawn from arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from emotts.emotions.emotion_set import BASE_EMOTIONS
from emotts.plotting import new_figure

__all__ = [
    "contour_figure",
    "empty_figure",
    "intensity_figure",
    "prosody_figure",
]

EMOTION_COLOURS = ("#7f7f7f", "#e8a33d", "#3b76af", "#c0392b", "#6c4f9c", "#2e9e8f", "#4f7a28")
OTHER_COLOURS = ("#b5651d", "#d4649c", "#17becf", "#333333")
F0_TICKS_HZ = (60, 70, 80, 90, 100, 120, 140, 160, 180, 200, 225, 250, 280, 320, 360, 400, 450, 500, 600, 700)
_LEGEND_COLUMNS = 7
VOICE_COLOUR, REFERENCE_COLOUR = "#c0562b", "#9aa5b1"

Numbers = npt.NDArray[np.floating]


def prosody_figure(
    voice: Mapping[str, Mapping[str, float]],
    reference: Mapping[str, Mapping[str, float]],
    *,
    units: Mapping[str, str],
    title: str,
) -> Figure:
    """Draw bars per emotion, voice beside reference, in one panel a measure.

    ``voice`` and ``reference`` go from emotion to measure to value; ``units`` from measure to the label of its axis.
    """
    emotions = [*voice, *(name for name in reference if name not in voice)]
    figure, axes = new_figure(title, columns=2, rows=-(-len(units) // 2), height=2.5 * -(-len(units) // 2) + 0.6)
    places = np.arange(len(emotions))
    for axis, (measure, label) in zip(axes, units.items(), strict=False):
        for shift, table, name, colour in (
            (-0.2, voice, "voice", VOICE_COLOUR),
            (0.2, reference, "reference", REFERENCE_COLOUR),
        ):
            values = [table.get(emotion, {}).get(measure, np.nan) for emotion in emotions]
            bars = axis.bar(places + shift, values, 0.38, label=name, color=colour)
            axis.bar_label(bars, [f"{value:.3g}" if np.isfinite(value) else "" for value in values], fontsize=8)
        axis.margins(y=0.18)
        axis.set_xticks(places, emotions, fontsize=8)
        axis.set_ylabel(label, fontsize=9)
    for axis in axes[len(units) :]:
        axis.set_visible(False)
    _legend(figure, axes[0])
    return figure


def contour_figure(contours: Mapping[str, tuple[Numbers, Numbers]], *, title: str) -> Figure:
    """Draw F0 over time of one sentence; ``contours`` goes from emotion to times in s and Hz (NaN: unvoiced)."""
    figure, (axis,) = new_figure(title, height=5.0)
    for emotion, (times_s, f0_hz) in contours.items():
        axis.plot(times_s, f0_hz, label=emotion, color=_colour(emotion, list(contours)), linewidth=2)
    axis.set_yscale("log", base=2)
    axis.set_yticks(F0_TICKS_HZ, [str(hz) for hz in F0_TICKS_HZ])
    voiced = np.concatenate([f0_hz[np.isfinite(f0_hz)] for _, f0_hz in contours.values()] or [np.zeros(0)])
    if voiced.size:
        axis.set_ylim(voiced.min() * 0.95, voiced.max() * 1.05)
    axis.set_xlabel("time from the start of speech (s)")
    axis.set_ylabel("F0 (Hz, an octave is always as high)")
    axis.grid(which="both", alpha=0.25)
    _legend(figure, axis)
    return figure


def intensity_figure(
    means: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    intensities: Sequence[float],
    labels: Mapping[str, str],
    title: str,
) -> Figure:
    """Draw a panel a measure, in it a line an emotion over intensities; ``labels`` are those of the axes."""
    figure, axes = new_figure(title, columns=2, rows=-(-len(means) // 2), height=3.0 * -(-len(means) // 2) + 0.6)
    for axis, (measure, curves) in zip(axes, means.items(), strict=False):
        for emotion, values in curves.items():
            axis.plot(intensities, values, label=emotion, color=_colour(emotion, list(curves)), marker="o", linewidth=2)
        axis.axvline(1.0, color="#bbbbbb", linewidth=1, zorder=0)
        axis.set_xticks(intensities)
        axis.set_xlabel("intensity (1: as recorded)")
        axis.set_ylabel(labels[measure], fontsize=9)
        axis.grid(alpha=0.25)
    for axis in axes[len(means) :]:
        axis.set_visible(False)
    _legend(figure, axes[0])
    return figure


def empty_figure(title: str, *, note: str) -> Figure:
    """Draw nothing but a note that says why there is nothing to see."""
    figure, (axis,) = new_figure(title, height=2.5)
    axis.set_axis_off()
    axis.text(0.5, 0.5, note, ha="center", va="center", transform=axis.transAxes)
    return figure


def _legend(figure: Figure, axis: Axes) -> None:
    """Write below all panels what the lines or bars of one of them are: there nothing is hidden by it."""
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, fontsize=9, ncols=min(len(labels), _LEGEND_COLUMNS), loc="outside lower center")


def _colour(emotion: str, shown: Sequence[str]) -> str:
    if emotion in BASE_EMOTIONS:
        return EMOTION_COLOURS[BASE_EMOTIONS.index(emotion)]
    extra = [name for name in shown if name not in BASE_EMOTIONS]
    return OTHER_COLOURS[extra.index(emotion) % len(OTHER_COLOURS)]
