"""The data report on a corpus: its clips, lists and configuration."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.data_report import contents, found, report_on
from support.tone_bursts import RATE, write_bursts

from emotts.corpus.lists import CorpusItem, MetadataItem, write_list, write_metadata
from emotts.emotions.emotion_set import EmotionSet
from emotts.text.frontend import FrontEnd
from emotts.text.symbols import SYMBOLS


def corpus_item(number: int, emotion: str, text: str) -> CorpusItem:
    phones = ("_", "ᄀ", "ᅡ", *(["ᄂ", "ᅡ"] * 10), "_")
    return CorpusItem(
        wav=f"wavs/{emotion}_{number}.wav",
        speaker="tester",
        language="KR",
        text=text,
        phones=phones,
        tones=(0,) * len(phones),
        word2ph=(1,) * len(phones),
        emotion=emotion,
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    config = {
        "symbols": list(SYMBOLS),
        "emotions": {name: number for number, name in enumerate(EmotionSet().names)},
        "data": {"sampling_rate": RATE},
    }
    items = [
        corpus_item(number, emotion, f"{emotion} {number}") for emotion in ("neutral", "happy") for number in range(12)
    ]
    for item in items:
        write_bursts(folder / item.wav, [3.0 + 0.1 * (len(item.text) % 3)])
    sides = {"train": items[:10] + items[12:22], "val": items[10:11] + items[22:23], "test": items[11:12] + items[23:]}
    for side, rows in sides.items():
        write_list(folder / f"{side}.list", rows)
    metadata = [MetadataItem(row.wav, row.speaker, row.language, row.text, row.emotion) for row in items]
    write_metadata(folder / "metadata.list", metadata)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def test_good_corpus(corpus: Path, korean: FrontEnd) -> None:
    before = contents(corpus)
    report = report_on(corpus, korean)
    assert not report.has_errors
    assert [finding.what.split(":")[0] for finding in report.of("warning")] == ["2.3 minutes of usable speech"]
    assert report.tables[0].columns == ("split", "happy", "neutral", "all", "minutes")
    assert [row[:4] for row in report.tables[0].rows] == [
        ("train", "10", "10", "20"),
        ("val", "1", "1", "2"),
        ("test", "1", "1", "2"),
    ]
    assert contents(corpus) == before


def test_clips_of_a_corpus(corpus: Path, korean: FrontEnd) -> None:
    wavs = corpus / "wavs"
    (wavs / "happy_0.wav").unlink()
    (wavs / "happy_1.wav").write_text("this is text", encoding="utf-8")
    write_bursts(wavs / "happy_2.wav", [14.0], noise=1e-3)
    soundfile.write(wavs / "happy_3.wav", 0.2 * np.sin(np.arange(2 * RATE)), RATE)
    write_bursts(wavs / "happy_4.wav", [3.0], amplitudes=[1.5])
    write_bursts(wavs / "happy_5.wav", [3.0], noise=0.03)
    write_bursts(wavs / "happy_6.wav", [3.0], amplitudes=[0.02])
    write_bursts(wavs / "happy_7.wav", [3.0], rate=16000)
    write_bursts(wavs / "extra.wav", [3.0])
    report = report_on(corpus, korean)
    assert found(report, "wav is missing, wanted by train.list").where == str(wavs / "happy_0.wav")
    assert found(report, "file is text, not sound").where == str(wavs / "happy_1.wav")
    assert found(report, "too long: 16.80 s").where == "wavs/happy_2.wav"
    assert found(report, "too short: 2.00 s").where == "wavs/happy_3.wav"
    assert found(report, "clipped").where == "wavs/happy_4.wav"
    assert {f.where for f in report.findings if f.what.startswith("noisy")} >= {"wavs/happy_5.wav"}
    assert found(report, "dB quieter than the other happy clips").where == "wavs/happy_6.wav"
    assert found(report, "sample rate 16000 Hz; config.json says 22050 Hz").severity == "error"
    assert "wavs/extra.wav" in found(report, "1 wav in no list").what


def test_lists_of_a_corpus(corpus: Path, korean: FrontEnd) -> None:
    train, val = corpus / "train.list", corpus / "val.list"
    rows = train.read_text(encoding="utf-8").splitlines()
    neutral_row, happy_row = val.read_text(encoding="utf-8").splitlines()
    rows[1] = rows[1].replace("ᄀ", "Q9")
    rows[3] = rows[3].rsplit("|", 1)[0]
    train.write_text("\n".join(rows) + "\n", encoding="utf-8")
    val.write_text(neutral_row.replace("neutral 10", "neutral 0") + "\n", encoding="utf-8")
    report = report_on(corpus, korean)
    assert found(report, "phone 'Q9' is not in the symbol table").where == f"{train}:2"
    assert found(report, "row has another number of fields").where == f"{train}:4"
    assert "'neutral 0'" in found(report, "same text in train and val").what
    assert found(report, "no happy: it cannot be evaluated during training").where == str(val)
    in_no_split = found(report, "3 clips in no split")
    assert "wavs/happy_10.wav" in in_no_split.what
    assert happy_row.startswith("wavs/happy_10.wav|")


def test_emotions_that_differ_between_lists(corpus: Path, korean: FrontEnd) -> None:
    test = corpus / "test.list"
    test.write_text(test.read_text(encoding="utf-8").replace("|happy\n", "|sad\n"), encoding="utf-8")
    report = report_on(corpus, korean)
    assert found(report, "is sad here and happy in metadata.list").where == str(test)
    assert found(report, "no sad to train on").where == str(corpus / "train.list")


def test_corpus_without_configuration(corpus: Path, korean: FrontEnd) -> None:
    (corpus / "config.json").unlink()
    assert found(report_on(corpus, korean), "not a corpus's configuration").where == str(corpus / "config.json")


def test_corpus_with_one_clip_of_an_emotion_says_so(corpus: Path, korean: FrontEnd) -> None:
    train = corpus / "train.list"
    train.write_text(train.read_text(encoding="utf-8").replace("|happy\n", "|sad\n", 4), encoding="utf-8")
    report = report_on(corpus, korean)
    assert found(report, "only 4 utterances of sad").severity == "warning"
    assert found(report, "imbalanced: 12 utterances of neutral, 4 of sad").severity == "note"
