"""The queue of trials on a real database: no trial runs twice, a dead process's trial goes on, budgets hold."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.trial import TrialState
from support.places import REPOSITORY

from emotts.processes import is_dead, worker_id
from emotts.settings import Study, load_params, load_study
from emotts.workflows.tuning.attempts import Outcome
from emotts.workflows.tuning.heartbeat import Heartbeat
from emotts.workflows.tuning.methods import make_pruner
from emotts.workflows.tuning.queue import TrialLostError, TrialQueue
from emotts.workflows.tuning.space import grid_points
from emotts.workflows.tuning.storage import StudyStorage, quiet_optuna

pytestmark = pytest.mark.slow

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
ELSEWHERE = "another-machine 7@1.00"
OpenQueue = tuple[TrialQueue, Any, StudyStorage]


def described(folder: Path, text: str = STUDY) -> Study:
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path, root=REPOSITORY)


def open_queue(folder: Path, text: str = STUDY, *, url: str | None = None) -> OpenQueue:
    study = described(folder, text)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = StudyStorage(url, root=folder, heartbeat_s=study.section.heartbeat_s)
    pruner = make_pruner(study.section.pruner, study)
    made = optuna.create_study(study_name=study.name, storage=storage.rdb, load_if_exists=True, pruner=pruner)
    return TrialQueue(storage, made, study), made, storage


def values_of(folder: Path, text: str, count: int, *, stopped: bool = False) -> list[Any]:
    """Return the values of some trials, each of which is worth its number modulo 3.

    A study that is ``stopped`` is opened anew for every trial, and every second trial is given back once.
    """
    found = []
    queue, _, _ = open_queue(folder, text)
    for number in range(count):
        if stopped:
            queue, _, _ = open_queue(folder, text)
        lease = queue.lease()
        assert lease is not None
        if stopped and number % 2:
            queue.release(lease)
            lease = queue.lease()
            assert lease is not None
        found.append(lease.values)
        queue.finish(lease, Outcome("complete", (float(number % 3),)))
    return found


def dead_worker() -> str:
    """Return the id of a process of this machine that has ended, and whose number another one has by now."""
    return re.sub("@.*", "@1.00", worker_id())


def wait_for(attempt: Callable[[], None]) -> None:
    """Try again and again until an exception ends it, for a while."""
    end_s = time.monotonic() + 120
    while time.monotonic() < end_s:
        attempt()
        time.sleep(0.05)


def test_the_first_trial_has_the_projects_own_values_and_the_budget_holds(tmp_path: Path) -> None:
    queue, made, _ = open_queue(tmp_path)
    leases = [queue.lease() for _ in range(5)]
    assert leases[4] is None
    numbers = [lease.number for lease in leases[:4] if lease is not None]
    assert numbers == [0, 1, 2, 3]
    assert leases[0] is not None
    project = load_params(REPOSITORY / "params.yaml").train
    assert leases[0].values == {"train.learning_rate": project.learning_rate, "train.sampler": project.sampler}
    assert leases[0].attribute("own_settings") is True
    assert queue.unfinished() == [0, 1, 2, 3]
    queue.finish(leases[0], Outcome("failed", reason="diverged: here"))
    trial = made.trials[0]
    assert (trial.state, trial.user_attrs["reason"]) == (TrialState.FAIL, "diverged: here")


@pytest.mark.parametrize("sampler", ["{kind: tpe, startup_trials: 3}", "{kind: nsga2, population: 3}"])
def test_what_is_suggested_depends_on_seed_and_history_alone(tmp_path: Path, sampler: str) -> None:
    text = STUDY.replace("seed: 3", f"seed: 3\nsampler: {sampler}").replace("trials: 4", "trials: 9")
    for name in ("one", "two", "other"):
        (tmp_path / name).mkdir()
    one = values_of(tmp_path / "one", text, 6)
    assert one == values_of(tmp_path / "two", text, 6, stopped=True)
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
    queue, _, _ = open_queue(tmp_path, text)
    taken = []
    while (lease := queue.lease()) is not None:
        taken.append(lease.values)
    assert taken == points


def test_a_trial_given_back_is_taken_again_with_its_values(tmp_path: Path) -> None:
    queue, made, _ = open_queue(tmp_path)
    first, second = queue.lease(), queue.lease()
    assert first is not None
    assert second is not None
    second.note(steps=40, seconds=8.5, run_id="beef")
    second.trial.report(0.5, 20)
    queue.release(second)
    assert [trial.state for trial in made.trials] == [TrialState.RUNNING, TrialState.FAIL, TrialState.WAITING]
    assert queue.unfinished() == [0, 1]
    again = open_queue(tmp_path)[0].lease()
    assert again is not None
    assert (again.number, again.values) == (1, second.values)
    assert [again.attribute(name) for name in ("steps", "seconds", "run_id", "deaths")] == [40, 8.5, "beef", 0]
    assert made.trials[2].intermediate_values == {20: 0.5}
    with pytest.raises(TrialLostError, match="trial 1 was given to another process"):
        queue.finish(second, Outcome("complete", (1.0,)))
    queue.release(second)
    assert len(made.trials) == 3, "it was given back before"
    queue.finish(again, Outcome("complete", (2.0,)))
    assert [trial.value for trial in made.trials] == [None, None, 2.0]
    assert queue.unfinished() == [0]


def test_the_first_trial_keeps_the_projects_values_when_given_back(tmp_path: Path) -> None:
    queue, made, _ = open_queue(tmp_path)
    first = queue.lease()
    assert first is not None
    queue.release(first)
    again = queue.lease()
    assert again is not None
    assert (again.number, again.values, again.attribute("own_settings")) == (0, first.values, True)
    assert made.trials[1].number == 1


def test_a_trial_of_a_dead_process_goes_on_at_once_on_its_machine(tmp_path: Path) -> None:
    queue, made, _ = open_queue(tmp_path)
    script = f"""
import sys
sys.path[:0] = [{str(Path(__file__).parent)!r}, {str(REPOSITORY / "tests")!r}]
from pathlib import Path
import test_queue
test_queue.open_queue(Path({str(tmp_path)!r}))[0].lease()
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=REPOSITORY)
    assert made.trials[0].state == TrialState.RUNNING
    lease = queue.lease()
    assert lease is not None
    assert lease.number == 0
    assert lease.attribute("deaths") == 1
    assert lease.values == made.trials[0].params


@pytest.mark.parametrize("database", [None, "postgresql"])
def test_a_silent_machines_trial_goes_on_elsewhere_and_a_living_ones_does_not(
    tmp_path: Path, request: pytest.FixtureRequest, database: str | None
) -> None:
    url = None if database is None else request.getfixturevalue(database).create_database()
    queue, made, storage = open_queue(tmp_path, url=url)
    silent, living = queue.lease(), queue.lease()
    assert silent is not None
    assert living is not None
    for lease in (silent, living):
        lease.note(worker_id=ELSEWHERE)
    for _ in range(12):
        time.sleep(0.5)
        storage.rdb.record_heartbeat(living.trial_id)
    taken = queue.lease()
    assert taken is not None
    assert taken.number == 0
    new = queue.lease()
    assert new is not None
    assert new.number == 2
    assert made.trials[1].state == TrialState.RUNNING
    with pytest.raises(TrialLostError, match="trial 0 was given to another process"):
        queue.finish(silent, Outcome("complete", (1.0,)))


def test_a_process_killed_while_it_took_a_trial_loses_none(tmp_path: Path) -> None:
    queue, made, _ = open_queue(tmp_path)
    with quiet_optuna():
        made.ask()  # running, without a worker id or a heartbeat
    lease = queue.lease()
    assert lease is not None
    assert lease.number == 0


def test_a_process_killed_while_it_put_a_trial_back_loses_none(tmp_path: Path) -> None:
    queue, made, _ = open_queue(tmp_path)
    first = queue.lease()
    assert first is not None
    made.tell(first.trial, state=TrialState.FAIL)
    assert queue.unfinished() == [0]
    again = queue.lease()
    assert again is not None
    assert (again.number, again.values) == (0, first.values)
    assert [trial.state for trial in made.trials] == [TrialState.FAIL, TrialState.RUNNING]


def test_a_process_killed_while_it_finished_a_trial_loses_none(tmp_path: Path) -> None:
    queue, made, _ = open_queue(tmp_path)
    first = queue.lease()
    assert first is not None
    first.note(outcome="pruned", reason="others were better by then", worker_id=dead_worker())
    again = queue.lease()
    assert again is not None
    assert again.number == 0
    assert again.attribute("reason") is None
    again.note(outcome="failed", reason="diverged: here", worker_id=dead_worker())
    new = queue.lease()
    assert new is not None
    assert new.number == 1
    assert (made.trials[1].state, made.trials[1].user_attrs["reason"]) == (TrialState.FAIL, "diverged: here")


def test_a_trial_that_kills_its_processes_is_given_up(tmp_path: Path) -> None:
    queue, made, storage = open_queue(tmp_path)
    for deaths in range(5):
        lease = queue.lease()
        assert lease is not None
        assert (lease.number, lease.attribute("deaths", 0), lease.given_up()) == (0, deaths, None)
        lease.note(worker_id=dead_worker())
    last = queue.lease()
    assert last is not None
    reason = "its process died 5 times without getting further (out of memory?)"
    assert (last.number, last.given_up()) == (0, Outcome("failed", reason=reason))
    with Heartbeat(storage, last, interval_s=60) as heartbeat:
        heartbeat.step(1)
    assert last.given_up() is None, "it got further"
    queue.finish(last, Outcome("failed", reason=reason))
    assert made.trials[5].user_attrs["reason"] == reason
    new = queue.lease()
    assert new is not None
    assert new.number == 1


def test_heartbeats_tell_how_far_a_trial_is_and_whether_it_is_still_ours(tmp_path: Path) -> None:
    queue, made, storage = open_queue(tmp_path)
    lease = queue.lease()
    assert lease is not None
    with Heartbeat(storage, lease, interval_s=1) as heartbeat:
        heartbeat.step(40)
    assert made.trials[0].user_attrs["steps"] == 40
    with Heartbeat(storage, lease, interval_s=1) as heartbeat:
        queue.release(lease)
        with pytest.raises(TrialLostError, match="trial 0 was given to another process"):
            wait_for(lambda: heartbeat.step(50))
    assert made.trials[0].user_attrs["steps"] == 40


@pytest.mark.parametrize(
    ("budget", "attributes"),
    [("{steps: 100}", {"steps": 60}), ("{hours: 1.0}", {"seconds": 2000.0}), ("{trials: 2}", {})],
)
def test_a_budget_counts_every_trial_once(tmp_path: Path, budget: str, attributes: dict[str, float]) -> None:
    queue, made, _ = open_queue(tmp_path, STUDY.replace("{trials: 4}", budget))
    for number in range(2):
        interrupted = queue.lease()
        assert interrupted is not None
        interrupted.note(**attributes)
        queue.release(interrupted)
        lease = queue.lease()
        assert lease is not None
        assert lease.number == number
        queue.finish(lease, Outcome("complete", (1.0,)))
    assert queue.lease() is None
    assert len(made.trials) == 4


def test_a_worker_is_dead_once_its_process_is() -> None:
    own = worker_id()
    assert not is_dead(own)
    assert not is_dead(ELSEWHERE)
    machine, process = own.split(" ")
    assert is_dead(f"{machine} {process.split('@')[0]}@1.00")
    script = "from emotts.processes import worker_id; print(worker_id())"
    ended = subprocess.run([sys.executable, "-c", script], check=True, cwd=REPOSITORY, capture_output=True, text=True)
    assert is_dead(ended.stdout.strip())
