"""Recipes of base voices: what a phase's settings are, and mistakes named with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import ConfigError
from emotts.schema import flatten
from emotts.settings import load_params, load_recipe

RECIPE = """name: small
preset: experiments/presets/widths.yaml
corpus: {source: data/x, val_fraction: 0.1, test_fraction: 0.0}
params:
  train:
    batch_size: 4
    steps: 7
phases:
  - name: first
    params:
      train: {phase: autoencoder, steps: 3}
  - name: second
    params:
      train:
        phase: prior
        weights:
          kl: 0.5
"""
PRESET = "audio: {hop_length: 256}\ntrain: {batch_size: 5, freeze_steps: 9}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copy(REPOSITORY / "params.yaml", tmp_path)
    preset = tmp_path / "experiments/presets/widths.yaml"
    preset.parent.mkdir(parents=True)
    preset.write_text(PRESET, encoding="utf-8")
    return tmp_path


def write(root: Path, text: str) -> Path:
    path = root / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, part: str) -> int:
    return next(number for number, row in enumerate(text.splitlines(), start=1) if part in row)


def test_a_phase_overrides_the_recipe_which_overrides_the_preset(root: Path) -> None:
    text = (root / "params.yaml").read_text()
    (root / "params.yaml").write_text(text.replace("hop_length: 256", "hop_length: 128").replace("mel: 45", "mel: 44"))
    recipe = load_recipe(write(root, RECIPE), root=root)
    assert (recipe.name, recipe.corpus.source, recipe.corpus.val_fraction) == ("small", "data/x", 0.1)
    first, second = (phase.params for phase in recipe.phases)
    assert [phase.name for phase in recipe.phases] == ["first", "second"]
    assert (first.train.phase, first.train.steps, first.train.batch_size) == ("autoencoder", 3, 4)
    assert (second.train.phase, second.train.steps, second.train.batch_size) == ("prior", 7, 4)
    assert (first.train.weights.kl, second.train.weights.kl) == (1.0, 0.5)
    assert second.train.weights.mel == 44.0, "as params.yaml has it"
    assert second.audio.hop_length == 256, "as the preset has it"


def test_a_recipe_without_a_preset_stands_on_params_yaml(root: Path) -> None:
    text = (root / "params.yaml").read_text().replace("hop_length: 256", "hop_length: 128")
    (root / "params.yaml").write_text(text)
    without = RECIPE.replace("preset: experiments/presets/widths.yaml\n", "")
    first = load_recipe(write(root, without), root=root).phases[0].params
    assert (first.audio.hop_length, first.train.batch_size, first.train.steps) == (128, 4, 3)


def test_a_recipe_has_no_gradual_schedule_but_its_own(root: Path) -> None:
    """Between the phases of one voice nothing is new, so that no phase could begin with what is new alone."""
    assert load_params(root / "params.yaml").train.freeze_steps > 0
    for phase in load_recipe(write(root, RECIPE), root=root).phases:
        assert (phase.params.train.freeze_steps, phase.params.train.backbone_lr_scale) == (0, 1.0)
    own = load_recipe(write(root, RECIPE.replace("steps: 7", "backbone_lr_scale: 0.3")), root=root)
    assert own.phases[0].params.train.backbone_lr_scale == 0.3


def test_the_recipe_of_the_base_voice() -> None:
    recipe = load_recipe(REPOSITORY / "experiments/base-compact-ko.yaml", root=REPOSITORY)
    project = load_params(REPOSITORY / "params.yaml")
    assert [phase.params.train.phase for phase in recipe.phases] == ["autoencoder", "prior", "joint", "decoder"]
    for phase in recipe.phases:
        assert phase.params.base == "none"
        widths = flatten(phase.params.model.model_dump()), flatten(project.model.model_dump())
        differing = {name for name in widths[1] if widths[0][name] != widths[1][name]}
        assert differing == {"synthesizer.emotion_channels"}, "what is trained from it has the same widths otherwise"
        assert phase.params.audio == project.audio


def test_the_recipe_of_the_base_voice_in_three_languages() -> None:
    recipe = load_recipe(REPOSITORY / "experiments/base-compact.yaml", root=REPOSITORY)
    assert recipe.corpus.languages == ("KR", "JP", "EN")
    trained = [(phase.params.train.phase, phase.params.train.steps) for phase in recipe.phases]
    assert sum(steps for phase, steps in trained if phase == "decoder") == 60_000
    assert [phase for phase, _ in trained[:5]] == [*["autoencoder"] * 3, "prior", "joint"]
    project = flatten(load_params(REPOSITORY / "params.yaml").model.model_dump())
    decoder = {f"synthesizer.istft.{name}" for name in ("channels", "hidden_channels", "n_layers", "n_fft")}
    decoder |= {"synthesizer.istft.noise_n_fft", "synthesizer.istft.noise_frames"}
    seen = {"multi_resolution.resolutions", "multi_resolution.channels", "synthesizer.emotion_channels"}
    for phase in recipe.phases:
        widths = flatten(phase.params.model.model_dump())
        assert {name for name in project if widths[name] != project[name]} == decoder | seen


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("steps: 3}", "stepz: 3}", r"small\.yaml:11: unknown key 'train\.stepz'; did you mean 'steps'\?"),
        ("kl: 0.5", "kl: -0.5", r"small\.yaml:17: train\.weights\.kl = -0\.5: "),
        ("batch_size: 4", "batch_size: 0", r"small\.yaml:6: train\.batch_size = 0: "),
        ("name: second", "name: first", r"small\.yaml:12: two phases are named 'first'"),
        ("val_fraction: 0.1", "val_fraction: 2.0", r"small\.yaml:3: corpus\.val_fraction = 2\.0: "),
        ("name: small\n", "", r"small\.yaml: key 'name' is missing"),
        ("phases:", "phasen:", r"small\.yaml:8: unknown key 'phasen'; did you mean 'phases'\?"),
        ("widths.yaml", "small.yaml", r"presets/small\.yaml: file is missing(?s:.*)correct preset in"),
        ("  train:\n    batch", "  base: nonne\n  train:\n    batch", r"small\.yaml:5: base = 'nonne'(?s:.*)none"),
    ],
)
def test_mistakes_are_named_with_file_and_line(root: Path, old: str, new: str, message: str) -> None:
    assert old in RECIPE
    with pytest.raises(ConfigError, match=message):
        load_recipe(write(root, RECIPE.replace(old, new, 1)), root=root)


def test_a_mistake_in_params_yaml_is_named_there(root: Path) -> None:
    text = (root / "params.yaml").read_text().replace("beta_1: 0.8 ", "beta_1: 1.8 ")
    (root / "params.yaml").write_text(text)
    line = line_of(text, "beta_1: 1.8")
    with pytest.raises(ConfigError, match=rf"params\.yaml:{line}: train\.beta_1 = 1\.8"):
        load_recipe(write(root, RECIPE), root=root)


def test_one_device_for_each_of_several_trainings(root: Path) -> None:
    """Fabric starts a program again for every further device, and this one would begin with the first phase."""
    text = (root / "params.yaml").read_text().replace("  devices: 1 ", "  devices: 2 ")
    (root / "params.yaml").write_text(text)
    line = line_of(text, "  devices: 2 ")
    with pytest.raises(ConfigError, match=rf"params\.yaml:{line}(?s:.*)devices: 1}}}}` in .*small\.yaml"):
        load_recipe(write(root, RECIPE), root=root)
    own = RECIPE.replace("batch_size: 4", "devices: 1")
    assert load_recipe(write(root, own), root=root).phases[0].params.train.devices == 1


def test_no_recipe(root: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: file is missing(?s:.*)base-compact-ko\.yaml"):
        load_recipe(root / "none.yaml", root=root)
