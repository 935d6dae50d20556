"""Writing into params.yaml changes nothing but what was asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.corpus.transcripts.labels import parse_script
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import ConfigError, CorpusError
from emotts.settings import load_params
from emotts.settings.editing import SENTENCES, apply_preset, set_source
from emotts.text.frontend import front_end

ORIGINAL = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_set_source_changes_its_values_alone(root: Path) -> None:
    (root / "rec").mkdir()
    set_source(root, recording=root / "rec", language="KR", speaker="yuna")
    old = "  source: emotts/demo/recording   # a recording"
    new = "  source: rec                     # a recording"
    assert ORIGINAL.count(old) == 1
    assert ORIGINAL.count("  speaker: nezumi           # name") == 1
    wanted = ORIGINAL.replace(old, new).replace(
        "  speaker: nezumi           # name", "  speaker: yuna             # name"
    )
    assert (root / "params.yaml").read_text(encoding="utf-8") == wanted


def test_the_sentences_of_the_evaluation_go_with_the_language(root: Path) -> None:
    for language, sentences in SENTENCES.items():
        set_source(root, recording=None, language=language, speaker=None)
        params = load_params(root / "params.yaml")
        assert (params.project.language, params.evaluate.sentences) == (language, sentences)
    own = (root / "params.yaml").read_text(encoding="utf-8").replace("emotts/demo/script/en.txt", "own.txt")
    (root / "params.yaml").write_text(own, encoding="utf-8")
    set_source(root, recording=None, language="KR", speaker=None)
    assert load_params(root / "params.yaml").evaluate.sentences == "own.txt"


def test_every_sentence_of_the_evaluation_can_be_read() -> None:
    for language, sentences in SENTENCES.items():
        lines = parse_script(REPOSITORY / sentences, emotions=EmotionSet())
        assert len({line.emotion for line in lines}) >= 4
        reader = front_end(language)
        for line in lines:
            assert reader.read(line.text).phones


def test_set_source_with_names_that_need_quotes(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("others") / "내 녹음: #1 'take'"
    outside.mkdir()
    set_source(root, recording=outside, language="한국어", speaker="007")
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
    set_source(root, recording=root / "rec", language=None, speaker="yuna")
    set_source(root, recording=root / "emotts/demo/recording", language=None, speaker="nezumi")
    assert (root / "params.yaml").read_text(encoding="utf-8") == ORIGINAL


def test_set_source_without_a_change_does_not_touch_the_file(root: Path) -> None:
    before = (root / "params.yaml").stat()
    set_source(root, recording=None, language="KR", speaker="nezumi")
    after = (root / "params.yaml").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"language": "XX"}, CorpusError, "unknown language 'XX'"),
        ({"speaker": "a b"}, ConfigError, r"params.yaml:\d+: recording.speaker = 'a b'"),
        ({"recording": Path("missing.wav")}, CorpusError, "missing.wav: no such recording"),
    ],
)
def test_set_source_refuses(root: Path, changes: dict[str, object], kind: type[Exception], message: str) -> None:
    path = root / "params.yaml"
    before = path.stat()
    with pytest.raises(kind, match=message) as caught:
        set_source(root, **{"recording": None, "language": None, "speaker": None, **changes})
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert path.read_text(encoding="utf-8") == ORIGINAL
    if kind is ConfigError:
        assert str(path) in str(caught.value)
    assert sorted(entry.name for entry in root.iterdir()) == ["dvc.yaml", "params.yaml"]


def test_set_source_in_a_file_that_is_not_valid(root: Path) -> None:
    broken = ORIGINAL.replace("  seed: 20", "  sead: 20")
    (root / "params.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean 'seed'"):
        set_source(root, recording=None, language=None, speaker="yuna")
    assert (root / "params.yaml").read_text(encoding="utf-8") == broken


PRESETS = REPOSITORY / "experiments" / "presets"


def test_a_preset_writes_its_values(root: Path) -> None:
    changes = apply_preset(root, PRESETS / "melotts.yaml")
    full = load_params(root / "params.yaml")
    assert (full.audio.sample_rate_hz, full.model.synthesizer.decoder) == (44100, "hifigan")
    assert (full.model.synthesizer.istft, full.model.multi_resolution) == (None, None)
    assert full.model.synthesizer.hifigan is not None
    assert full.model.synthesizer.hifigan.upsample_rates == (8, 8, 2, 2, 2)
    assert "audio.sample_rate_hz" in {change.key for change in changes}
    assert full.recording == load_params(REPOSITORY / "params.yaml").recording
    assert apply_preset(root, PRESETS / "melotts.yaml") == []


def test_the_former_values_as_a_preset_bring_them_back(root: Path) -> None:
    changes = apply_preset(root, PRESETS / "melotts.yaml")
    assert apply_preset(root, REPOSITORY / "params.yaml") != []
    text = (root / "params.yaml").read_text(encoding="utf-8")
    assert [line.split() for line in text.splitlines()] == [line.split() for line in ORIGINAL.splitlines()]
    again = apply_preset(root, PRESETS / "melotts.yaml")
    assert [change.key for change in again] == [change.key for change in changes]


def test_the_defaults_as_a_preset_change_nothing(root: Path) -> None:
    assert apply_preset(root, REPOSITORY / "params.yaml") == []
    assert (root / "params.yaml").read_text(encoding="utf-8") == ORIGINAL


@pytest.mark.parametrize(
    ("preset", "message"),
    [
        ("audio: {win_length: 4096}", r"params.yaml:\d+: audio.win_length: win_length \(4096\) must not exceed"),
        ("audio: {win_lenght: 4096}", r"preset.yaml:1: unknown key 'audio.win_lenght'"),
        (None, "no such preset"),
    ],
)
def test_a_preset_that_cannot_be_applied(root: Path, tmp_path: Path, preset: str | None, message: str) -> None:
    path = tmp_path / "preset.yaml"
    if preset is not None:
        path.write_text(preset, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        apply_preset(root, path)
    assert (root / "params.yaml").read_text(encoding="utf-8") == ORIGINAL
