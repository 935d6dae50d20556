"""Reading what an evaluation wrote of its clips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from emotts.comparison.clips import read_clips
from emotts.errors import CorpusError
from emotts.evaluation.intelligibility import Transcript, write_transcripts
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips

SAMPLES = np.sin(np.arange(800) / 10).astype(np.float32)


def clip(text: str, emotion: str, *, own: bool, heard: str, problem: str | None = None, sentence: int = 0) -> Clip:
    task = Task(sentence, text, emotion, own=own, shared=False)
    return Clip(task, SAMPLES, 8000, problem, heard, 0.25, None, second_heard={"prosody": "happy"})


def test_what_an_evaluation_saved(tmp_path: Path) -> None:
    saved = [
        replace(clip("하나", "sad", own=True, heard="sad"), mcd_db=3.14159),
        clip("하나", "happy", own=False, heard="sad"),
        clip("둘", "sad", own=True, heard="unusable", problem="silent", sentence=1),
        clip("하나", "sad", own=True, heard="happy", sentence=2),
    ]
    save_clips(saved, tmp_path)
    clips = read_clips(tmp_path)
    assert [each.key for each in clips] == [
        ("하나", "sad", 0),
        ("하나", "happy", 0),
        ("둘", "sad", 0),
        ("하나", "sad", 1),
    ]
    assert [each.heard for each in clips] == ["sad", "sad", "unusable", "happy"]
    assert [each.own for each in clips] == [True, False, True, True]
    assert [each.shared for each in clips] == [True, True, False, True]
    assert clips[0].heard_by == {"prosody": "happy"}
    assert clips[0].probability == 0.25
    assert [each.mcd_db for each in clips] == [3.1416, None, None, None]
    assert clips[2].sound is None
    assert all(each.sound.is_file() for each in clips if each.sound is not None)
    assert len({each.sound for each in clips}) == 4


def test_what_a_recogniser_heard(tmp_path: Path) -> None:
    save_clips([clip("하나", "sad", own=True, heard="sad"), clip("하나", "happy", own=False, heard="sad")], tmp_path)
    transcripts = [
        Transcript("하나", "하나도", "sad", False, 1, 2),
        Transcript("하나", "둘", "sad", True, 2, 2),
    ]
    write_transcripts(tmp_path / "transcripts.json", transcripts)
    own, other = read_clips(tmp_path, transcripts=tmp_path / "transcripts.json")
    assert (own.edits, own.length) == (1, 2)
    assert (other.edits, other.length) == (0, 0)
    (tmp_path / "transcripts.json").write_text("[{}]", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"transcripts\.json: not the clips"):
        read_clips(tmp_path, transcripts=tmp_path / "transcripts.json")


@pytest.mark.parametrize("text", ["[", "[{}]", "{}[", '[{"text": 1}]', "3"])
def test_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "samples.json").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"samples\.json: not the clips[\s\S]*dvc repro --force evaluate"):
        read_clips(tmp_path)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="not the clips"):
        read_clips(tmp_path)
