"""Pictures: what is written on them, their size, and that a bad one leaves nothing behind."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from matplotlib.figure import Figure

from emotts.emotions.emotion_set import BASE_EMOTIONS
from emotts.evaluation.plots import contour_figure, empty_figure, intensity_figure, prosody_figure
from emotts.plotting import save_figure
from emotts.recognition.plots import confusion_figure
from emotts.training.plots import alignment_figure, mel_figure

EMOTIONS = ("neutral", "happy", "sad", "angry")


def texts(figure):
    return [text.get_text() for axis in figure.axes for text in axis.texts]


def every_figure():
    random = np.random.default_rng(0)
    table = {name: {"f0_mean_hz": 200.0 + place, "rate": math.nan} for place, name in enumerate(EMOTIONS)}
    time_s = np.linspace(0, 2, 200)
    f0_hz = np.where(time_s % 0.5 < 0.4, 200 + 30 * np.sin(time_s), np.nan)
    return {
        "confusion": confusion_figure(
            {"voice": np.eye(4) * 5 + 1, "reference": np.eye(4) * 3.5}, emotions=EMOTIONS, title="What was heard"
        ),
        "prosody": prosody_figure(
            table, table, units={"f0_mean_hz": "mean F0 (Hz)", "rate": "rate (phones/s)"}, title="Prosody"
        ),
        "contour": contour_figure(
            {name: (time_s, f0_hz * (1 + place / 5)) for place, name in enumerate((*EMOTIONS, "bored"))}, title="F0"
        ),
        "alignment": alignment_figure(np.repeat(np.eye(30), 4, axis=0), title="Alignment", tokens=list("abcde" * 6)),
        "mel": mel_figure(
            random.normal(size=(80, 200)), random.normal(size=(80, 230)), title="Mel", seconds_per_frame=0.0116
        ),
        "intensity": intensity_figure(
            {"rate": {"happy": [0.0, 0.5, math.nan], "bored": [0.0, 0.1, 0.2]}},
            intensities=(0.0, 1.0, 1.5),
            labels={"rate": "tempo"},
            title="Intensity",
        ),
    }


@pytest.mark.parametrize("name", ["confusion", "prosody", "contour", "alignment", "mel", "intensity"])
def test_every_picture_has_title_labels_and_size(tmp_path, name):
    figure = every_figure()[name]
    assert isinstance(figure, Figure)
    assert figure.get_suptitle()
    assert any(axis.get_xlabel() for axis in figure.axes) or name == "prosody"
    assert any(axis.get_ylabel() for axis in figure.axes)
    path = tmp_path / "pictures" / f"{name}.png"
    save_figure(figure, path)
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    assert width == 1100
    assert 300 < height < 1200
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("n_emotions", [1, 4, 7])
def test_legends_hide_nothing(n_emotions):
    emotions = BASE_EMOTIONS[:n_emotions]
    times_s = np.linspace(0, 2, 50)
    table = {name: {"rate": 10.0} for name in emotions}
    curves = {"rate": {name: [0.0, 1.0, 2.0] for name in emotions}}
    title = "A title that is as long as the longest one of all pictures"
    for figure in (
        contour_figure(dict.fromkeys(emotions, (times_s, 200 + times_s)), title=title),
        intensity_figure(curves, intensities=(0.0, 1.0, 1.5), labels={"rate": "tempo"}, title=title),
        prosody_figure(table, table, units={"rate": "rate (phones/s)"}, title=title),
    ):
        figure.canvas.draw()
        (legend,) = figure.legends
        box = legend.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert not box.overlaps(figure._suptitle.get_window_extent())
        assert not any(box.overlaps(axis.get_tightbbox()) for axis in figure.axes if axis.get_visible())


def test_a_picture_of_nothing_says_why():
    figure = empty_figure("Intensity", note="no sentence was spoken")
    assert (figure.get_suptitle(), texts(figure)) == ("Intensity", ["no sentence was spoken"])


def test_cells_hold_counts_and_fractions():
    figure = confusion_figure({"reference": np.array([[3.0, 1.0], [0.0, 2.5]])}, emotions=("happy", "sad"), title="t")
    assert texts(figure) == ["3\n75%", "1\n25%", "0\n0%", "2.5\n100%"]


def test_a_column_more_for_what_was_not_usable():
    figure = confusion_figure(
        {"voice": np.array([[3.0, 1.0, 2.0], [0.0, 2.0, 0.0]])},
        emotions=("happy", "sad"),
        heard=("happy", "sad", "unusable"),
        title="t",
    )
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["happy", "sad", "unusable"]


def test_an_emotion_without_clips_has_no_fraction():
    figure = confusion_figure({"reference": np.array([[2.0, 0.0], [0.0, 0.0]])}, emotions=("happy", "sad"), title="t")
    assert texts(figure) == ["2\n100%", "0\n0%", "0", "0"]


def test_bars_of_what_does_not_exist_are_left_out():
    figure = every_figure()["prosody"]
    values, rates = (axis.texts for axis in figure.axes[:2])
    assert [text.get_text() for text in values] == ["200", "201", "202", "203"] * 2
    assert {text.get_text() for text in rates} == {""}


def test_both_mels_share_colours_and_time():
    axes = every_figure()["mel"].axes
    first, second = axes[0].images[0], axes[1].images[0]
    assert first.get_clim() == second.get_clim()
    assert axes[0].get_xlim() == axes[1].get_xlim() == (0, 230 * 0.0116)


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path):
    figure = contour_figure({}, title="t")
    (tmp_path / "busy.png").mkdir()
    (tmp_path / "busy.png" / "x").touch()
    with pytest.raises(OSError):
        save_figure(figure, tmp_path / "busy.png")
    assert [entry.name for entry in tmp_path.iterdir()] == ["busy.png"]
