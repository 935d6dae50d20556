"""Changing a study while it goes on, and taking over the trials of an older one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from support.studies import STUDY, opened, run_trials

from emotts.errors import ConfigError
from emotts.settings import Scalar
from emotts.workflows.tuning.attempts import best_trials, latest_attempts

WIDE = STUDY.replace("low: 1.0e-4, high: 1.0e-2", "low: 1.0e-8, high: 1.0e-2")
NEW = STUDY.replace("name: small", "name: new\ntake_over: small")


def by_rate(values: Mapping[str, Scalar]) -> dict[str, float]:
    rate = float(str(values["train.learning_rate"]))
    return {"cer": rate, "mcd_db": 3.0 - rate}


def test_a_wider_range_is_searched_as_a_whole(place: Path) -> None:
    run_trials(place, STUDY.replace("trials: 4", "trials: 12"), worth=by_rate)
    made, leases = run_trials(place, WIDE.replace("trials: 4", "trials: 24"), worth=by_rate)
    rates = [float(str(lease.values["train.learning_rate"])) for lease in leases]
    assert len(rates) == 12
    assert min(rates) < 1e-6, "low rates are better, and the new part of the range is found"
    assert made.user_attrs["definition"]["search.train.learning_rate"]["low"] == 1e-8


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("low: 1.0e-4", "low: 1.0e-3", 'search.train.learning_rate: {"type": "float", "low": 0.001'),
        (", log: true", "", 'search.train.learning_rate: {"type": "float"'),
        ("[balanced, natural]", "[natural, balanced]", 'search.train.sampler: {"type": "categorical"'),
        ("seed: 3", "seed: 3\nseeds: [1, 2]", "seeds: [1, 2]"),
        ("seed: 3", "seed: 3\nconstraints: [{metric: mcd_db, at_most: 5}]", 'constraints: [{"metric": "mcd_db"'),
    ],
)
def test_what_makes_trials_incomparable_is_refused(place: Path, before: str, after: str, found: str) -> None:
    opened(place)
    with pytest.raises(ConfigError, match="study small was begun with other settings") as caught:
        opened(place, STUDY.replace(before, after))
    assert str(caught.value.found).startswith(found)
    assert "`take_over: small`" in str(caught.value.remedy)


def test_another_pruner_goes_on_if_it_looks_at_the_same(place: Path) -> None:
    median = STUDY + "pruner: {kind: median, metric: val/score}\n"
    opened(place)
    opened(place, median)
    made = opened(place, median.replace("median", "patient, patience: 2"))[1]
    assert made.user_attrs["definition"]["pruner"]["kind"] == "patient"
    assert "widened" not in made.user_attrs
    with pytest.raises(ConfigError) as caught:
        opened(place, median.replace("val/score", "val/loss/mel"))
    assert '"metric": "val/loss/mel"' in str(caught.value.found)


def test_trials_of_an_older_study_cost_nothing(place: Path) -> None:
    _, old = run_trials(place, worth=by_rate)
    made, new = run_trials(place, NEW, worth=by_rate)
    trials = list(latest_attempts(made).values())
    assert [trial.user_attrs.get("taken_over") for trial in trials[:4]] == [f"small trial {n}" for n in range(4)]
    assert [trial.params for trial in trials[:4]] == [lease.values for lease in old]
    assert [lease.number for lease in new] == [4, 5, 6, 7]
    assert all(lease.attribute("own_settings") is None for lease in new), "the older study has tried these"
    assert best_trials(made)[0].value == min(trial.value for trial in trials)


def test_only_trials_that_can_be_compared_are_taken_over(place: Path) -> None:
    _, old = run_trials(place, worth=by_rate)
    fixed = NEW.replace("  train.sampler: {type: categorical, choices: [balanced, natural]}\n", "")
    made = opened(place, fixed.replace("seed: 3", "seed: 3\nparams: {train: {sampler: natural}}"))[1]
    natural = [lease.values["train.learning_rate"] for lease in old if lease.values["train.sampler"] == "natural"]
    assert [trial.params["train.learning_rate"] for trial in made.trials] == natural
    other = NEW.replace("name: new", "name: other").replace("metric: cer", "metric: mcd_db")
    made = opened(place, other + "constraints: [{metric: cer, at_most: 0.001}]\n")[1]
    assert [trial.value for trial in made.trials] == [by_rate(lease.values)["mcd_db"] for lease in old]
    assert [trial.constraints for trial in made.trials] == [
        {"cer at most 0.001": by_rate(lease.values)["cer"] - 0.001} for lease in old
    ]


@pytest.mark.parametrize(
    ("change", "where", "found"),
    [
        (("take_over: small", "take_over: smal"), "small.yaml:2", "new, other, small"),
        (("seed: 3", "seed: 3\nparams: {train: {steps: 7}}"), "small.yaml:2", "4 completed trials, with train.steps: "),
        (("metric: cer", "metric: rtf"), "small.yaml:2", "4 completed trials"),
    ],
)
def test_a_study_without_a_comparable_trial_is_refused(
    place: Path, change: tuple[str, str], where: str, found: str
) -> None:
    run_trials(place, worth=by_rate)
    for name in ("new", "other"):
        opened(place, STUDY.replace("name: small", f"name: {name}"))
    with pytest.raises(ConfigError) as caught:
        opened(place, NEW.replace("name: new", "name: third").replace(*change))
    assert str(caught.value.where).endswith(where)
    assert found in str(caught.value.found)
