"""Quality over clips and by emotion; what is broken has the lowest, and only sentences in their own emotion count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from emotts.evaluation.comparison.clip_values import clip_values
from emotts.evaluation.comparison.clips import read_clips
from emotts.evaluation.plan import Task
from emotts.evaluation.quality import quality_metrics, with_quality
from emotts.evaluation.report_quality import quality_section
from emotts.evaluation.spoken import Clip, save_clips
from emotts.evaluation.summary import quality_summary

SOUND = np.full(800, 0.25, np.float32)


class ByPeak:
    """Rates a clip by its largest sample."""

    def rate(self, samples: np.ndarray, sample_rate_hz: int) -> float:
        assert sample_rate_hz == 8000
        return 1 + 4 * float(np.abs(samples).max())


def clip(emotion: str, quality: float | None = None, *, own: bool = True, problem: str | None = None) -> Clip:
    task = Task(0, "네.", emotion, own=own, shared=not own)
    return Clip(task, SOUND, 8000, problem, emotion, 0.5, None, quality=quality)


def test_only_sentences_in_their_own_emotion_are_rated() -> None:
    noted: list[tuple[int, int, str]] = []
    clips = [clip("sad"), clip("happy", own=False), clip("sad", problem="silent")]
    rated = with_quality(clips, ByPeak(), progress=lambda done, total, note: noted.append((done, total, note)))
    assert [each.quality for each in rated] == [2.0, None, 1.0]
    assert noted == [(1, 3, "rating the voice"), (2, 3, "rating the voice"), (3, 3, "rating the voice")]


def test_means_over_all_clips_and_by_emotion() -> None:
    voice = [clip("sad", 2.0), clip("sad", 3.0), clip("happy", 4.0), clip("happy", own=False)]
    metrics = quality_metrics(voice, [clip("sad", 4.5)], seed=0)
    assert metrics["quality"] == 3.0
    assert 2.0 <= metrics["quality.low"] < 3.0 < metrics["quality.high"] <= 4.0
    assert (metrics["quality.count"], metrics["quality.sad"], metrics["quality.happy"]) == (3.0, 2.5, 4.0)
    reference = {name: value for name, value in metrics.items() if name.startswith("reference.")}
    ends = dict.fromkeys((f"reference.quality{end}" for end in ("", ".low", ".high", ".sad")), 4.5)
    assert reference == {**ends, "reference.quality.count": 1.0}
    assert quality_metrics([clip("sad")], [], seed=0) == {}


def test_a_clip_keeps_its_quality_for_comparisons(tmp_path: Path) -> None:
    saved = [clip("sad", 2.25), replace(clip("sad", 3.0), task=Task(1, "가자.", "sad", own=True, shared=False))]
    save_clips([*saved, clip("happy", own=False)], tmp_path)
    clips = read_clips(tmp_path)
    assert [each.quality for each in clips] == [2.25, 3.0, None]
    values = clip_values("quality.sad", clips)
    assert values is not None
    assert values.parts == {"": {("네.", "sad", 0): (2.25, 1.0), ("가자.", "sad", 0): (3.0, 1.0)}}
    assert clip_values("quality.happy", clips) is None


def test_the_report_has_a_table_or_says_how_to_get_one() -> None:
    metrics = quality_metrics([clip("sad", 2.5)], [clip("sad", 3.25)], seed=0)
    section = "\n".join(quality_section(metrics, ("sad", "happy"), said=["> synthetic"]))
    assert "> synthetic" in section
    assert "| voice | 2.50 | 2.50 – 2.50 | 1 | 2.50 | – |" in section
    assert "| reference speech | 3.25 | 3.25 – 3.25 | 1 | 3.25 | – |" in section
    assert "pip install 'emotts[quality]'" in "\n".join(quality_section({}, ("sad",), said=[]))


@pytest.mark.parametrize(("ours", "end"), [(3.0, "as natural as the recording."), (2.5, "**less natural than")])
def test_the_summary_compares_with_the_recording(ours: float, end: str) -> None:
    line = quality_summary({"quality": ours, "reference.quality": 3.25})
    assert line.startswith(f"Its predicted quality is {ours} of 5, that of reference speech 3.2: {end}")
    assert quality_summary({"quality": ours}) == f"Its predicted quality is {ours} of 5."
