"""The trials of a study as a queue that many processes take from: none is lost, and none runs twice.

An attempt whose process died, or that was given back, is failed for Optuna, and a further attempt at the same trial is
put in line (:mod:`emotts.workflows.tuning.attempts`). Both happen while a process holds the study's lock
(:meth:`emotts.workflows.tuning.storage.StudyStorage.lock`), as does everything else that a budget depends on. A process
that dies in between leaves an interrupted attempt, for which the next process puts a further one in line.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import TrialState

from emotts.processes import is_dead, worker_id
from emotts.settings import Scalar, Study
from emotts.workflows.tuning.attempts import Outcome, is_interrupted, is_over, latest_attempts, retry, trial_number
from emotts.workflows.tuning.beginning import next_trial, voice_owner
from emotts.workflows.tuning.methods import make_sampler
from emotts.workflows.tuning.space import suggest
from emotts.workflows.tuning.storage import StudyStorage, quiet_optuna

__all__ = ["Lease", "TrialLostError", "TrialQueue"]

_LOG = logging.getLogger(__name__)
_MAX_DEATHS = 5
"""A trial is given up after so many deaths of its processes without any progress."""
_STATES = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL}


class TrialLostError(Exception):
    """A trial was given to another process, because this one had no heartbeat for too long."""

    def __init__(self, number: int) -> None:
        super().__init__(f"trial {number} was given to another process")


@dataclass(frozen=True)
class Lease:
    """An attempt at a trial that belongs to this process; ``number`` is the trial's, ``trial_id`` the attempt's."""

    trial: Any
    trial_id: int
    number: int
    values: dict[str, Scalar]

    def attribute(self, name: str, default: Any = None) -> Any:
        """Return what was noted of the trial, by whichever process."""
        return self.trial.user_attrs.get(name, default)

    def note(self, **values: Any) -> None:
        """Note something of the trial for everybody.

        Raises:
            UpdateFinishedTrialError: if the attempt has ended, such as when the trial was given to another process.
        """
        for name, value in values.items():
            self.trial.set_user_attr(name, value)

    def given_up(self) -> Outcome | None:
        """Return the end of a trial whose processes die again and again; None: it is worth an attempt."""
        deaths = self.attribute("deaths", 0)
        if deaths < _MAX_DEATHS:
            return None
        return Outcome("failed", reason=f"its process died {deaths} times without getting further (out of memory?)")


class TrialQueue:
    """The trials of an open study.

    Args:
        storage: the study's database.
        optuna_study: Optuna's study.
        study: what its file says.
    """

    def __init__(self, storage: StudyStorage, optuna_study: Any, study: Study) -> None:
        self._storage = storage
        self._optuna_study = optuna_study
        self._study = study
        self._study_id = storage.rdb.get_study_id_from_name(study.name)

    def lease(self) -> Lease | None:
        """Take the next trial; None where no further one begins, though others may still be running."""
        with self._storage.lock(self._study.name), quiet_optuna():
            self._take_back()
            if not self._waiting() and not self._begin():
                return None
            number = trial_number(self._waiting()[0])
            widened = bool(self._optuna_study.user_attrs.get("widened"))
            self._optuna_study.sampler = make_sampler(self._study, number=number, widened=widened)
            trial = self._optuna_study.ask()
            trial_id = self._storage.rdb.get_trial_id_from_study_id_trial_number(self._study_id, trial.number)
            self._storage.rdb.record_heartbeat(trial_id)
            trial.set_user_attr("worker_id", worker_id())
            lease = Lease(trial, trial_id, number, suggest(trial, self._study))
            if lease.attribute("voice_of") is None:
                attempts = list(latest_attempts(self._optuna_study).values())
                lease.note(voice_of=voice_owner(attempts, number, values=lease.values))
            return lease

    def finish(self, lease: Lease, outcome: Outcome) -> None:
        """Write down how a trial ended, its metrics, and how far it lies beyond each constraint.

        Raises:
            TrialLostError: if it belongs to another process by now.
        """
        with self._storage.lock(self._study.name):
            try:
                lease.note(outcome=outcome.kind, **outcome.attributes())
                for constraint in self._study.section.constraints if outcome.kind == "complete" else ():
                    lease.trial.set_constraint(str(constraint), constraint.excess(outcome.metrics[constraint.metric]))
            except UpdateFinishedTrialError as error:
                raise TrialLostError(lease.number) from error
            self._optuna_study.tell(lease.trial, outcome.values, state=_STATES[outcome.kind])

    def release(self, lease: Lease) -> None:
        """Give a trial back unfinished; whoever takes it goes on from its last checkpoint."""
        with self._storage.lock(self._study.name):
            try:
                lease.note(released=True)
            except UpdateFinishedTrialError:
                return  # it was given to another process
            self._optuna_study.tell(lease.trial, state=TrialState.FAIL)
            self._retry_interrupted()

    def unfinished(self) -> list[int]:
        """Return the numbers of the trials that are not finished."""
        return [number for number, attempt in latest_attempts(self._optuna_study).items() if not is_over(attempt)]

    def _waiting(self) -> list[Any]:
        waiting: list[Any] = self._optuna_study.get_trials(deepcopy=False, states=(TrialState.WAITING,))
        return waiting

    def _begin(self) -> bool:
        """Put a new trial in line, if the budget allows it; say whether it does."""
        following = next_trial(list(latest_attempts(self._optuna_study).values()), self._study)
        if following is None:
            return False
        values, attributes = following
        self._optuna_study.enqueue_trial(dict(values), user_attrs=attributes)
        return True

    def _take_back(self) -> None:
        """Fail the attempts of dead processes, and put further ones in line."""
        optuna.storages.fail_stale_trials(self._optuna_study)
        for attempt in self._optuna_study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            worker = attempt.user_attrs.get("worker_id")
            if worker is None or is_dead(worker):  # without an id: its process died while it took the trial
                self._optuna_study.tell(attempt.number, state=TrialState.FAIL)
        self._retry_interrupted()

    def _retry_interrupted(self) -> None:
        for number, attempt in latest_attempts(self._optuna_study).items():
            if is_interrupted(attempt):
                if not attempt.user_attrs.get("released", False):
                    _LOG.warning(
                        "the process of trial %d ended or had no heartbeat for too long; the trial waits again", number
                    )
                retry(self._optuna_study, attempt)
