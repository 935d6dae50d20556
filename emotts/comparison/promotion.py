"""Giving a run's voice the alias ``champion`` in the model registry, if it is not worse than the present one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from emotts.comparison.figures import direction, main_figures
from emotts.errors import CheckpointError, ConfigError
from emotts.tracking.registry import ModelVersion, set_alias, version_of_run, version_with_alias
from emotts.tracking.runs import Run, find_run

__all__ = ["CHAMPION", "Promotion", "plan_promotion", "promote"]

CHAMPION = "champion"
"""The alias of the voice that applications load: ``models:/NAME@champion``."""


@dataclass(frozen=True)
class Promotion:
    """What is to become the champion, and what is it now.

    Attributes:
        run: the run of the new version.
        champion: the present champion, None where there is none.
        champion_run: its run, None where that has gone.
        objection: why the new version is not to replace the present one, None where it may.
    """

    run: Run
    version: ModelVersion
    champion: ModelVersion | None
    champion_run: Run | None
    objection: str | None


def plan_promotion(root: Path, wanted: str, *, model: str, by: str) -> Promotion:
    """Find a run's voice in the registry and compare it to the present champion.

    Args:
        root: the project.
        wanted: what names the run, as :func:`~emotts.tracking.runs.find_run` takes it.
        model: name of the registered model.
        by: the figure that decides.

    Raises:
        ConfigError: if there is no such run or several, or it cannot be said which way the figure is better.
        CheckpointError: if the run registered no voice.
    """
    run = find_run(root, wanted, model=model)
    if not direction(by):
        known = main_figures(run.metrics)
        near = difflib.get_close_matches(by, known, n=1)
        raise ConfigError(
            f"figure {by!r} cannot decide",
            found=f"did you mean {near[0]!r}?" if near else None,
            wanted=f"one of {', '.join(known)}" if known else "a figure of the evaluation",
        )
    version = version_of_run(root, model, run_id=run.run_id)
    if version is None:
        raise CheckpointError(
            f"the run registered no voice under the name {model!r}",
            where=run.title,
            remedy="name a run whose stage export has run (`dvc repro`); to get the voice of a study's trial, put its "
            "settings into params.yaml and run `dvc repro`",
        )
    champion = version_with_alias(root, model, alias=CHAMPION)
    champion_run = None if champion is None or champion.run_id is None else _run_of(root, champion.run_id, model)
    objection = None
    if champion is not None and champion.version != version.version:
        objection = _objection(run, champion_run, by)
    return Promotion(run, version, champion, champion_run, objection)


def promote(root: Path, plan: Promotion, *, anyway: bool = False) -> None:
    """Move the alias.

    Raises:
        ConfigError: if there is an objection; not with ``anyway``.
    """
    if plan.objection is not None and not anyway:
        raise ConfigError(
            f"version {plan.version.version} of {plan.version.name} was not promoted",
            found=plan.objection,
            remedy="give it the alias all the same with --anyway, or let another figure decide with --by",
        )
    set_alias(root, plan.version, alias=CHAMPION)


def _run_of(root: Path, run_id: str, model: str) -> Run | None:
    try:
        return find_run(root, run_id, model=model)
    except ConfigError:
        return None


def _objection(run: Run, champion: Run | None, by: str) -> str | None:
    """Return why a run's voice is not to replace the champion; None where it is at least as good."""
    if champion is None:
        return "the run of the present champion has gone, and its figures with it"
    for each, whose in ((run, "the run"), (champion, "the present champion")):
        if by not in each.metrics:
            return f"{whose} has no figure {by}: {each.title} was not evaluated"
    new, old = run.metrics[by], champion.metrics[by]
    if (new - old) * direction(by) < 0:
        return f"{by} is {new:.3f}; the present champion has {old:.3f}"
    return None
