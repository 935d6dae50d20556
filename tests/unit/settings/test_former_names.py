"""Former names in settings files: refused with file, line and the present name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import ConfigError
from emotts.schema import flatten
from emotts.settings import load_ablation, load_params, load_recipe, load_study
from emotts.settings.editing import apply_preset
from emotts.settings.former_names import former_keys

RENAMED = {
    "segment.max_reject_share": "segment.max_reject_fraction",
    "label.max_reject_share": "label.max_reject_fraction",
    "corpus.max_reject_share": "corpus.max_reject_fraction",
    "corpus.val_share": "corpus.val_fraction",
    "corpus.test_share": "corpus.test_fraction",
    "model.synthesizer.text_voice": "model.synthesizer.condition_text_encoder",
    "model.synthesizer.text_ignores_voice": "model.synthesizer.mute_text_condition",
    "train.lr_final_share": "train.lr_min_factor",
    "train.clip_norm": "train.max_grad_norm",
    "train.replay_share": "train.replay_fraction",
    "train.score_mel": "train.best_mel_weight",
    "train.score_kl": "train.best_kl_weight",
    "evaluate.speaker_judge": "evaluate.speaker_encoder",
}
STUDY = """name: small
objectives:
  - metric: emotion_accuracy.balanced
    direction: maximize
search:
  train.learning_rate: {type: float, low: 1.0e-4, high: 1.0e-2}
budget: {trials: 4}
seed: 3
"""
COMPARISON = """name: small
metrics:
  - emotion_accuracy.balanced
  - cer
variants:
  - name: one
    params: {train: {steps: 3}}
"""
RECIPE = """name: small
corpus: {source: data/x, val_fraction: 0.1, test_fraction: 0.0}
params:
  train: {steps: 7}
phases:
  - name: first
    params: {}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copy(REPOSITORY / "params.yaml", tmp_path / "params.yaml")
    return tmp_path


def write(root: Path, text: str, old: str, new: str) -> Path:
    assert old in text
    path = root / "small.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_table_of_former_keys() -> None:
    assert former_keys() == RENAMED
    present = flatten(load_params(REPOSITORY / "params.yaml").model_dump())
    assert set(RENAMED.values()) <= present.keys()
    assert not RENAMED.keys() & present.keys()


@pytest.mark.parametrize(("former", "present"), RENAMED.items())
def test_params_yaml(root: Path, former: str, present: str) -> None:
    path = root / "params.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    section, name = present.split(".")[0], present.split(".")[-1]
    start = lines.index(f"{section}:")
    number = next(place for place in range(start, len(lines)) if lines[place].strip().startswith(f"{name}:"))
    lines[number] = lines[number].replace(f"{name}:", f"{former.split('.')[-1]}:")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_params(path)
    (line, _) = str(caught.value).splitlines()
    assert line == f"{path}:{number + 1}: {former!r} is now called {name!r}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "train.learning_rate:",
            "train.clip_norm:",
            r"small\.yaml:6: 'train\.clip_norm' is now called 'train\.max_grad_norm'",
        ),
        (
            "high: 1.0e-2}",
            "high: 1.0e-2, when: {evaluate.speaker_judge: none}}",
            r"small\.yaml:6: train\.learning_rate: when: 'evaluate\.speaker_judge' is now called "
            r"'evaluate\.speaker_encoder'",
        ),
        (
            "emotion_accuracy.balanced",
            "judge.prosody.emotion_accuracy.balanced",
            r"small\.yaml:3: metric 'judge\.prosody\.emotion_accuracy\.balanced' is now called "
            r"'auxiliary\.prosody\.emotion_accuracy\.balanced'",
        ),
        (
            "seed: 3",
            "seed: 3\nparams:\n  train: {replay_share: 0.5}",
            r"small\.yaml:10: 'train\.replay_share' is now called 'replay_fraction'",
        ),
    ],
    ids=["search", "when", "objective", "params"],
)
def test_a_study(root: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_study(write(root, STUDY, old, new), root=root)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("metrics:", "figures:", r"small\.yaml:2: 'figures' is now called 'metrics'"),
        (
            "  - cer",
            "  - cer.over_real",
            r"small\.yaml:4: metric 'cer\.over_real' is now called 'cer\.over_reference'",
        ),
        ("steps: 3", "score_kl: 3.0", r"small\.yaml:7: 'train\.score_kl' is now called 'best_kl_weight'"),
    ],
    ids=["figures", "metric", "variant"],
)
def test_a_comparison(root: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_ablation(write(root, COMPARISON, old, new), root=root)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("val_fraction", "val_share", r"small\.yaml:2: 'corpus\.val_share' is now called 'val_fraction'"),
        ("steps: 7", "lr_final_share: 0.1", r"small\.yaml:4: 'train\.lr_final_share' is now called 'lr_min_factor'"),
        (
            "params: {}",
            "params: {model: {synthesizer: {text_voice: true}}}",
            r"small\.yaml:7: 'model\.synthesizer\.text_voice' is now called 'condition_text_encoder'",
        ),
    ],
    ids=["corpus", "recipe", "phase"],
)
def test_a_recipe(root: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_recipe(write(root, RECIPE, old, new), root=root)


def test_a_preset(root: Path) -> None:
    path = write(root, "train:\n  steps: 3\n", "steps: 3", "clip_norm: 3.0")
    with pytest.raises(
        ConfigError,
        match=r"small\.yaml:2: unknown key 'train\.clip_norm'[\s\S]*it is now called 'train\.max_grad_norm'",
    ):
        apply_preset(root, path)
