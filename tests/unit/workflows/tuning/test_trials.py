"""Which trials a study begins with, which share a voice, and which are the best."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import optuna
import pytest
from support.places import REPOSITORY
from support.studies import STUDY, described, opened, run_trials

from emotts.settings import Scalar, load_params
from emotts.workflows.tuning.attempts import Outcome, best_trials
from emotts.workflows.tuning.methods import make_pruner, sampler_kind
from emotts.workflows.tuning.runs import violated
from emotts.workflows.tuning.storage import quiet_optuna

SPEAKING = STUDY.replace("train.sampler", "speaking.noise_scale").replace("balanced, natural", "0.1, 0.2")
ENQUEUED = STUDY + "enqueue:\n  - {train.learning_rate: 3.0e-4, train.sampler: natural}\n  - {train.sampler: natural}\n"


def by_rate(values: Mapping[str, Scalar]) -> dict[str, float]:
    rate = float(str(values["train.learning_rate"]))
    return {"cer": rate, "mcd_db": 3.0 - rate}


def test_enqueued_values_come_after_the_projects_own(place: Path) -> None:
    _, leases = run_trials(place, ENQUEUED, worth=by_rate)
    own = load_params(REPOSITORY / "params.yaml").train
    assert leases[0].values == {"train.learning_rate": own.learning_rate, "train.sampler": own.sampler}
    assert leases[1].values == {"train.learning_rate": 3e-4, "train.sampler": "natural"}
    assert leases[2].values["train.sampler"] == "natural"
    assert [lease.attribute("enqueued") for lease in leases] == [None, 0, 1, None]


def test_an_enqueued_trial_that_was_given_back_is_not_enqueued_again(place: Path) -> None:
    _, _, queue = opened(place, ENQUEUED)
    queue.lease()
    first = queue.lease()
    assert first is not None
    queue.release(first)
    again, other = queue.lease(), queue.lease()
    assert again is not None
    assert other is not None
    assert (again.number, again.values, again.attribute("enqueued")) == (1, first.values, 0)
    assert other.attribute("enqueued") == 1


def test_trials_that_differ_only_in_how_they_speak_share_a_voice(place: Path) -> None:
    rows = ((1e-3, 0.1), (1e-3, 0.2), (2e-3, 0.2), (2e-3, 0.1))
    listed = "".join(f"  - {{train.learning_rate: {rate}, speaking.noise_scale: {noise}}}\n" for rate, noise in rows)
    _, leases = run_trials(place, f"{SPEAKING}enqueue:\n{listed}".replace("trials: 4", "trials: 5"), worth=by_rate)
    assert [lease.values["train.learning_rate"] for lease in leases[1:]] == [1e-3, 1e-3, 2e-3, 2e-3]
    assert [lease.attribute("voice_of") for lease in leases] == [0, 1, 1, 3, 3]


def test_trials_have_voices_of_their_own_where_speaking_is_not_searched(place: Path) -> None:
    listed = "  - {train.learning_rate: 3.0e-4, train.sampler: natural}\n"
    _, leases = run_trials(place, f"{STUDY}enqueue:\n{listed}{listed}", worth=by_rate)
    assert leases[1].values == leases[2].values
    assert [lease.attribute("voice_of") for lease in leases] == [0, 1, 2, 3]


def test_the_best_trial_keeps_the_constraints(place: Path) -> None:
    text = STUDY + "constraints: [{metric: mcd_db, at_most: 2.9992}]\n"  # of the rate: at least 8e-4
    rows = ((2e-4, "natural"), (9e-4, "natural"), (5e-3, "natural"))
    listed = "".join(f"  - {{train.learning_rate: {rate}, train.sampler: {name}}}\n" for rate, name in rows)
    made, leases = run_trials(place, f"{text}enqueue:\n{listed}", worth=by_rate)
    (best,) = best_trials(made)
    assert best.params["train.learning_rate"] == 9e-4
    study = described(place, text)
    assert violated(study, by_rate(leases[1].values)) == ["mcd_db at most 2.9992 (3)"]
    assert violated(study, by_rate(leases[2].values)) == []


def test_no_trial_is_the_best_where_none_keeps_the_constraints(place: Path) -> None:
    made, _ = run_trials(place, STUDY + "constraints: [{metric: mcd_db, at_least: 4}]\n", worth=by_rate)
    assert [trial.constraints["mcd_db at least 4"] > 0 for trial in made.trials] == [True] * 4
    assert best_trials(made) == []


def test_a_trial_whose_process_died_at_its_end_is_measured_again(place: Path) -> None:
    _, made, queue = opened(place, STUDY + "constraints: [{metric: mcd_db, at_most: 4}]\n")
    lease = queue.lease()
    assert lease is not None
    lease.trial.set_constraint("mcd_db at most 4", 9.0)
    queue.release(lease)
    again = queue.lease()
    assert again is not None
    queue.finish(again, Outcome("complete", (1.0,), metrics={"mcd_db": 3.5}))
    assert made.trials[-1].constraints == {"mcd_db at most 4": -0.5}


@pytest.mark.parametrize("kind", ["gp", "auto"])
def test_a_gaussian_process_finds_the_end_of_a_range(place: Path, kind: str) -> None:
    text = STUDY.replace("trials: 4", "trials: 6") + f"sampler: {{kind: {kind}, startup_trials: 3}}\n"
    _, leases = run_trials(place, text, worth=by_rate)
    rates = [float(str(lease.values["train.learning_rate"])) for lease in leases]
    assert min(rates[:3]) > 1.1e-4
    assert min(rates[3:]) == pytest.approx(1e-4), "lower rates are better"


def test_a_sequence_goes_evenly_over_the_range(place: Path) -> None:
    text = STUDY.replace("trials: 4", "trials: 5") + "sampler: {kind: qmc}\n"
    _, leases = run_trials(place, text, worth=by_rate)
    rates = [
        float(str(lease.values["train.learning_rate"])) for lease in leases[1:5]
    ]  # the first has the project's values
    quarters = [int((math.log10(rate) + 4) / 2 * 4) for rate in rates]
    assert sorted(quarters) == [0, 1, 2, 3]


def test_auto_is_a_gaussian_process_where_it_can_be(place: Path) -> None:
    plain = STUDY + "sampler: {kind: auto}\n"
    assert sampler_kind(described(place, plain)) == "gp"
    when = plain.replace("choices: [balanced, natural]", "choices: [natural], when: {base: compact-ko}")
    assert sampler_kind(described(place, when.replace("seed: 3", "seed: 3\nparams: {base: compact-ko}"))) == "tpe"


def pruned_at(place: Path, pruner: str, *, looks: list[float]) -> int | None:
    """Return the look at which a trial is stopped, beside a finished one whose looks were 8, 7, 6 ... 1."""
    study, made, _ = opened(place, STUDY.replace("cer", "val/score") + f"pruner: {{metric: val/score, {pruner}}}\n")
    made.pruner = make_pruner(study.section.pruner, study)
    best = optuna.create_trial(value=1.0, intermediate_values={look: 9.0 - look for look in range(1, 9)})
    made.add_trial(best)
    with quiet_optuna():
        trial = made.ask()
    for look, value in enumerate(looks, 1):
        trial.report(value, look)
        if trial.should_prune():
            return look
    return None


@pytest.mark.parametrize(
    ("pruner", "looks", "wanted"),
    [
        ("kind: patient, patience: 2", [5.0, 4.0, 4.1, 4.2, 4.3], 5),
        ("kind: patient, patience: 2, min_delta: 0.5", [5.0, 4.0, 3.9, 3.8, 3.4], None),
        ("kind: median, startup_trials: 1", [9.0], 1),
        ("kind: median, startup_trials: 1, patience: 1", [9.0, 8.9, 8.8, 8.9, 8.95], 5),
        ("kind: wilcoxon", [9.0, 8.1, 7.2, 6.3, 5.4], 4),
        ("kind: wilcoxon, p_threshold: 0.04", [9.0, 8.1, 7.2, 6.3, 5.4], 5),
        ("kind: wilcoxon", [7.0, 6.1, 5.2, 4.3, 3.4], None),
    ],
)
def test_further_pruners(place: Path, pruner: str, looks: list[float], wanted: int | None) -> None:
    assert pruned_at(place, pruner, looks=looks) == wanted
