"""A study in MLflow: one run for the study, and below it one for every trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emotts.config import Params, Study, flatten
from emotts.run_inputs import log_inputs
from emotts.tracking import Tracker, data_identity
from emotts.tuning.outcome import Outcome
from emotts.tuning.queue import Claim
from emotts.tuning.stages import CORPUS

__all__ = ["StudyRuns"]

_STATUS = {"complete": "FINISHED", "pruned": "KILLED", "failed": "FAILED"}


class StudyRuns:
    """The runs of a study; which they are stands in the study itself, for every process to find.

    Args:
        study: the study.
        root: the project.
        parent: id of the study's run; None: a new one.
    """

    def __init__(self, study: Study, root: Path, *, parent: str | None) -> None:
        self._study = study
        self._root = root
        self._experiment = study.settings.project.experiment
        self.parent = self._open(parent, name=f"tune {study.name}").run_id

    def describe(self, storage: str) -> None:
        """Note what is searched, how and where in the study's run."""
        tracker = self.open_study()
        section = self._study.section.model_dump(exclude={"params"}, exclude_none=True)
        objectives = {each["metric"]: each["direction"] for each in section.pop("objectives")}
        tracker.params(flatten({**section, "objectives": objectives, "storage": storage}))
        tracker.params(flatten(self._study.section.params, prefix="params."))
        tracker.tags({"tune.study": self._study.name, **data_identity(self._root)})

    def open_study(self) -> Tracker:
        """Open the study's run."""
        return self._open(self.parent, name=f"tune {self._study.name}")

    def open_trial(self, claim: Claim, params: Params) -> Tracker:
        """Open a trial's run, and note its settings, data and place in the study."""
        name = f"{self._study.name} trial {claim.number:04d}"
        tracker = self._open(claim.attribute("run_id"), name=name, parent=self.parent)
        if claim.attribute("run_id") != tracker.run_id:
            claim.note(run_id=tracker.run_id)
        tracker.params(claim.values)  # these alone if they do not go together with the rest
        tracker.tags({"tune.study": self._study.name, "tune.trial": str(claim.number)})
        log_inputs(tracker, params, root=self._root, corpus=CORPUS)
        return tracker

    def end_trial(self, claim: Claim, params: Params, outcome: Outcome) -> None:
        """Note how a trial ended, in its run's status, tags, description and ``objective.NAME`` figures."""
        tracker = self.open_trial(claim, params)
        tracker.tags(
            {"tune.state": outcome.kind, **({} if outcome.reason is None else {"tune.reason": outcome.reason})}
        )
        if outcome.reason is not None:
            tracker.note(f"{outcome.kind}: {outcome.reason}")
        names = [f"objective.{each.metric}" for each in self._study.section.objectives]
        tracker.metrics(dict(zip(names, outcome.values or (), strict=False)))
        tracker.end(status=_STATUS[outcome.kind])

    def _open(self, run_id: Any, *, name: str, parent: str | None = None) -> Tracker:
        return Tracker(self._root, experiment=self._experiment, run_id=run_id, name=name, parent=parent)
