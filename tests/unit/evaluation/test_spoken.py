"""The clips of an evaluation on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips

LONG = "내일은 전국이 대체로 맑겠고, 낮 최고 기온은 평년보다 조금 높겠습니다."


def saved(folder: Path, pairs: list[tuple[str, str]]) -> list[str]:
    """Save clips of (text, emotion) and return their files in order of name."""
    tasks = [Task(number, text, emotion, own=True, shared=False) for number, (text, emotion) in enumerate(pairs)]
    sound = np.full(800, 0.25, np.float32)
    save_clips([Clip(task, sound, 8000, None, "sad", 0.5, None) for task in tasks], folder)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.wav"))


def test_a_sentence_has_the_same_path_in_every_evaluation(tmp_path: Path) -> None:
    first = saved(tmp_path / "one", [(LONG, "sad"), ("네?!", "happy")])
    assert first == ["happy/네-2429b0a5.wav", "sad/내일은_전국이_대체로_맑겠고_낮_최고_기온은-a003005e.wav"]
    second = saved(tmp_path / "two", [("앞에", "happy"), ("네?!", "happy"), (LONG, "sad")])
    assert set(first) < set(second)


def test_names_are_safe_and_unique(tmp_path: Path) -> None:
    found = saved(tmp_path, [("../a/b", "sad"), (". . .", "sad"), ("a b", "sad"), ("a-b", "sad"), ("a b", "sad")])
    assert len(found) == len(set(found)) == 5
    assert [name.split("/")[0] for name in found] == ["sad"] * 5
    assert sum(name.endswith("-2.wav") for name in found) == 1
