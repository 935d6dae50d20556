"""The tables that DVC draws an evaluation from."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emotts.evaluation.plan import Task
from emotts.evaluation.plot_data import write_plot_data
from emotts.evaluation.spoken import Clip


def test_confusion_and_prosody(tmp_path: Path) -> None:
    sound = np.zeros(4, np.float32)
    pairs = (("sad", "sad"), ("sad", "happy"), ("wistful", "sad"), ("happy", "unusable"))
    clips = [
        Clip(Task(number, "네.", meant, own=True, shared=False), sound, 8000, None, heard, 0.5, None)
        for number, (meant, heard) in enumerate(pairs)
    ]
    metrics = {"prosody.sad.f0_mean_hz.ratio": 1.25, "prosody.happy.f0_mean_hz": 200.0, "prosody.sad.energy_db": 3.0}
    write_plot_data(clips, metrics, emotions=("happy", "sad"), out=tmp_path)
    confusion = (tmp_path / "confusion.csv").read_text(encoding="utf-8").splitlines()
    assert confusion == ["meant,heard", "sad,sad", "sad,happy", "happy,unusable"]
    assert (tmp_path / "prosody.csv").read_text(encoding="utf-8") == "measure,ratio\nsad f0_mean_hz,1.2500\n"
