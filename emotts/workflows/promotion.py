"""Promotion of a run's voice to the alias ``champion``, unless a headline metric is surely worse than before."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from emotts.errors import ConfigError
from emotts.evaluation.comparison.compare import Comparison, MetricRow, compare_results, read_results
from emotts.evaluation.comparison.tables import difference_text, number_text
from emotts.evaluation.headline import HEADLINE
from emotts.settings.former_names import former_keys
from emotts.tracking.registry import ModelVersion, note_decision, set_alias, version_with_alias
from emotts.tracking.runs import Run, read_run
from emotts.workflows.registered import registered_voice

__all__ = ["CHAMPION", "Promotion", "plan_promotion", "promote"]

CHAMPION = "champion"
"""The alias of the voice that applications load: ``models:/NAME@champion``."""


@dataclass(frozen=True)
class Promotion:
    """The plan of a promotion: the new champion and the present one.

    Attributes:
        run: the run of the new version.
        champion: the present champion, None where there is none.
        champion_run: its run, None where that has gone.
        comparison: of the champion's run and the new one; None where there is nothing to compare.
        objection: why the new version is not to replace the present one, None where it may.
    """

    run: Run
    version: ModelVersion
    champion: ModelVersion | None
    champion_run: Run | None = None
    comparison: Comparison | None = None
    objection: str | None = None

    def decision(self, *, anyway: bool) -> str:
        """Return in a sentence whether the version becomes the champion, and why."""
        if self.champion is None:
            return "became champion: there was none"
        against = f"version {self.champion.version}"
        if self.objection is None:
            return f"became champion after {against}: no headline metric is surely worse{self._better()}"
        return f"{'became champion all the same' if anyway else 'refused'} against {against}: {self.objection}"

    def _better(self) -> str:
        rows = () if self.comparison is None else _headline_rows(self.comparison)
        better = [row.name for row in rows if _outcome(row) == "better"]
        return f"; surely better: {', '.join(better)}" if better else ""


def plan_promotion(root: Path, wanted: str, *, model: str) -> Promotion:
    """Find a run's voice in the registry and compare it to the present champion.

    Args:
        root: the project.
        wanted: what names the run, as :func:`~emotts.tracking.runs.find_run` takes it.
        model: name of the registered model.

    Raises:
        ConfigError: if there is no such run or several.
        CheckpointError: if the run registered no voice.
    """
    run, version = registered_voice(root, wanted, model=model)
    champion = version_with_alias(root, model, alias=CHAMPION)
    if champion is None or champion.version == version.version:
        return Promotion(run, version, champion, champion_run=None if champion is None else run)
    champion_run = None if champion.run_id is None else read_run(root, champion.run_id)
    if champion_run is None:
        objection = "the run of the present champion has gone, and its metrics with it"
        return Promotion(run, version, champion, objection=objection)
    if champion_run.run_id == run.run_id:
        return Promotion(run, version, champion, champion_run)
    comparison = _compare(root, champion_run, run, model=model)
    return Promotion(run, version, champion, champion_run, comparison, _objection(comparison))


def promote(root: Path, plan: Promotion, *, anyway: bool = False) -> None:
    """Move the alias, and write the decision into the version's description.

    Raises:
        ConfigError: if there is an objection; not with ``anyway``.
    """
    if plan.champion is None or plan.champion.version != plan.version.version:
        day = time.strftime("%Y-%m-%d %H:%M")
        note_decision(root, plan.version, f"{day}: {plan.decision(anyway=anyway)}")
    if plan.objection is not None and not anyway:
        raise ConfigError(
            f"version {plan.version.version} of {plan.version.name} was not promoted",
            found=plan.objection,
            remedy="listen to both (emotts compare RUN RUN -o comparison.html), and give it the alias all the same "
            "with --anyway",
        )
    set_alias(root, plan.version, alias=CHAMPION)


def _compare(root: Path, champion: Run, run: Run, *, model: str) -> Comparison:
    with tempfile.TemporaryDirectory(prefix="emotts-") as folder:
        names = (champion.run_id, run.run_id)
        return compare_results(read_results(root, names, model=model, folder=Path(folder), former_keys=former_keys()))


def _objection(comparison: Comparison) -> str | None:
    """Return why a run's voice is not to replace the champion; None where nothing is surely worse."""
    for results, whose in zip(comparison.results, ("the present champion", "the run"), strict=True):
        if not set(HEADLINE) & results.run.metrics.keys():
            return f"{whose} has no metrics to compare: {results.run.title} was not evaluated"
        if not results.clips:
            return f"{whose} holds no spoken clips, so nothing is certain: {results.run.title}"
    worse = [_worse(row) for row in _headline_rows(comparison) if _outcome(row) == "worse"]
    return "; ".join(worse) or None


def _headline_rows(comparison: Comparison) -> list[MetricRow]:
    return [row for row in comparison.metrics if row.name in HEADLINE]


def _outcome(row: MetricRow) -> str:
    (found,) = row.differences
    return "" if found is None else found.outcome


def _worse(row: MetricRow) -> str:
    old, new = (number_text(value) for value in row.values)
    return f"{row.name} is {new}, the present champion has {old}: {difference_text(row.differences[0])}"
