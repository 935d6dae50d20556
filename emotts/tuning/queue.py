"""The trials of a study as a queue that many processes take from: none is lost, and none runs twice.

A trial keeps its number, its values and its folder from its first process to its last. One that was given back, or
whose process died, waits again and is the next to be taken. All decisions fall while a process has its turn at the
study (:meth:`emotts.tuning.storage.StudyStorage.turn`), so that two of them never decide the same thing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optuna.trial import TrialState

from emotts.config import Scalar, Study
from emotts.tuning.methods import make_sampler
from emotts.tuning.outcome import Outcome
from emotts.tuning.owner import is_dead, new_owner
from emotts.tuning.space import grid_points, own_values, suggest
from emotts.tuning.storage import StudyStorage, quiet_optuna

__all__ = ["Claim", "TrialLostError", "TrialQueue"]

_LOG = logging.getLogger(__name__)
_MAX_DEATHS = 5
"""A trial whose processes die so often in a row without getting any further is given up."""
_STATES = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL}


class TrialLostError(Exception):
    """A trial was given to another process, because this one gave no sign of life for too long."""


@dataclass(frozen=True)
class Claim:
    """A trial that belongs to this process."""

    trial: Any
    trial_id: int
    owner: str
    values: dict[str, Scalar]

    @property
    def number(self) -> int:
        """The trial's number, from 0."""
        return int(self.trial.number)

    def attribute(self, name: str, default: Any = None) -> Any:
        """Return what was noted of the trial, by whichever process."""
        return self.trial.user_attrs.get(name, default)

    def note(self, **values: Any) -> None:
        """Note something of the trial for everybody."""
        for name, value in values.items():
            self.trial.set_user_attr(name, value)


class TrialQueue:
    """The trials of an open study.

    Args:
        storage: the study's database.
        opened: Optuna's study.
        study: what its file says.
    """

    def __init__(self, storage: StudyStorage, opened: Any, study: Study) -> None:
        self._storage = storage
        self._opened = opened
        self._study = study
        self._study_id = storage.rdb.get_study_id_from_name(study.name)

    def claim(self) -> Claim | None:
        """Take the next trial; None where no further one begins, though others may still be running."""
        with self._storage.turn(self._study.name):
            self._take_back()
            trials = self._opened.get_trials(deepcopy=False)
            waiting = [trial.number for trial in trials if trial.state == TrialState.WAITING]
            if not waiting and not self._begin(trials):
                return None
            number = waiting[0] if waiting else len(trials)
            self._opened.sampler = make_sampler(
                self._study.section.sampler, seed=self._study.section.seed, number=number
            )
            with quiet_optuna():
                trial = self._opened.ask()
                trial_id = self._storage.rdb.get_trial_id_from_study_id_trial_number(self._study_id, trial.number)
                self._storage.rdb.record_heartbeat(trial_id)
                owner = new_owner()
                trial.set_user_attr("owner", owner)
                values = suggest(trial, self._study)
        return Claim(trial, trial_id, owner, values)

    def finish(self, claim: Claim, outcome: Outcome) -> None:
        """Write down how a trial ended.

        Raises:
            TrialLostError: if it belongs to another process by now.
        """
        with self._storage.turn(self._study.name):
            self._check(claim)
            if outcome.reason is not None:
                claim.note(reason=outcome.reason)
            self._opened.tell(claim.trial, outcome.values, state=_STATES[outcome.kind])

    def release(self, claim: Claim) -> None:
        """Give a trial back unfinished; whoever takes it goes on from its last checkpoint."""
        with self._storage.turn(self._study.name):
            if self.owned(claim):
                self._put_back(claim.trial_id)

    def owned(self, claim: Claim) -> bool:
        """Say whether a trial still belongs to this process."""
        now = self._storage.rdb.get_trial(claim.trial_id)
        return bool(now.state == TrialState.RUNNING and now.user_attrs.get("owner") == claim.owner)

    def running(self) -> list[int]:
        """Return the numbers of the trials that are not finished."""
        return [trial.number for trial in self._opened.get_trials(deepcopy=False) if not trial.state.is_finished()]

    def _check(self, claim: Claim) -> None:
        if not self.owned(claim):
            raise TrialLostError(f"trial {claim.number} was given to another process")

    def _begin(self, trials: Sequence[Any]) -> bool:
        """Say whether a further trial begins; put it in line if its values are settled."""
        number, budget = len(trials), self._study.section.budget
        if budget.trials is not None and number >= budget.trials:
            return False
        if budget.hours is not None and _total(trials, "seconds") >= budget.hours * 3600:
            return False
        if budget.steps is not None and _total(trials, "steps") >= budget.steps:
            return False
        if self._study.section.sampler.kind == "grid":
            points = grid_points(self._study)
            if number >= len(points):
                return False
            self._opened.enqueue_trial(points[number])
        elif number == 0:
            own = own_values(self._study)
            if own is not None:
                self._opened.enqueue_trial(own, user_attrs={"own_settings": True})
        return True

    def _take_back(self) -> None:
        """Put the trials of dead processes back in line."""
        stale = set(self._storage.rdb._get_stale_trial_ids(self._study_id))
        for trial in self._opened.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            owner = trial.user_attrs.get("owner")
            trial_id = self._storage.rdb.get_trial_id_from_study_id_trial_number(self._study_id, trial.number)
            # without an owner: its process died while it took the trial
            if owner and trial_id not in stale and not is_dead(owner):
                continue
            steps = trial.user_attrs.get("steps", 0)
            further = steps > trial.user_attrs.get("steps_at_death", -1)
            deaths = 1 if further else trial.user_attrs.get("deaths", 0) + 1
            self._note(trial_id, deaths=deaths, steps_at_death=steps)
            if deaths < _MAX_DEATHS:
                _LOG.warning(
                    "the process of trial %d ended or was silent too long; the trial waits again", trial.number
                )
                self._put_back(trial_id)
            else:
                reason = f"its process died {deaths} times without getting further (out of memory?)"
                _LOG.warning("trial %d failed: %s", trial.number, reason)
                self._note(trial_id, reason=reason)
                self._storage.rdb.set_trial_state_values(trial_id, TrialState.FAIL)

    def _put_back(self, trial_id: int) -> None:
        self._note(trial_id, owner="")
        self._storage.rdb.set_trial_state_values(trial_id, TrialState.WAITING)

    def _note(self, trial_id: int, **values: Any) -> None:
        for name, value in values.items():
            self._storage.rdb.set_trial_user_attr(trial_id, name, value)


def _total(trials: Sequence[Any], name: str) -> float:
    return sum(float(trial.user_attrs.get(name, 0.0)) for trial in trials)
