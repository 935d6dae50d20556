"""A corpus of two speakers, from the clips to a voice that speaks as both of them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from support.places import REPOSITORY
from support.prepared import copy_project
from support.project import Project

from emotts import Voice
from emotts.corpus.identity import corpus_speakers
from emotts.corpus.lists import read_list, read_metadata
from emotts.paths import CLASSIFIER
from emotts.recognition.ensemble import EmotionEnsemble
from emotts.serving.pyfunc import VoiceModel

pytestmark = pytest.mark.slow
PER_EMOTION = 6
"""Clips of each of two emotions; every third is bora's, the others are mina's."""
QUICK = {
    "classifier.folds": 2,
    "classifier.repeats": 1,
    "train.steps": 2,
    "train.validate_every": 2,
    "train.sample_every": 2,
    "evaluate.max_sentences": 1,
    "evaluate.intensity_sentences": 0,
    "export.styles": {},
}


@pytest.fixture
def project(bare: Project, tmp_path: Path) -> Project:
    return copy_project(bare, tmp_path / "project")


def write_clips(folder: Path) -> None:
    """Write clips of the demo recording and a table with a speaker for each; one row names no speaker."""
    folder.mkdir()
    table = []
    for take in sorted((REPOSITORY / "emotts/demo/recording").rglob("*.flac"))[1::2]:
        samples, rate = soundfile.read(take, dtype="int16")
        labels = take.with_name(f"{take.stem}.labels.txt").read_text(encoding="utf-8").splitlines()[:PER_EMOTION]
        for number, line in enumerate(labels):
            start, end, text = line.split("\t")
            name = f"{len(table):03}.wav"
            soundfile.write(folder / name, samples[round(float(start) * rate) : round(float(end) * rate)], rate)
            speaker = "bora" if number % 3 == 2 else "mina"
            table.append({"file": name, "text": text, "emotion": take.parent.parent.name, "speaker": speaker})
    soundfile.write(folder / "nobody.wav", samples[:rate], rate)
    with (folder / "clips.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["file", "text", "emotion", "speaker"])
        writer.writeheader()
        writer.writerows([*table, {"file": "nobody.wav", "text": "네.", "emotion": "기쁨", "speaker": ""}])


def test_a_voice_of_all_speakers(project: Project) -> None:
    write_clips(project.folder / "clips")
    done = project.emotts("import", "clips", "--speaker", "all", "--yes")
    assert done.returncode == 0, done.stdout
    assert "no speaker is named" in done.stdout
    project.set(QUICK)
    for stage in ("recording", "segment", "label", "corpus", "bert", "classifier", "train", "evaluate"):
        done = project.stage(stage)
        assert done.returncode == 0, f"{stage}: {done.stdout}"
    corpus = project.folder / "data/corpus"
    assert corpus_speakers(corpus) == {"bora": 0, "mina": 1}
    speakers = [item.speaker for item in read_metadata(corpus / "metadata.list")]
    assert sorted(set(speakers)) == ["bora", "mina"]
    assert speakers.count("mina") > speakers.count("bora")
    assert set(EmotionEnsemble.load(project.folder / CLASSIFIER).main.speakers) == {"bora", "mina"}
    report = (project.folder / "reports/report.md").read_text(encoding="utf-8")
    named = re.search(r"> The voice has several speakers. All of this is about one of them, (\w+)\.", report)
    assert named is not None
    assert named[1] in {item.speaker for item in read_list(corpus / "test.list")}
    voice = Voice.load(project.folder / "models/voice")
    said = [voice.speak("안녕하세요.", emotion="angry", speaker=name, seed=1).samples for name in ("bora", "mina")]
    assert said[0].shape != said[1].shape or not np.array_equal(*said)
    row = {"text": "안녕하세요.", "emotion": "angry", "speaker": "bora"}
    heard = VoiceModel(voice).predict(pd.DataFrame([row, {**row, "speaker": "mina"}]))
    assert heard["wav_base64"].nunique() == 2
