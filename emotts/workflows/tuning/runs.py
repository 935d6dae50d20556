"""A study in MLflow: one run for the study, and below it one for every trial."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emotts.evaluation.comparison.seeds import spread
from emotts.paths import CORPUS
from emotts.schema import flatten
from emotts.settings import Params, Study
from emotts.tracking import RunWriter, Tracker, data_identity, known_run
from emotts.workflows.run_inputs import log_inputs
from emotts.workflows.tuning.attempts import Outcome
from emotts.workflows.tuning.queue import Lease

__all__ = ["StudyRuns", "violated"]

_STATUS = {"complete": "FINISHED", "pruned": "KILLED", "failed": "FAILED"}


def violated(study: Study, metrics: Mapping[str, float]) -> list[str]:
    """Return the constraints that a trial's metrics do not keep, with their values."""
    return [
        f"{each} ({metrics[each.metric]:.4g})"
        for each in study.section.constraints
        if each.metric in metrics and each.excess(metrics[each.metric]) > 0
    ]


class StudyRuns:
    """The runs of a study; their ids are attributes of the study and of its trials, where every process finds them.

    Args:
        study: the study.
        root: the project.
        parent: id of the study's run; None: a new one.
    """

    def __init__(self, study: Study, root: Path, *, parent: str | None) -> None:
        self._study = study
        self._root = root
        self._experiment = study.settings.project.experiment
        opened = self._open(parent, name=f"tune {study.name}")
        self.parent = opened.run_id
        self._experiment_id = opened.experiment_id

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

    def open_trial(self, lease: Lease, params: Params) -> Tracker:
        """Open a trial's run, and note its settings, data and place in the study."""
        name = f"{self._study.name} trial {lease.number:04d}"
        tracker = self._open(lease.attribute("run_id"), name=name, parent=self.parent)
        if lease.attribute("run_id") != tracker.run_id:
            lease.note(run_id=tracker.run_id)
        tracker.params(lease.values)  # these alone if they do not go together with the rest
        tags = {"tune.study": self._study.name, "tune.trial": str(lease.number)}
        owner = lease.attribute("voice_of", lease.number)
        tracker.tags(tags if owner == lease.number else {**tags, "tune.voice_of": str(owner)})
        log_inputs(tracker, params, root=self._root, corpus=CORPUS)
        return tracker

    def open_seed(self, lease: Lease, params: Params, *, seed: int) -> Tracker:
        """Open the run of a trial's training with one seed, which is below the trial's."""
        self.open_trial(lease, self._study.params(lease.values))
        known = lease.attribute("run_ids", {})
        name = f"{self._study.name} trial {lease.number:04d} seed {seed}"
        tracker = self._open(known.get(str(seed)), name=name, parent=lease.attribute("run_id"))
        if known.get(str(seed)) != tracker.run_id:
            lease.note(run_ids={**known, str(seed): tracker.run_id})
        tags = {"tune.study": self._study.name, "tune.of_trial": str(lease.number), "seed": str(seed)}
        tracker.tags(tags)
        log_inputs(tracker, params, root=self._root, corpus=CORPUS)
        return tracker

    def interrupt_study(self) -> None:
        """Mark the study's run as killed, until a process goes on with it."""
        self._known(self.parent).end(status="KILLED")

    def interrupt_trial(self, lease: Lease) -> None:
        """Mark a trial's run as killed, until a process goes on with it."""
        if (run_id := lease.attribute("run_id")) is not None:
            self._known(run_id).end(status="KILLED")

    def end_trial(self, lease: Lease, params: Params, outcome: Outcome) -> None:
        """Note how a trial ended, in its run's status, tags, description and ``objective.NAME`` metrics.

        With several seeds, ``objective.NAME.sd`` is the standard deviation between them, and all metrics are means.
        """
        run_id = lease.attribute("run_id")
        tracker = self.open_trial(lease, params) if run_id is None else self._known(run_id)
        tracker.tags(
            {"tune.state": outcome.kind, **({} if outcome.reason is None else {"tune.reason": outcome.reason})}
        )
        if outcome.reason is not None:
            tracker.note(f"{outcome.kind}: {outcome.reason}")
        names = [f"objective.{each.metric}" for each in self._study.section.objectives]
        tracker.metrics(dict(zip(names, outcome.values or (), strict=False)))
        if outcome.by_seed:
            spreads = map(spread, zip(*outcome.by_seed.values(), strict=True))
            sds = {f"{name}.sd": each.sd for name, each in zip(names, spreads, strict=True) if each.sd is not None}
            tracker.metrics({**outcome.metrics, **sds})
        if outcome.metrics and (broken := violated(self._study, outcome.metrics)):
            tracker.tags({"tune.violates": ", ".join(broken)})
        tracker.end(status=_STATUS[outcome.kind])
        if outcome.kind != "complete":  # the training with the last seed ended in the same way
            for run_id in [*lease.attribute("run_ids", {}).values()][-1:]:
                self._known(run_id).end(status=_STATUS[outcome.kind])

    def _known(self, run_id: str) -> RunWriter:
        """Return a writer of a run that was opened before: no store that is away loses how it ended."""
        return known_run(self._root, run_id, experiment_id=self._experiment_id)

    def _open(self, run_id: Any, *, name: str, parent: str | None = None) -> Tracker:
        return Tracker(self._root, experiment=self._experiment, run_id=run_id, name=name, parent=parent)
