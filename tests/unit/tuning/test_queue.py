"""The queue of trials on a real database: every trial begins once, a dead process's trial goes on, budgets hold."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.trial import TrialState

from emotts.config import Study, load_params, load_study
from emotts.tuning.heartbeat import Heartbeat
from emotts.tuning.methods import make_pruner
from emotts.tuning.outcome import Outcome
from emotts.tuning.owner import is_dead, new_owner
from emotts.tuning.queue import TrialLostError, TrialQueue
from emotts.tuning.space import grid_points
from emotts.tuning.storage import StudyStorage

REPOSITORY = Path(__file__).parents[3]
STUDY = """name: small
objectives: [{metric: val/loss/mel, direction: minimize}]
search:
  train.learning_rate: {type: float, low: 1.0e-4, high: 1.0e-2, log: true}
  train.sampler: {type: categorical, choices: [balanced, natural]}
  train.batch_size: {type: int, low: 2, high: 8, step: 2, when: {train.sampler: natural}}
budget: {trials: 4}
seed: 3
heartbeat_s: 1
"""
ELSEWHERE = "another-machine 7@1.00 beef"
Opened = tuple[TrialQueue, Any, StudyStorage]


def described(folder: Path, text: str = STUDY) -> Study:
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path, root=REPOSITORY)


def opened(folder: Path, text: str = STUDY) -> Opened:
    study = described(folder, text)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = StudyStorage(None, root=folder, heartbeat_s=study.section.heartbeat_s)
    pruner = make_pruner(study.section.pruner, study)
    made = optuna.create_study(study_name=study.name, storage=storage.rdb, load_if_exists=True, pruner=pruner)
    return TrialQueue(storage, made, study), made, storage


def values_of(folder: Path, text: str, count: int, *, reopened: bool = False) -> list[Any]:
    """Return the values of some trials, each of which is worth its number modulo 3."""
    found = []
    queue, _, _ = opened(folder, text)
    for number in range(count):
        if reopened:
            queue, _, _ = opened(folder, text)
        claim = queue.claim()
        assert claim is not None
        found.append(claim.values)
        queue.finish(claim, Outcome("complete", (float(number % 3),)))
    return found


def wait_for(attempt: Callable[[], None]) -> None:
    """Try again and again until an exception ends it, for a while."""
    end_s = time.monotonic() + 30
    while time.monotonic() < end_s:
        attempt()
        time.sleep(0.05)


def test_the_first_trial_has_the_projects_own_values_and_the_budget_holds(tmp_path: Path) -> None:
    queue, made, _ = opened(tmp_path)
    claims = [queue.claim() for _ in range(5)]
    assert claims[4] is None
    numbers = [claim.number for claim in claims[:4] if claim is not None]
    assert numbers == [0, 1, 2, 3]
    assert claims[0] is not None
    project = load_params(REPOSITORY / "params.yaml").train
    assert claims[0].values == {"train.learning_rate": project.learning_rate, "train.sampler": project.sampler}
    assert claims[0].attribute("own_settings") is True
    assert queue.running() == [0, 1, 2, 3]
    queue.finish(claims[0], Outcome("failed", reason="diverged: here"))
    trial = made.trials[0]
    assert (trial.state, trial.user_attrs["reason"]) == (TrialState.FAIL, "diverged: here")


@pytest.mark.parametrize("sampler", ["{kind: tpe, startup_trials: 3}", "{kind: nsga2, population: 3}"])
def test_what_is_suggested_depends_on_seed_and_history_alone(tmp_path: Path, sampler: str) -> None:
    text = STUDY.replace("seed: 3", f"seed: 3\nsampler: {sampler}").replace("trials: 4", "trials: 9")
    for name in ("one", "two", "other"):
        (tmp_path / name).mkdir()
    one = values_of(tmp_path / "one", text, 6)
    assert one == values_of(tmp_path / "two", text, 6, reopened=True)
    assert one != values_of(tmp_path / "other", text.replace("seed: 3", "seed: 4", 1), 6)
    assert len({tuple(values.items()) for values in one}) == 6
    assert all(("train.batch_size" in values) == (values["train.sampler"] == "natural") for values in one)


def test_cmaes_searches_numbers(tmp_path: Path) -> None:
    numbers = """  train.learning_rate: {type: float, low: 1.0e-4, high: 1.0e-2, log: true}
  train.batch_size: {type: int, low: 2, high: 8}
"""
    head, _, rest = STUDY.partition("  train.learning_rate")
    text = head + numbers + rest[rest.index("budget:") :].replace("seed: 3", "seed: 3\nsampler: {kind: cmaes}")
    found = values_of(tmp_path, text, 4)
    assert len({tuple(values.items()) for values in found}) == 4


def test_a_grid_is_gone_through_once(tmp_path: Path) -> None:
    text = STUDY.replace("high: 1.0e-2, log: true", "high: 2.0e-4, step: 1.0e-4").replace("trials: 4", "trials: 99")
    text = text.replace("seed: 3", "seed: 3\nsampler: {kind: grid}")
    points = grid_points(described(tmp_path, text))
    assert len(points) == 2 * (1 + 4)
    queue, _, _ = opened(tmp_path, text)
    taken = []
    while (claim := queue.claim()) is not None:
        taken.append(claim.values)
    assert taken == points


def test_a_trial_given_back_is_taken_again_with_its_values(tmp_path: Path) -> None:
    queue, made, _ = opened(tmp_path)
    first, second = queue.claim(), queue.claim()
    assert first is not None
    assert second is not None
    queue.release(second)
    assert made.trials[1].state == TrialState.WAITING
    again = opened(tmp_path)[0].claim()
    assert again is not None
    assert (again.number, again.values) == (1, second.values)
    with pytest.raises(TrialLostError, match="trial 1 was given to another process"):
        queue.finish(second, Outcome("complete", (1.0,)))
    queue.finish(again, Outcome("complete", (2.0,)))
    assert made.trials[1].value == 2.0
    assert made.trials[0].state == TrialState.RUNNING


def test_a_trial_of_a_dead_process_goes_on_at_once_on_its_machine(tmp_path: Path) -> None:
    queue, made, _ = opened(tmp_path)
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
import test_queue
test_queue.opened(Path({str(tmp_path)!r}))[0].claim()
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=REPOSITORY)
    assert made.trials[0].state == TrialState.RUNNING
    claim = queue.claim()
    assert claim is not None
    assert claim.number == 0
    assert claim.attribute("deaths") == 1


def test_a_silent_machines_trial_goes_on_elsewhere_and_a_living_ones_does_not(tmp_path: Path) -> None:
    queue, made, storage = opened(tmp_path)
    silent, living = queue.claim(), queue.claim()
    assert silent is not None
    assert living is not None
    for claim in (silent, living):
        claim.note(owner=ELSEWHERE)
    for _ in range(10):
        time.sleep(0.5)
        storage.rdb.record_heartbeat(living.trial_id)
    taken = queue.claim()
    assert taken is not None
    assert taken.number == 0
    new = queue.claim()
    assert new is not None
    assert new.number == 2
    assert made.trials[1].user_attrs["owner"] == ELSEWHERE


def test_a_process_killed_while_it_took_a_trial_loses_none(tmp_path: Path) -> None:
    queue, made, _ = opened(tmp_path)
    made.ask()  # running, without an owner or a heartbeat
    claim = queue.claim()
    assert claim is not None
    assert claim.number == 0


def test_a_trial_that_kills_its_processes_is_given_up(tmp_path: Path) -> None:
    queue, made, _ = opened(tmp_path)
    for _ in range(5):
        claim = queue.claim()
        assert claim is not None
        assert claim.number == 0
        claim.note(owner="")
    last = queue.claim()
    assert last is not None
    assert last.number == 1
    assert made.trials[0].state == TrialState.FAIL
    assert made.trials[0].user_attrs["reason"].startswith("its process died 5 times without getting further")


def test_heartbeats_tell_how_far_a_trial_is_and_whether_it_is_still_ours(tmp_path: Path) -> None:
    queue, made, storage = opened(tmp_path)
    claim = queue.claim()
    assert claim is not None
    with Heartbeat(storage, queue, claim, interval_s=1) as heartbeat:
        heartbeat.step(40)
    assert made.trials[0].user_attrs["steps"] == 40
    with Heartbeat(storage, queue, claim, interval_s=1) as heartbeat:
        queue.release(claim)
        with pytest.raises(TrialLostError):
            wait_for(lambda: heartbeat.step(50))
    assert made.trials[0].user_attrs["steps"] == 40


@pytest.mark.parametrize(
    ("budget", "attributes"), [("{steps: 100}", {"steps": 60}), ("{hours: 1.0}", {"seconds": 2000.0})]
)
def test_budgets_in_steps_and_hours_count_all_trials(tmp_path: Path, budget: str, attributes: dict[str, float]) -> None:
    queue, _, _ = opened(tmp_path, STUDY.replace("{trials: 4}", budget))
    for _ in range(2):
        claim = queue.claim()
        assert claim is not None
        claim.note(**attributes)
        queue.finish(claim, Outcome("complete", (1.0,)))
    assert queue.claim() is None


def test_an_owner_is_dead_once_its_process_is(tmp_path: Path) -> None:
    own = new_owner()
    assert not is_dead(own)
    assert own != new_owner()
    assert not is_dead(ELSEWHERE)
    machine, process, nonce = own.split(" ")
    assert is_dead(f"{machine} {process.split('@')[0]}@1.00 {nonce}")
    script = "from emotts.tuning.owner import new_owner; print(new_owner())"
    ended = subprocess.run([sys.executable, "-c", script], check=True, cwd=REPOSITORY, capture_output=True, text=True)
    assert is_dead(ended.stdout.strip())
