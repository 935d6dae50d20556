"""params.yaml: the project's own file is valid; every mistake is named with its line."""

from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import ConfigError
from emotts.schema import flatten
from emotts.settings import load_params
from emotts.settings.yaml_editing import merged

PROJECT = REPOSITORY / "params.yaml"


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = PROJECT.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "params.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_projects_own_settings() -> None:
    params = load_params(PROJECT)
    assert params.segment.threshold_db == -40.0
    assert params.segment.min_silence_s == 1.0
    assert params.emotions.names[:2] == ("neutral", "happy")
    assert flatten(params.model_dump())["audio.sample_rate_hz"] == 22050


def test_styles_are_read_and_checked(tmp_path: Path) -> None:
    path = changed(tmp_path, "styles: {}", 'styles: {Excited: "happy:0.7+surprised:0.3"}')
    assert load_params(path).styles == ("excited",)
    with pytest.raises(ConfigError, match="style 'excited' cannot be used: unknown emotion 'hapy'"):
        load_params(changed(tmp_path, "styles: {}", "styles: {excited: hapy}"))


def test_every_key_has_a_comment() -> None:
    lines = PROJECT.read_text(encoding="utf-8").splitlines()
    bare = [line for line in lines if line.startswith("  ") and ":" in line and "#" not in line]
    sections = [line for line in bare if line.strip().endswith(":")]
    assert bare == sections


def test_unknown_key_names_line_and_neighbour(tmp_path: Path) -> None:
    path = changed(tmp_path, "min_silence_s:", "min_silense_s:")
    line = line_of(path.read_text(encoding="utf-8"), "min_silense_s")
    with pytest.raises(ConfigError) as error:
        load_params(path)
    assert f"{path}:{line}: unknown key 'segment.min_silense_s'; did you mean 'min_silence_s'?" in str(error.value)
    assert "key 'segment.min_silence_s' is missing" in str(error.value)


def test_wrong_type_names_line_and_value(tmp_path: Path) -> None:
    path = changed(tmp_path, "seed: 20 ", "seed: twenty ")
    line = line_of(path.read_text(encoding="utf-8"), "seed")
    with pytest.raises(ConfigError, match=rf"params.yaml:{line}: project.seed = 'twenty': .*integer"):
        load_params(path)


def test_small_numbers_without_a_point_are_explained(tmp_path: Path) -> None:
    path = changed(tmp_path, "threshold_db: -40.0", "threshold_db: -4e1")
    with pytest.raises(ConfigError, match=r"write -4\.0e\+1"):
        load_params(path)


def test_the_threshold_is_a_level_or_auto(tmp_path: Path) -> None:
    auto = changed(tmp_path, "threshold_db: -40.0", "threshold_db: auto")
    assert load_params(auto).segment.threshold_db == "auto"
    for wrong in ("automatic", "0.0", "3"):
        path = changed(tmp_path, "threshold_db: -40.0", f"threshold_db: {wrong}")
        with pytest.raises(
            ConfigError, match=r"segment\.threshold_db = .*: wanted a level in dBFS from -120 to below 0, or auto"
        ):
            load_params(path)


def test_rules_across_fields(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"max_length_s \(5.0\) must be at least twice min_length_s \(3.0\)"):
        load_params(changed(tmp_path, "max_length_s: 15.0", "max_length_s: 5.0"))
    with pytest.raises(ConfigError, match=r"win_length \(2048\) must not exceed n_fft \(1024\)"):
        load_params(changed(tmp_path, "win_length: 1024", "win_length: 2048"))
    with pytest.raises(
        ConfigError, match=r"params.yaml:\d+: model.synthesizer.hifigan: hifigan must have settings exactly if"
    ):
        load_params(changed(tmp_path, "    decoder: istft ", "    decoder: hifigan "))
    text = PROJECT.read_text(encoding="utf-8").replace("segment_frames: 32 ", "segment_frames: 20 ")
    (tmp_path / "params.yaml").write_text(text.replace("mel_windows: [] ", "mel_windows: [8192] "), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"train.segment_frames \* audio.hop_length .* must be more than 5120"):
        load_params(tmp_path / "params.yaml")
    text = PROJECT.read_text(encoding="utf-8")
    preset = REPOSITORY / "experiments/presets/melotts.yaml"
    full = merged(text, preset.read_text(encoding="utf-8"), where=preset)[0]
    (tmp_path / "params.yaml").write_text(full.replace("pitch_range: 1.0 ", "pitch_range: 1.1 "), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"speaking.pitch_range must be 1.0 unless .*decoder is istft"):
        load_params(tmp_path / "params.yaml")


@pytest.mark.parametrize("base", ["none", "melotts-kr", "melotts-jp", "melotts-en", "./base", "/voices/mine"])
def test_bases(tmp_path: Path, base: str) -> None:
    assert load_params(changed(tmp_path, "\nbase: compact-ko\n", f"\nbase: {base}\n")).base == base


def test_a_misspelt_base_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"base = 'melotts-ko': .*did you mean melotts-kr\?.*such as ./base"):
        load_params(changed(tmp_path, "\nbase: compact-ko\n", "\nbase: melotts-ko\n"))


def test_replay_needs_a_corpus_and_a_fraction(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"replay_corpus \(None\) and replay_fraction \(0.2\) belong together"):
        load_params(changed(tmp_path, "replay_fraction: 0.0", "replay_fraction: 0.2"))
    with pytest.raises(ConfigError, match="belong together"):
        load_params(changed(tmp_path, "replay_corpus: null", "replay_corpus: ../other"))


def test_an_extra_emotion_that_is_an_alias(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="extra emotion 'joy' is already"):
        load_params(changed(tmp_path, "extra_emotions: []", "extra_emotions: [joy]"))


@pytest.mark.parametrize(
    ("content", "message"),
    [("audio: [", "params.yaml:1: not valid YAML"), ("just text", "holds no sections"), ("", "holds no sections")],
)
def test_files_that_are_no_settings(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_params(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="file is missing[\\s\\S]*run in the project's folder"):
        load_params(tmp_path / "params.yaml")
