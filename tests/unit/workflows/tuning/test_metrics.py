"""The metrics a study may name, and the keys it may search."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import optuna
import pytest
from support.places import REPOSITORY

from emotts.errors import ConfigError, CorpusError
from emotts.settings import Study, load_params, load_study
from emotts.workflows.tuning.methods import make_pruner
from emotts.workflows.tuning.metrics import check_metrics, evaluation_metrics, validation_metrics
from emotts.workflows.tuning.stages import Pipeline

STUDY = """name: small
objectives:
  - metric: METRIC
    direction: minimize
search:
  KEY: {type: categorical, choices: VALUES}
pruner: {kind: PRUNER, metric: PRUNED}
budget: {trials: 4}
seed: 3
params: PARAMS
"""
ON = "{recogniser: whisper-base, speaker_encoder: resemblyzer, quality_predictor: distillmos}"
OFF = "{recogniser: none, speaker_encoder: none, quality_predictor: none}"
HEARD = ("val/spoken/emotion_probability", "val/spoken/emotion_accuracy.balanced")
USUAL = {"METRIC": "mcd_db", "KEY": "train.sampler", "VALUES": "[natural]", "PRUNER": "none", "PRUNED": "val/score"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def study(root: Path, **changes: str) -> Study:
    text = STUDY
    for name, value in {**USUAL, "PARAMS": "{}", **changes}.items():
        text = text.replace(name, value, 1)
    path = root / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path, root=root)


def test_right_names_pass(root: Path) -> None:
    params = load_params(root / "params.yaml")
    for name in (*validation_metrics(params), *evaluation_metrics(params, ("happy",))):
        check_metrics(study(root, METRIC=name), ("happy",))


def test_a_wrong_name_is_an_error_that_lists_the_right_ones(root: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"small.yaml:3: no trial has a metric 'mcd'; did you mean 'mcd_db'\?"
    ) as caught:
        check_metrics(study(root, METRIC="mcd"), ("happy", "sad"))
    params = load_params(root / "params.yaml")
    every = [*validation_metrics(params), *evaluation_metrics(params, ("happy", "sad"))]
    assert caught.value.wanted == f"one of {', '.join(every)}"
    assert {"auxiliary.prosody.emotion_accuracy.balanced", "emotion_accuracy.sad", "rtf"} < set(every)
    assert every[:7] == [
        "val/score",
        "val/loss/mel",
        "val/loss/pitch",
        "val/loss/kl",
        "val/loss/duration",
        "val/loss/duration_frames",
        "val/loss/stochastic_duration",
    ]
    with pytest.raises(ConfigError, match="no trial has a metric 'emotion_accuracy.angry'"):
        check_metrics(study(root, METRIC="emotion_accuracy.angry"), ("happy", "sad"))


def test_a_constraint_is_on_a_metric_that_trials_have(root: Path) -> None:
    check_metrics(study(root, PARAMS="{}\nconstraints: [{metric: cer, at_most: 0.3}]"), ("happy",))
    wrong = study(root, PARAMS="{}\nconstraints: [{metric: cr, at_most: 0.3}]")
    with pytest.raises(ConfigError, match=r"small.yaml:11: no trial has a metric 'cr'; did you mean 'cer'\?"):
        check_metrics(wrong, ("happy",))


def test_a_pruner_looks_at_validations(root: Path) -> None:
    with pytest.raises(ConfigError, match=r"small.yaml:7: no trial has a metric 'mcd_db'") as caught:
        check_metrics(study(root, PRUNER="median", PRUNED="mcd_db"), ("happy",))
    known = [*validation_metrics(load_params(root / "params.yaml")), *HEARD]
    assert caught.value.wanted == f"one of {', '.join(known)}"
    for name in HEARD:
        check_metrics(study(root, PRUNER="median", PRUNED=name), ("happy",))
        with pytest.raises(ConfigError, match=rf"small.yaml:3: no trial has a metric '{name}'"):
            check_metrics(study(root, METRIC=name), ("happy",))
    deaf = study(root, METRIC="val/score", PRUNER="median", PRUNED=HEARD[0], PARAMS="{train: {phase: autoencoder}}")
    with pytest.raises(ConfigError, match="no trial has a metric 'val/spoken/emotion_probability'"):
        check_metrics(deaf, ("happy",))


@pytest.mark.parametrize(
    ("metric", "changes", "wanted"),
    [("val/score", "", 100), ("val/spoken/emotion_probability", "", 200), ("val/score", ", min_steps: 7", 7)],
)
def test_hyperband_begins_with_the_first_look(root: Path, metric: str, changes: str, wanted: int) -> None:
    params = "{train: {steps: 1800, validate_every: 100, sample_every: 200}}"
    made = study(root, PRUNER="hyperband", PRUNED=metric + changes, PARAMS=params)
    optuna_study = optuna.create_study(pruner=make_pruner(made.section.pruner, made))
    trial = optuna_study.ask()
    trial.report(0.5, wanted)
    trial.should_prune()
    brackets = optuna_study.pruner._pruners
    assert {bracket._min_resource for bracket in brackets} == {wanted}
    assert len(brackets) == 1 + math.floor(math.log(1800 / wanted, 3))


def test_hyperband_reaches_to_the_longest_trial_of_a_search(root: Path) -> None:
    params = "{train: {validate_every: 100, sample_every: 100}}"
    made = study(root, PRUNER="hyperband", KEY="train.steps", VALUES="[1800, 400]", PARAMS=params)
    optuna_study = optuna.create_study(pruner=make_pruner(made.section.pruner, made))
    trial = optuna_study.ask()
    trial.report(0.5, 100)
    trial.should_prune()
    assert len(optuna_study.pruner._pruners) == 1 + math.floor(math.log(1800 / 100, 3))


def test_a_network_that_is_on_has_its_metrics(root: Path) -> None:
    for state, wanted in ((ON, True), (OFF, False)):
        made = study(root, PARAMS=f"{{evaluate: {state}}}")
        names = evaluation_metrics(made.settings, ("happy",))
        found = [name in names for name in ("cer", "cer.happy", "quality", "quality.happy", "speaker_similarity")]
        assert found == [wanted] * 5
    assert evaluation_metrics(study(root, PARAMS="{train: {phase: autoencoder}}").settings, ("happy",)) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"KEY": "corpus.on_unknown", "VALUES": "[skip]"},
            "small.yaml:6: corpus.on_unknown is settled before the training: the stage label",
        ),
        ({"KEY": "audio.n_mels", "VALUES": "[80]"}, "the stage corpus reads it"),
        ({"KEY": "project.seed", "VALUES": "[1]"}, "project.seed is settled before the training"),
        ({"KEY": "train.replay_fraction", "VALUES": "[0.0]"}, None),
        (
            {"KEY": "evaluate.checkpoint", "VALUES": "[last]"},
            "small.yaml:6: evaluate.checkpoint says how voices are measured",
        ),
        (
            {"PARAMS": "{export: {registered_name: x}}"},
            "small.yaml:10: export.registered_name changes nothing in a trial",
        ),
        (
            {"PARAMS": "{segment: {min_length_s: 2.0}}"},
            "small.yaml:10: segment.min_length_s is settled before the training: the stage segment",
        ),
        ({"PARAMS": "{evaluate: {max_sentences: 3}}"}, None),
        ({"KEY": "speaking.noise_scale", "VALUES": "[0.1, 0.2]"}, None),
        (
            {"KEY": "speaking.noise_scale", "VALUES": "[0.1, 0.2]", "METRIC": "val/score"},
            "small.yaml:6: speaking.noise_scale changes how the voice speaks, and no metric of this study is one of",
        ),
    ],
)
def test_only_what_a_trial_does_itself_may_vary(root: Path, changes: dict[str, str], message: str | None) -> None:
    if message is None:
        Pipeline(root).check_keys(study(root, **changes))
        return
    with pytest.raises(ConfigError) as caught:
        Pipeline(root).check_keys(study(root, **changes))
    assert message in str(caught.value)


def test_missing_results_are_named_with_what_to_type(root: Path) -> None:
    (root / "data/corpus").mkdir(parents=True)
    (root / "data/corpus/train.list").touch()
    with pytest.raises(CorpusError) as caught:
        Pipeline(root).check_results()
    assert caught.value.found == "no data/bert, models/emotion_classifier"
    assert caught.value.remedy == "dvc repro corpus bert classifier"


def test_what_a_change_runs_again(root: Path) -> None:
    assert Pipeline(root).again(["train.learning_rate"]) == "train, evaluate, export"
    assert Pipeline(root).again(["export.registered_name"]) == "export"
