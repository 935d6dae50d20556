"""Pictures: arrays in, matplotlib figures out, without a window or any state of pyplot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from emotts.emotions import BASE_EMOTIONS
from emotts.judges.pictures import confusion_figure, new_figure, save_figure

__all__ = [
    "alignment_figure",
    "confusion_figure",
    "contour_figure",
    "curves_figure",
    "intensity_figure",
    "mel_figure",
    "prosody_figure",
    "save_figure",
]

EMOTION_COLOURS = ("#7f7f7f", "#e8a33d", "#3b76af", "#c0392b", "#6c4f9c", "#2e9e8f", "#4f7a28")
OTHER_COLOURS = ("#b5651d", "#d4649c", "#17becf", "#333333")
F0_TICKS_HZ = (60, 70, 80, 90, 100, 120, 140, 160, 180, 200, 225, 250, 280, 320, 360, 400, 450, 500, 600, 700)
VOICE_COLOUR, REAL_COLOUR = "#c0562b", "#9aa5b1"

Numbers = npt.NDArray[np.floating]


def prosody_figure(
    voice: Mapping[str, Mapping[str, float]],
    real: Mapping[str, Mapping[str, float]],
    *,
    units: Mapping[str, str],
    title: str,
) -> Figure:
    """Draw bars per emotion, voice beside real, in one panel a measure.

    ``voice`` and ``real`` go from emotion to measure to value; ``units`` from measure to the label of its axis.
    """
    emotions = [*voice, *(name for name in real if name not in voice)]
    figure, axes = new_figure(title, columns=2, rows=-(-len(units) // 2), height=2.5 * -(-len(units) // 2) + 0.6)
    places = np.arange(len(emotions))
    for axis, (measure, label) in zip(axes, units.items(), strict=False):
        for shift, table, name, colour in ((-0.2, voice, "voice", VOICE_COLOUR), (0.2, real, "real", REAL_COLOUR)):
            values = [table.get(emotion, {}).get(measure, np.nan) for emotion in emotions]
            bars = axis.bar(places + shift, values, 0.38, label=name, color=colour)
            axis.bar_label(bars, [f"{value:.3g}" if np.isfinite(value) else "" for value in values], fontsize=8)
        axis.margins(y=0.18)
        axis.set_xticks(places, emotions)
        axis.set_ylabel(label, fontsize=9)
    for axis in axes[len(units) :]:
        axis.set_visible(False)
    figure.legend(*axes[0].get_legend_handles_labels(), fontsize=9, ncols=2, loc="outside upper right")
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
    if contours:
        axis.legend()
    return figure


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


def curves_figure(curves: Mapping[str, tuple[Sequence[float], Sequence[float]]], *, title: str, value: str) -> Figure:
    """Draw learning curves; ``curves`` goes from name to steps and values, ``value`` labels the axis."""
    figure, (axis,) = new_figure(title, height=5.0)
    for name, (steps, values) in curves.items():
        axis.plot(list(steps), list(values), label=name, linewidth=1.6, marker="o" if len(steps) < 30 else None)
    axis.set_xlabel("step")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_ylabel(value)
    axis.grid(alpha=0.3)
    if curves:
        axis.legend()
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
    figure.legend(*axes[0].get_legend_handles_labels(), fontsize=9, ncols=4, loc="outside upper right")
    return figure


def _colour(emotion: str, shown: Sequence[str]) -> str:
    if emotion in BASE_EMOTIONS:
        return EMOTION_COLOURS[BASE_EMOTIONS.index(emotion)]
    extra = [name for name in shown if name not in BASE_EMOTIONS]
    return OTHER_COLOURS[extra.index(emotion) % len(OTHER_COLOURS)]
