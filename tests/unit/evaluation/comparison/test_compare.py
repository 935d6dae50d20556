"""Runs side by side, on a real store."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.console import Console
from support.run_results import clip, results

from emotts.errors import ConfigError
from emotts.evaluation.comparison.compare import compare_results, read_results
from emotts.evaluation.comparison.tables import comparison_tables
from emotts.evaluation.intelligibility import Transcript, write_transcripts
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips
from emotts.settings.former_names import former_keys
from emotts.tracking import Tracker

CLIP = Clip(
    Task(0, "하나", "sad", own=True, shared=False),
    np.sin(np.arange(800) / 10).astype(np.float32),
    sample_rate_hz=8000,
    problem=None,
    heard="sad",
    probability=0.5,
    prosody=None,
)


def evaluated(root: Path, name: str, heard: str, folder: Path, **tags: str) -> str:
    """Make a run whose voice spoke two sentences sadly, both heard as ``heard``; return its id."""
    place = folder / name / "evaluation" / "samples"
    (place / "sad").mkdir(parents=True)
    rows = []
    for number, text in enumerate(("하나", "둘")):
        soundfile.write(place / f"sad/{number:02d}.wav", np.zeros(80), 8000)
        row = {"file": f"sad/{number:02d}.wav", "text": text, "emotion": "sad", "written_for_this_emotion": True}
        rows.append({**row, "heard": heard, "heard_by_auxiliary": {}, "probability": 0.5, "problem": None})
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
    read = read_results(tracked, [first[:10], "later"], model="emotts", folder=tmp_path / "out", former_keys={})
    comparison = compare_results(read)
    assert [row.name for row in comparison.metrics] == ["emotion_accuracy.balanced", "emotion_accuracy.sad"]
    assert comparison.metrics[0].values == (0.0, 1.0)
    (found,) = comparison.metrics[1].differences
    assert (found.value, found.outcome) == (1.0, "better")
    assert [(row.key, row.values) for row in comparison.settings] == [("train.steps", ("6", "5"))]
    assert [row.key for row in comparison.data] == ["models.emotion_classifier"]
    assert comparison.remarks == (
        "the runs were evaluated by different emotion classifiers: their accuracies differ by that too",
    )
    assert all(clip.classified for each in read for clip in each.clips)
    assert "train/loss/mel" in [row.name for row in compare_results(read, everything=True).metrics]
    with pytest.raises(ConfigError, match="the same run is named twice"):
        read_results(tracked, [first, "before"], model="emotts", folder=tmp_path / "out", former_keys={})


def evaluated_formerly(root: Path, folder: Path) -> None:
    """Make a run as it was made before metrics, settings and fields of its files were renamed."""
    place = folder / "old" / "evaluation" / "samples"
    place.mkdir(parents=True)
    row = {"file": None, "text": "하나", "emotion": "sad", "written_for_this_emotion": True, "heard": "sad"}
    row |= {"heard_by_second_judges": {"prosody": "happy"}, "probability": 0.5, "mcd_db": None, "problem": "silent"}
    (place / "samples.json").write_text(json.dumps([row]), encoding="utf-8")
    heard = {"text": "하나", "heard": "둘", "emotion": "sad", "edits": 2, "length": 2}
    rows = [{**heard, "real": False}, {**heard, "edits": 0, "heard": "하나", "real": True}]
    (place.parent / "transcripts.json").write_text(json.dumps(rows), encoding="utf-8")
    with Tracker(root, experiment="voices", name="old") as tracker:
        tracker.metrics({"emotion_accuracy.sad": 1.0, "judge.prosody.emotion_accuracy.balanced": 0.0})
        tracker.metrics({"cer": 1.0, "cer.over_real": 1.0, "real.cer": 0.0, "real.emotion_accuracy.sad": 1.0})
        tracker.params({"train.clip_norm": 5.0, "train.steps": 6, "segment.max_reject_share": 0.5})
        tracker.params({"evaluate.speaker_judge": "none"})
        tracker.folder(place.parent, "evaluation")


def test_a_run_of_before_the_renaming_beside_a_new_one(tracked: Path, tmp_path: Path) -> None:
    evaluated_formerly(tracked, tmp_path)
    save_clips([replace(CLIP, auxiliary_heard={"prosody": "sad"})], tmp_path / "new/evaluation/samples")
    transcripts = [Transcript("하나", "하나", "sad", reference, 0, 2) for reference in (False, True)]
    write_transcripts(tmp_path / "new/evaluation/transcripts.json", transcripts)
    with Tracker(tracked, experiment="voices", name="new") as tracker:
        tracker.metrics({"emotion_accuracy.sad": 1.0, "auxiliary.prosody.emotion_accuracy.balanced": 1.0})
        tracker.metrics({"cer": 0.0, "cer.over_reference": 0.0, "reference.cer": 0.0})
        tracker.metrics({"reference.emotion_accuracy.sad": 1.0})
        tracker.params({"train.max_grad_norm": 5.0, "train.steps": 7, "segment.max_reject_fraction": 0.5})
        tracker.params({"evaluate.speaker_encoder": "none"})
        tracker.folder(tmp_path / "new/evaluation", "evaluation")
    read = read_results(tracked, ["old", "new"], model="emotts", folder=tmp_path / "out", former_keys=former_keys())
    comparison = compare_results(read, everything=True)
    rows = {row.name: row for row in comparison.metrics}
    assert {name: row.values for name, row in rows.items()} == {
        "emotion_accuracy.sad": (1.0, 1.0),
        "auxiliary.prosody.emotion_accuracy.balanced": (0.0, 1.0),
        "cer": (1.0, 0.0),
        "cer.over_reference": (1.0, 0.0),
        "reference.cer": (0.0, 0.0),
        "reference.emotion_accuracy.sad": (1.0, 1.0),
    }
    (heard,) = rows["auxiliary.prosody.emotion_accuracy.balanced"].differences
    assert heard is not None
    assert heard.low is not None, "the old run's clips tell what its auxiliary classifiers heard"
    (misheard,) = rows["cer"].differences
    assert misheard is not None
    assert (misheard.value, misheard.outcome) == (-1.0, "better")
    assert [(row.key, row.values) for row in comparison.settings] == [("train.steps", ("6", "7"))]


def test_what_to_keep_in_mind() -> None:
    one, other = clip("하나", "sad", "sad"), clip("둘", "sad", "sad")
    remarks = compare_results([results({}, [one]), results({}, [one, other], name="two"), results({}, name="three")])
    assert [remark.split(" (")[0] for remark in remarks.remarks] == ["three", "two"]
    assert "holds no spoken clips: its metrics have no confidence" in remarks.remarks[0]
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
