"""Reading what an evaluation wrote of its clips."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from emotts.errors import CorpusError
from emotts.evaluation.comparison.clip_values import clip_values
from emotts.evaluation.comparison.clips import read_clips
from emotts.evaluation.intelligibility import Transcript, write_transcripts
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips

SAMPLES = np.sin(np.arange(800) / 10).astype(np.float32)


def clip(text: str, emotion: str, *, own: bool, heard: str, problem: str | None = None, sentence: int = 0) -> Clip:
    task = Task(sentence, text, emotion, own=own, shared=False)
    return Clip(task, SAMPLES, 8000, problem, heard, 0.25, None, auxiliary_heard={"prosody": "happy"})


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


def test_a_loop_of_the_recogniser_is_one_wrong_text(tmp_path: Path) -> None:
    save_clips([clip("하나둘", "sad", own=True, heard="sad")], tmp_path)
    write_transcripts(tmp_path / "transcripts.json", [Transcript("하나둘", "하나" * 20, "sad", False, 38, 3)])
    (found,) = read_clips(tmp_path, transcripts=tmp_path / "transcripts.json")
    assert (found.errors, found.length) == (3, 3)
    values = clip_values("cer", [found])
    assert values is not None
    assert values.parts == {"": {("하나둘", "sad", 0): (1.0, 3.0)}}


def test_what_a_recogniser_heard(tmp_path: Path) -> None:
    save_clips([clip("하나", "sad", own=True, heard="sad"), clip("하나", "happy", own=False, heard="sad")], tmp_path)
    transcripts = [
        Transcript("하나", "하나도", "sad", False, 1, 2),
        Transcript("하나", "둘", "sad", True, 2, 2),
    ]
    write_transcripts(tmp_path / "transcripts.json", transcripts)
    own, other = read_clips(tmp_path, transcripts=tmp_path / "transcripts.json")
    assert (own.errors, own.length) == (1, 2)
    assert (other.errors, other.length) == (0, 0)
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


@pytest.mark.parametrize("name", ["../secret.wav", "/etc/passwd", "link.wav"])
def test_a_clip_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "samples"
    save_clips([clip("하나", "sad", own=True, heard="sad")], folder)
    (tmp_path / "secret.wav").write_bytes(b"secret")
    (folder / "link.wav").symlink_to(tmp_path / "secret.wav")
    path = folder / "samples.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([{**row, "file": name} for row in rows]), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"samples\.json: not the clips[\s\S]*is outside of the folder"):
        read_clips(folder)
