"""The headline metrics, and the results clip by clip."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from emotts.evaluation.clip_table import clip_table
from emotts.evaluation.comparison.metrics import direction
from emotts.evaluation.headline import HEADLINE, SUMMARY, headline, summary
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips


def test_the_headline_metrics_are_few_and_in_order() -> None:
    metrics = {"rtf": 0.5, "emotion_accuracy.sad": 0.25, "cer": 0.125, "emotion_accuracy.balanced": 1.0}
    assert list(headline(metrics).items()) == [("emotion_accuracy.balanced", 1.0), ("cer", 0.125), ("rtf", 0.5)]
    assert list(summary({**metrics, "reference.cer": 0.0}).items()) == [("accuracy", 1.0), ("cer", 0.125)]
    assert len(HEADLINE) == len(set(HEADLINE)) == 18
    undecided = [name for name in HEADLINE if direction(name) == 0]
    assert set(SUMMARY.values()) <= set(HEADLINE)
    assert undecided == [name for name in HEADLINE if name.startswith("reference.")]


def test_a_row_a_clip(tmp_path: Path) -> None:
    sound = np.full(400, 0.25, np.float32)
    clips = [
        Clip(
            Task(0, "네.", "sad", own=True, shared=True), sound, 8000, None, "sad", 0.75, None, mcd_db=6.5, quality=3.5
        ),
        Clip(Task(0, "네.", "happy", own=False, shared=True), sound, 8000, "silent", "unusable", 0.0, None),
    ]
    save_clips(clips, tmp_path / "samples")
    heard = [{"text": "네.", "emotion": "sad", "reference": False, "edits": 1, "length": 4}]
    (tmp_path / "transcripts.json").write_text(json.dumps(heard), encoding="utf-8")
    first, second = clip_table(tmp_path)
    path = first.pop("sound")
    assert (tmp_path / str(path)).is_file()
    own = {"own": True, "heard": "sad", "right": True, "probability": 0.75, "cer": 0.25, "mcd_db": 6.5, "quality": 3.5}
    assert first == {"text": "네.", "emotion": "sad", **own}
    other = {
        "own": False,
        "heard": "unusable",
        "right": False,
        "probability": 0.0,
        "cer": None,
        "mcd_db": None,
        "quality": None,
    }
    assert second == {"text": "네.", "emotion": "happy", **other, "sound": None}
