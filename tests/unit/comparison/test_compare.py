"""Runs side by side, on a real store."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.console import Console
from support.run_results import clip, results

from emotts.comparison.compare import compare_results, read_results
from emotts.comparison.tables import comparison_tables
from emotts.errors import ConfigError
from emotts.tracking import Tracker


def evaluated(root: Path, name: str, heard: str, folder: Path, **tags: str) -> str:
    """Make a run whose voice spoke two sentences sadly, both heard as ``heard``; return its id."""
    place = folder / name / "evaluation" / "samples"
    (place / "sad").mkdir(parents=True)
    rows = []
    for number, text in enumerate(("하나", "둘")):
        soundfile.write(place / f"sad/{number:02d}.wav", np.zeros(80), 8000)
        row = {"file": f"sad/{number:02d}.wav", "text": text, "emotion": "sad", "written_for_this_emotion": True}
        rows.append({**row, "heard": heard, "heard_by_second_judges": {}, "probability": 0.5, "problem": None})
    (place / "samples.json").write_text(json.dumps(rows), encoding="utf-8")
    with Tracker(root, experiment="voices", name=name) as tracker:
        right = float(heard == "sad")
        tracker.metrics({"emotion_accuracy.balanced": right, "emotion_accuracy.sad": right, "train/loss/mel": 2.0})
        tracker.params({"train.steps": len(name)})
        tracker.tags(tags)
        tracker.folder(folder / name / "evaluation", "evaluation")
    return tracker.run_id


def test_two_runs_of_a_store(tracked: Path, tmp_path: Path) -> None:
    first = evaluated(tracked, "before", "happy", tmp_path, **{"models.emotion_classifier": "1"})
    evaluated(tracked, "later", "sad", tmp_path, **{"models.emotion_classifier": "2"})
    read = read_results(tracked, [first[:10], "later"], model="emotts", folder=tmp_path / "out")
    comparison = compare_results(read)
    assert [row.name for row in comparison.figures] == ["emotion_accuracy.balanced", "emotion_accuracy.sad"]
    assert comparison.figures[0].values == (0.0, 1.0)
    (found,) = comparison.figures[1].differences
    assert (found.value, found.verdict) == (1.0, "better")
    assert [(row.key, row.values) for row in comparison.settings] == [("train.steps", ("6", "5"))]
    assert [row.key for row in comparison.data] == ["models.emotion_classifier"]
    assert comparison.remarks == (
        "the runs were judged by different emotion classifiers: their accuracies differ by that too",
    )
    assert all(clip.judged for each in read for clip in each.clips)
    assert "train/loss/mel" in [row.name for row in compare_results(read, everything=True).figures]
    with pytest.raises(ConfigError, match="the same run is named twice"):
        read_results(tracked, [first, "before"], model="emotts", folder=tmp_path / "out")


def test_what_to_keep_in_mind() -> None:
    one, other = clip("하나", "sad", "sad"), clip("둘", "sad", "sad")
    remarks = compare_results([results({}, [one]), results({}, [one, other], name="two"), results({}, name="three")])
    assert [remark.split(" (")[0] for remark in remarks.remarks] == ["three", "two"]
    assert "holds no spoken clips: its figures have no confidence" in remarks.remarks[0]
    assert remarks.remarks[1].endswith("1 of 1 and 2 clips are the same")


def test_the_tables_on_the_terminal() -> None:
    name = "emotion_accuracy.sad"
    texts = [f"text {number}" for number in range(30)]
    first = results({name: 0.0, "rtf": 0.25}, [clip(text, "sad", "[happy]") for text in texts], name="[one]")
    second = results({name: 1.0}, [clip(text, "sad", "sad") for text in texts], name="two")
    console = Console(width=200, record=True, file=io.StringIO())
    for table in comparison_tables(compare_results([first, second])):
        console.print(table)
    shown = console.export_text()
    assert "emotion_accuracy.sad" in shown
    assert "+1.000 [+0.839, +1.000] better" in shown
    assert "[one] (" in shown
    rows = [line.replace("│", "").split() for line in shown.splitlines() if "rtf" in line]
    assert rows == [["rtf", "0.250", "-"]]
