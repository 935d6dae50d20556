"""Study files: what a trial's settings are, and every mistake named with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import ConfigError
from emotts.schema import flatten
from emotts.settings import load_params, load_study

STUDY = """name: small
objectives:
  - {metric: val/loss/mel, direction: minimize}
search:
  train.learning_rate: {type: float, low: 1.0e-4, high: 1.0e-2, log: true}
  train.sampler: {type: categorical, choices: [balanced, natural]}
  train.batch_size: {type: int, low: 2, high: 8, step: 2, when: {train.sampler: natural}}
budget: {trials: 4}
seed: 3
params:
  train: {steps: 7}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copy(REPOSITORY / "params.yaml", tmp_path / "params.yaml")
    return tmp_path


def write(root: Path, text: str) -> Path:
    path = root / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(root: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_study(write(root, text), root=root)
    return str(caught.value).replace(str(root), "")


def test_the_study_that_comes_along_is_sound() -> None:
    study = load_study(REPOSITORY / "experiments/lr-and-embedding.yaml", root=REPOSITORY)
    assert study.section.budget.trials == 24
    assert study.search.keys() == {
        "train.learning_rate",
        "train.backbone_lr_scale",
        "model.synthesizer.emotion_channels",
    }
    assert study.settings.train.steps == 240


def test_a_trial_overrides_the_study_which_overrides_the_project(root: Path) -> None:
    study = load_study(write(root, STUDY), root=root)
    params = study.params({"train.learning_rate": 3e-4, "train.sampler": "natural"})
    before = flatten(load_params(root / "params.yaml").model_dump())
    changed = {key: value for key, value in flatten(params.model_dump()).items() if value != before[key]}
    assert changed == {"train.learning_rate": 3e-4, "train.sampler": "natural", "train.steps": 7}


def test_a_parameter_takes_part_where_its_condition_holds(root: Path) -> None:
    study = load_study(write(root, STUDY), root=root)
    assert study.active("train.batch_size", {"train.sampler": "natural"})
    assert not study.active("train.batch_size", {"train.sampler": "balanced"})
    assert not study.active("train.batch_size", {})


def test_a_seed_takes_the_place_of_the_projects(root: Path) -> None:
    study = load_study(write(root, STUDY), root=root)
    before = study.params({"train.sampler": "natural"})
    after = study.params({"train.sampler": "natural"}, seed=77)
    assert after.project.seed == 77
    assert after.changed(project=before.project) == before


@pytest.mark.parametrize(("base", "wanted"), [("none", False), ("compact-ko", True)])
def test_a_condition_on_a_fixed_key_holds_for_all_trials(root: Path, base: str, wanted: bool) -> None:
    text = STUDY.replace("step: 2, when: {train.sampler: natural}", "when: {base: [compact-ko, melotts-kr]}")
    study = load_study(write(root, text.replace("params:\n", f"params:\n  base: {base}\n")), root=root)
    assert ("train.batch_size" in study.search) == wanted


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed: 3", "sead: 3", "/small.yaml:9: unknown key 'sead'; did you mean 'seed'?"),
        ("seed: 3\n", "", "/small.yaml: key 'seed' is missing"),
        (
            "train.learning_rate:",
            "train.learnin_rate:",
            "/small.yaml:5: unknown key 'train.learnin_rate'; did you mean 'train.learning_rate'?",
        ),
        ("train.learning_rate:", "train:", "/small.yaml:5: 'train' is a section of params.yaml; name one of its keys"),
        ("low: 1.0e-4", "low: 1e-4", "YAML reads that as a word: write 1.0e-4"),
        ("low: 1.0e-4", "low: -1.0", "log needs low above 0"),
        ("low: 1.0e-4", "low: 1.0", "/small.yaml:5: search.train.learning_rate"),
        (", log: true", ", lgo: true", "/small.yaml:5: unknown key 'search.train.learning_rate.lgo'"),
        (
            "low: 1.0e-4, high: 1.0e-2, log: true",
            "low: -1.0, high: 1.0e-2",
            "/small.yaml:5: train.learning_rate: -1.0 cannot be used: Input should be greater than 0",
        ),
        (
            "[balanced, natural]",
            "[balanced, naturel]",
            "/small.yaml:6: train.sampler: 'naturel' cannot be used: Input should be 'balanced', 'balanced_voices' or "
            "'natural'",
        ),
        ("[balanced, natural]", "[balanced, balanced]", "a choice stands here twice"),
        (
            "type: int, low: 2, high: 8, step: 2",
            "type: float, low: 2.5, high: 8.0",
            "train.batch_size: 2.5 cannot be used: Input should be a valid integer",
        ),
        ("type: int, low: 2,", "type: int, low: 2.5,", "low, high and step of an int are whole numbers"),
        (
            "when: {train.sampler: natural}",
            "when: {train.smpler: natural}",
            "when: unknown key 'train.smpler'; did you mean 'train.sampler'?",
        ),
        (
            "when: {train.sampler: natural}",
            "when: {train.sampler: x}",
            "when wants train.sampler = 'x', which the search never gives",
        ),
        (
            "when: {train.sampler: natural}",
            "when: {train.learning_rate: 0.1}",
            "when names 'train.learning_rate', a float",
        ),
        (
            "when: {train.sampler: natural}",
            "when: {train.batch_size: 2}",
            "when names 'train.batch_size', which must stand above",
        ),
        ("{trials: 4}", "{}", "a budget has at least one of trials, hours and steps"),
        ("steps: 7", "stops: 7", "/small.yaml:11: unknown key 'train.stops'; did you mean 'steps'?"),
        (
            "train: {steps: 7}",
            "train: {devices: 2}",
            "/small.yaml:11: a program that makes several trainings gives one device to each of them",
        ),
        (
            "train: {steps: 7}",
            "train: {learning_rate: 0.1}",
            "'train.learning_rate' is searched and fixed under params as well",
        ),
        (
            "seed: 3",
            "seed: 3\nsampler: {kind: cmaes}",
            "train.sampler: cmaes searches numbers without `when`; take tpe",
        ),
        ("seed: 3", "seed: 3\nsampler: {kind: grid}", "train.learning_rate: grid needs a step"),
        ("seed: 3", "seed: 3\nsampler: {population: 9}", "population is a setting of cmaes and nsga2, not of tpe"),
        (
            "budget:",
            "  train.weights.mel: {type: float, low: 1, high: 45}\npruner: {kind: median, metric: val/score}\nbudget:",
            "val/score is made with train.weights.mel, which this study varies",
        ),
        (
            "search:",
            "  - {metric: mcd_db, direction: minimize}\npruner: {kind: median}\nsearch:",
            "a study with several objectives cannot stop trials early",
        ),
        ("seed: 3", "seed: 3\nseeds: [1, 2, 1]", "/small.yaml:10: seeds = [1, 2, 1]: a seed is listed twice"),
        (
            "seed: 3",
            "seed: 3\nsampler: {kind: gp}",
            "/small.yaml:7: train.batch_size: gp searches parameters without `when`; take tpe",
        ),
        (
            "seed: 3",
            "seed: 3\nsampler: {kind: qmc, startup_trials: 3}",
            "startup_trials is a setting of auto, cmaes, gp",
        ),
        ("seed: 3", "seed: 3\npruner: {kind: patient}", "a patient pruner has patience"),
        ("seed: 3", "seed: 3\npruner: {patience: 2}", "patience is a setting of a pruner, and kind is none"),
        ("seed: 3", "seed: 3\ntake_over: small", "a study cannot take over its own trials"),
        (
            "seed: 3",
            "seed: 3\nconstraints: [{metric: cer, at_most: 0.3, at_least: 0.1}]",
            "/small.yaml:10: constraints.0: a constraint has either at_most or at_least",
        ),
        (
            "seed: 3",
            "seed: 3\nconstraints: [{metric: judge.prosody.emotion_accuracy.balanced, at_least: 0.5}]",
            "/small.yaml:10: metric 'judge.prosody.emotion_accuracy.balanced' is now called 'auxiliary.prosody.",
        ),
        (
            "seed: 3",
            "seed: 3\nenqueue:\n  - {train.learning_rate: 0.5}\n  - {train.sampler: naturel}",
            "/small.yaml:11: train.learning_rate: 0.5 lies outside of the search space (0.0001 to 0.01)",
        ),
        (
            "seed: 3",
            "seed: 3\nenqueue:\n  - {train.learning_rate: 0.001}\n  - {train.sampler: naturel}",
            "/small.yaml:12: train.sampler: 'naturel' lies outside of the search space (one of 'balanced', 'natural')",
        ),
        (
            "seed: 3",
            "seed: 3\nenqueue:\n  - {train.batch_size: 3}",
            "/small.yaml:11: train.batch_size: 3 lies outside of the search space (2 to 8 in steps of 2)",
        ),
        (
            "seed: 3",
            "seed: 3\nenqueue:\n  - {train.smpler: natural}",
            "/small.yaml:11: unknown key 'train.smpler'; did you mean 'train.sampler'? (only what is searched can be",
        ),
    ],
)
def test_mistakes_are_named(root: Path, old: str, new: str, message: str) -> None:
    assert old in STUDY
    assert message in refused(root, STUDY.replace(old, new, 1))
