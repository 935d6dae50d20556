"""Japanese and English recordings through the stages from recording to corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.project import lay_out
from support.tone_bursts import write_bursts, write_labels

from emotts.corpus.lists import read_list
from emotts.text.encode import encode
from emotts.text.frontend import front_end

LENGTHS_S = (3.2, 3.6, 4.0, 3.4, 3.8)
TEXTS = {
    "JP": {
        "嬉しい": (
            "今日は2026年3月5日です。",
            "とても楽しいですね！",
            "コーヒーを3杯飲みました。",
            "YouTubeを見よう。",
            "一緒に行きましょう！",
        ),
        "悲しい": (
            "雨が降っています。",
            "もう会えないのですか。",
            "手紙は来ませんでした。",
            "午後3時に帰った。",
            "一人で泣いていた。",
        ),
    },
    "EN": {
        "happy": (
            "We won $1.5 million today!",
            "What a lovely morning.",
            "Dr. Smith smiled.",
            "Let's meet at 3:30.",
            "I love it!",
        ),
        "sad": (
            "It is raining again.",
            "Nobody came on March 5th.",
            "He left in 1999.",
            "I read the letter twice.",
            "Goodbye, old friend.",
        ),
    },
}
pytestmark = pytest.mark.slow
FOLDERS = {"JP": "日本語", "EN": "english"}


@pytest.mark.parametrize("language", ["JP", "EN"])
def test_a_recording_becomes_a_corpus(tmp_path: Path, language: str) -> None:
    project = lay_out(tmp_path / "project")
    for place, (emotion, texts) in enumerate(TEXTS[language].items()):
        take = project.folder / "recordings" / FOLDERS[language] / emotion / "take1.wav"
        write_bursts(take, LENGTHS_S, pitch_hz=200.0 + 40.0 * place)
        write_labels(take, LENGTHS_S, texts)
    project.set({"project.language": language})
    for stage in ("recording", "segment", "label", "corpus"):
        done = project.stage(stage)
        assert done.returncode == 0, done.stdout
    corpus = project.folder / "data" / "corpus"
    items = [item for side in ("train", "val", "test") for item in read_list(corpus / f"{side}.list")]
    assert len(items) == 2 * len(LENGTHS_S)
    assert {item.language for item in items} == {language}
    assert {item.emotion for item in items} == {"happy", "sad"}
    reader = front_end(language)
    spoken = [reader.read(text) for texts in TEXTS[language].values() for text in texts]
    expected = {read.normalised_text: read for read in spoken}
    for item in items:
        read = expected.pop(item.text)
        assert (item.phones, item.tones, item.word2ph) == (read.phones, read.tones, read.word2ph)
        assert encode(item.phones, item.tones, language=language).tokens.any()
    assert expected == {}
    written = (corpus / "metadata.list").read_text(encoding="utf-8")
    assert all(text in written for texts in TEXTS[language].values() for text in texts)
    assert json.loads((corpus / "config.json").read_text(encoding="utf-8"))["data"]["spk2id"] == {"tester": 0}
