"""The data report, with a project's settings and without."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support.data_report import good_folder
from support.places import REPOSITORY
from support.tone_bursts import SENTENCES, write_bursts

from emotts.corpus.lists import CorpusItem, MetadataItem, write_list, write_metadata
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import ConfigError, CorpusError
from emotts.paths import find_root
from emotts.settings import default_params, load_params
from emotts.settings.editing import set_source
from emotts.text.symbols import SYMBOLS
from emotts.workflows.data_check import check, check_settings

ORIGINAL = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("params.yaml", "dvc.yaml", "lexicon.tsv"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_data_is_checked_by_the_projects_settings(root: Path) -> None:
    text = ORIGINAL.replace("  join_pause_s: 0.0", "  join_pause_s: 0.8").replace(
        "on_unknown: read", "on_unknown: skip"
    )
    (root / "params.yaml").write_text(text, encoding="utf-8")
    settings = check_settings(load_params(root / "params.yaml"))
    assert settings.segment.join_pause_s == 0.8
    assert settings.corpus.on_unknown == "skip"


def test_layout_and_speaker_of_another_source(root: Path) -> None:
    set_source(root, recording=good_folder(root / "own"), language=None, speaker=None, layout="folders")
    source = root / "clips"
    for number in range(3):
        write_bursts(source / f"{number}.wav", [3.0], pitch_hz=200 + 40 * number)
    speakers = ("mina", "mina", "bora")
    lines = [f"{number}.wav|{name}|KR|{SENTENCES[number]}|happy" for number, name in enumerate(speakers)]
    (source / "metadata.list").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (source / "filelist.txt").write_text("0.wav|안녕하세요.\n", encoding="utf-8")
    (error,) = check(root, source).of("error")
    assert error.what.startswith("several layouts fit")
    errors = check(root, source, layout="melotts").of("error")
    assert errors[0].what.startswith("the source has several speakers")
    report = check(root, source, layout="melotts", speaker="mina")
    assert [row[0] for row in report.tables[0].rows] == ["0.wav", "1.wav"]


def test_outside_of_a_project_the_defaults_are_those_of_params_yaml(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no emotts project here"):
        find_root(tmp_path)
    assert default_params() == load_params(REPOSITORY / "params.yaml")
    write_bursts(tmp_path / "happy" / "take1.wav", [3.0] * 4)
    report = check(tmp_path, tmp_path)
    assert "Pieces (pauses of 1 s below -40 dBFS; 3 to 15 s)" in [table.title for table in report.tables]


@pytest.mark.parametrize(("mode", "severity"), [("read", "warning"), ("error", "error"), ("skip", "warning")])
def test_a_word_that_cannot_be_read(root: Path, mode: str, severity: str) -> None:
    (root / "params.yaml").write_text(ORIGINAL.replace("on_unknown: read", f"on_unknown: {mode}"), encoding="utf-8")
    source = root / "recordings"
    good_folder(source)
    track = source / "happy" / "take1.labels.txt"
    track.write_text(track.read_text(encoding="utf-8").replace(SENTENCES[0], "Жя " + SENTENCES[0]), encoding="utf-8")
    found = [finding for finding in check(root, source).findings if "Ж" in finding.what]
    assert [finding.severity for finding in found] == [severity]
    (root / "lexicon.tsv").write_text("Жя\t쟈\n", encoding="utf-8")
    assert [finding for finding in check(root, source).findings if "Ж" in finding.what] == []


def test_check_of_the_projects_corpus_doubts_a_wrong_label(root: Path) -> None:
    corpus = root / "data" / "corpus"
    phones = ("_", *(["ᄂ", "ᅡ"] * 12), "_")
    tones, word2ph = (0,) * len(phones), (1,) * len(phones)
    items = []
    for number in range(16):
        sounds_happy = number >= 8
        emotion = "happy" if sounds_happy and number != 12 else "neutral"
        item = CorpusItem(f"wavs/{number}.wav", "a", "KR", f"text {number}", phones, tones, word2ph, emotion)
        pitch_hz = (300 if sounds_happy else 150) + 2 * (number % 8)
        write_bursts(corpus / item.wav, [1.0 + 0.05 * (number % 3)] * 2, pitch_hz=pitch_hz)
        items.append(item)
    for side, rows in {"train": items[2:14], "val": [items[0], items[14]], "test": [items[1], items[15]]}.items():
        write_list(corpus / f"{side}.list", rows)
    metadata = [MetadataItem(item.wav, item.speaker, item.language, item.text, item.emotion) for item in items]
    write_metadata(corpus / "metadata.list", metadata)
    emotions = {name: number for number, name in enumerate(EmotionSet().names)}
    config = {"symbols": SYMBOLS, "emotions": emotions, "data": {"sampling_rate": 22050}}
    (corpus / "config.json").write_text(json.dumps(config), encoding="utf-8")
    measured: list[int] = []
    report = check(root, None, progress=lambda done, total, note: measured.append(done))
    assert not report.has_errors, report.findings
    doubted = [finding for finding in report.findings if "sounds like" in finding.what]
    assert [finding.where for finding in doubted] == ["wavs/12.wav"]
    assert "labelled neutral, sounds like happy" in doubted[0].what
    assert measured == list(range(1, 17))


def test_check_of_nothing(root: Path) -> None:
    with pytest.raises(CorpusError, match="there is no corpus yet"):
        check(root, None)
    with pytest.raises(CorpusError, match="nothing is there"):
        check(root, root / "missing.wav")
