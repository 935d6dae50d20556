"""Opening a study: the first process makes it, and later ones must have settings that go with its trials."""

from __future__ import annotations

import logging
from typing import Any

import optuna

from emotts.errors import ConfigError
from emotts.settings import Study
from emotts.workflows.tuning.definition import SEARCH, definition, forbidden_changes, listed
from emotts.workflows.tuning.methods import make_pruner
from emotts.workflows.tuning.storage import StudyStorage, quiet_optuna
from emotts.workflows.tuning.taking_over import take_over

__all__ = ["load_study", "open_study"]

_LOG = logging.getLogger(__name__)


def open_study(storage: StudyStorage, study: Study) -> Any:
    """Return Optuna's study, made where there is none yet; the caller holds the study's lock.

    A new one takes over the trials of an older study, if its file says so.

    Raises:
        ConfigError: if trials were made with another search space, other settings or another corpus, or an older
            study has no trial that can be taken over.
    """
    wanted = definition(study)
    older = _older_study(storage, study)
    with quiet_optuna():
        optuna_study = optuna.create_study(
            study_name=study.name,
            storage=storage.rdb,
            directions=[objective.direction for objective in study.section.objectives],
            pruner=make_pruner(study.section.pruner, study),
            load_if_exists=True,
        )
    known = optuna_study.user_attrs.get("definition")
    if known is None:
        if older is not None:
            take_over(older, optuna_study, study, wanted=wanted)
        optuna_study.set_user_attr("definition", wanted)
        with quiet_optuna():
            optuna_study.set_metric_names([objective.metric for objective in study.section.objectives])
    elif known != wanted:
        _go_on(optuna_study, study, known=known, wanted=wanted)
    return optuna_study


def _go_on(optuna_study: Any, study: Study, *, known: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Take a change of the study's file over, if old and new trials stay comparable."""
    forbidden = forbidden_changes(known, wanted, sampler=study.section.sampler.kind)
    if forbidden:
        raise ConfigError(
            f"study {study.name} was begun with other settings, so new trials cannot be compared with its old ones",
            where=study.path,
            found=listed(wanted, forbidden),
            wanted=listed(known, forbidden),
            remedy="put that back, or give the study another name (with `take_over: "
            f"{study.name}`, it begins with the old trials that can be compared)",
        )
    changed = [key for key in wanted if known.get(key) != wanted[key]]
    _LOG.info("the study goes on with another %s", ", ".join(changed))
    optuna_study.set_user_attr("definition", wanted)
    if any(key.startswith(SEARCH) for key in changed):
        optuna_study.set_user_attr("widened", True)


def _older_study(storage: StudyStorage, study: Study) -> Any:
    """Return the study whose trials a new one takes over; None where there is nothing to take."""
    name = study.section.take_over
    if name is None:
        return None
    names = optuna.get_all_study_names(storage.rdb)
    if study.name in names and "definition" in load_study(storage, study).user_attrs:
        return None
    if name not in names:
        raise ConfigError(
            f"there is no study {name} whose trials could be taken over",
            where=study.place("take_over"),
            found=f"in {storage.shown}: {', '.join(sorted(set(names) - {study.name})) or 'no study'}",
            remedy="name one that is there, or leave take_over out",
        )
    return optuna.load_study(study_name=name, storage=storage.rdb)


def load_study(storage: StudyStorage, study: Study) -> Any:
    """Return Optuna's study as it is.

    Raises:
        ConfigError: if there is none of that name.
    """
    try:
        return optuna.load_study(study_name=study.name, storage=storage.rdb)
    except KeyError as error:
        raise ConfigError(
            f"there is no study {study.name} yet", where=storage.shown, remedy=f"run emotts tune {study.path}"
        ) from error
