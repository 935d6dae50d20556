"""A project's folder and settings: found from below, changed in nothing but what was asked for."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.tone_bursts import write_bursts

from emotts import project
from emotts.config import load_params
from emotts.corpus.lists import CorpusItem, MetadataItem, write_list, write_metadata
from emotts.emotions import EmotionSet
from emotts.errors import ConfigError, CorpusError
from emotts.text.symbols import SYMBOLS

REPOSITORY = Path(__file__).parents[2]
ORIGINAL = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_find_root_from_below(root: Path) -> None:
    below = root / "data" / "raw"
    below.mkdir(parents=True)
    assert project.find_root(below) == root.resolve()
    assert project.find_root(root) == root.resolve()


def test_find_root_outside(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(ORIGINAL, encoding="utf-8")
    with pytest.raises(ConfigError, match="no emotts project here"):
        project.find_root(tmp_path)


def test_set_source_changes_its_values_alone(root: Path) -> None:
    (root / "rec").mkdir()
    project.set_source(root, recording=root / "rec", language="KR", speaker="yuna")
    old = "  source: emotts/demo/recording   # a recording"
    new = "  source: rec                     # a recording"
    assert ORIGINAL.count(old) == 1
    assert ORIGINAL.count("  speaker: nezumi           # name") == 1
    wanted = ORIGINAL.replace(old, new).replace(
        "  speaker: nezumi           # name", "  speaker: yuna             # name"
    )
    assert (root / "params.yaml").read_text(encoding="utf-8") == wanted


def test_set_source_with_names_that_need_quotes(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("others") / "내 녹음: #1 'take'"
    outside.mkdir()
    project.set_source(root, recording=outside, language="한국어", speaker="007")
    params = load_params(root / "params.yaml")
    assert params.recording.source == str(outside)
    assert params.recording.speaker == "007"
    assert params.project.language == "KR"
    kept = [line for line in ORIGINAL.splitlines() if not line.strip().startswith(("source:", "speaker:"))]
    changed = (root / "params.yaml").read_text(encoding="utf-8").splitlines()
    assert [line for line in changed if not line.strip().startswith(("source:", "speaker:"))] == kept
    assert "# name of the speaker, without blanks" in "\n".join(changed)


def test_set_source_twice_gives_the_original_back(root: Path) -> None:
    (root / "emotts" / "demo" / "recording").mkdir(parents=True)
    (root / "rec").mkdir()
    project.set_source(root, recording=root / "rec", language=None, speaker="yuna")
    project.set_source(root, recording=root / "emotts/demo/recording", language=None, speaker="nezumi")
    assert (root / "params.yaml").read_text(encoding="utf-8") == ORIGINAL


def test_set_source_without_a_change_does_not_touch_the_file(root: Path) -> None:
    before = (root / "params.yaml").stat()
    project.set_source(root, recording=None, language="KR", speaker="nezumi")
    after = (root / "params.yaml").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"language": "XX"}, CorpusError, "unknown language 'XX'"),
        ({"language": "JP"}, ConfigError, r"params.yaml:\d+: project.language = 'JP'"),
        ({"speaker": "a b"}, ConfigError, r"params.yaml:\d+: recording.speaker = 'a b'"),
        ({"recording": Path("missing.wav")}, CorpusError, "missing.wav: no such recording"),
    ],
)
def test_set_source_refuses(root: Path, changes: dict[str, object], kind: type[Exception], message: str) -> None:
    path = root / "params.yaml"
    before = path.stat()
    with pytest.raises(kind, match=message) as caught:
        project.set_source(root, **{"recording": None, "language": None, "speaker": None, **changes})
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert path.read_text(encoding="utf-8") == ORIGINAL
    if kind is ConfigError:
        assert str(path) in str(caught.value)
    assert sorted(entry.name for entry in root.iterdir()) == ["dvc.yaml", "params.yaml"]


def test_set_source_in_a_file_that_is_not_valid(root: Path) -> None:
    broken = ORIGINAL.replace("  seed: 20", "  sead: 20")
    (root / "params.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean 'seed'"):
        project.set_source(root, recording=None, language=None, speaker="yuna")
    assert (root / "params.yaml").read_text(encoding="utf-8") == broken


# ---- presets

PRESETS = REPOSITORY / "experiments" / "presets"


def test_there_and_back_again(root: Path) -> None:
    changes = project.apply_preset(root, PRESETS / "melotts.yaml")
    full = load_params(root / "params.yaml")
    assert (full.audio.sample_rate_hz, full.model.synthesizer.decoder) == (44100, "hifigan")
    assert (full.model.synthesizer.istft, full.model.multi_resolution) == (None, None)
    assert full.model.synthesizer.hifigan is not None
    assert full.model.synthesizer.hifigan.upsample_rates == [8, 8, 2, 2, 2]
    assert "audio.sample_rate_hz" in {change.key for change in changes}
    assert full.recording == load_params(REPOSITORY / "params.yaml").recording
    assert project.apply_preset(root, PRESETS / "melotts.yaml") == []

    project.apply_preset(root, PRESETS / "compact.yaml")
    text = (root / "params.yaml").read_text(encoding="utf-8")
    assert [line.split() for line in text.splitlines()] == [line.split() for line in ORIGINAL.splitlines()]


def test_the_compact_preset_is_what_params_comes_with(root: Path) -> None:
    assert project.apply_preset(root, PRESETS / "compact.yaml") == []
    assert (root / "params.yaml").read_text(encoding="utf-8") == ORIGINAL


@pytest.mark.parametrize(
    ("preset", "message"),
    [
        ("audio: {win_length: 4096}", r"params.yaml:\d+: audio = .*win_length \(4096\) must not exceed"),
        ("audio: {win_lenght: 4096}", r"preset.yaml:1: unknown key 'audio.win_lenght'"),
        (None, "no such preset"),
    ],
)
def test_a_preset_that_cannot_be_applied(root: Path, tmp_path: Path, preset: str | None, message: str) -> None:
    path = tmp_path / "preset.yaml"
    if preset is not None:
        path.write_text(preset, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        project.apply_preset(root, path)
    assert (root / "params.yaml").read_text(encoding="utf-8") == ORIGINAL


def test_check_settings_of_a_project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert project.check_settings(tmp_path_factory.mktemp("outside")) == project.BUILT_IN
    assert project.check_settings(root) == project.BUILT_IN, "the built-in settings are those of params.yaml"
    text = ORIGINAL.replace("  join_pause_s: 0.0", "  join_pause_s: 0.8")
    (root / "params.yaml").write_text(text.replace("on_unknown: error", "on_unknown: skip"), encoding="utf-8")
    settings = project.check_settings(root)
    assert settings.join_pause_s == 0.8
    assert not settings.unreadable_stops


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
    report = project.check(root, None, progress=lambda done, total, note: measured.append(done))
    assert not report.has_errors, report.findings
    doubted = [finding for finding in report.findings if "sounds like" in finding.what]
    assert [finding.where for finding in doubted] == ["wavs/12.wav"]
    assert "labelled neutral, sounds like happy" in doubted[0].what
    assert measured == list(range(1, 17))


def test_check_of_nothing(root: Path) -> None:
    with pytest.raises(CorpusError, match="there is no corpus yet"):
        project.check(root, None)
    with pytest.raises(CorpusError, match="nothing is there"):
        project.check(root, root / "missing.wav")


SLOW_DVC = """
import pathlib, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
pathlib.Path("started").touch()
time.sleep(0.8)
pathlib.Path("ended").touch()
"""


def test_an_interruption_waits_until_dvc_has_ended(tmp_path: Path) -> None:
    (tmp_path / "dvc").mkdir()
    (tmp_path / "dvc/__init__.py").touch()
    (tmp_path / "dvc/__main__.py").write_text(SLOW_DVC, encoding="utf-8")
    code = "import pathlib, sys; from emotts import project; sys.exit(project.reproduce(pathlib.Path.cwd()))"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, start_new_session=True)
    end = time.monotonic() + 60
    while not (tmp_path / "started").exists() and time.monotonic() < end:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert (tmp_path / "ended").exists()


def test_summary(root: Path) -> None:
    figures = {"emotion_accuracy.balanced": 0.5, "real.emotion_accuracy.balanced": 0.95, "rtf": 0.0714}
    (root / "reports").mkdir()
    (root / "reports" / "evaluation.json").write_text(json.dumps(figures), encoding="utf-8")
    lines = [" ".join(line.split()) for line in project.summary(root)]
    assert "emotion accuracy, balanced 0.500 0.950" in lines
    assert "real-time factor 0.071" in lines
    assert not any("mel-cepstral" in line for line in lines)
    assert "report: reports/report.md" in lines
