"""Opening a study: made by the first process, and by every other one only if it means the same."""

from __future__ import annotations

import json
from typing import Any

import optuna

from emotts.config import Study, flatten
from emotts.corpus.identity import corpus_digest
from emotts.errors import ConfigError
from emotts.tuning.methods import make_pruner
from emotts.tuning.stages import CORPUS
from emotts.tuning.storage import StudyStorage, quiet_optuna

__all__ = ["load_opened", "open_study"]

_READ = ("audio", "base", "model", "project.seed", "speaking", "text", "train", "evaluate")
"""What a trial depends on besides its own values; all trials of a study have the same."""
_DEFINITION = "emotts:definition"


def open_study(storage: StudyStorage, study: Study) -> Any:
    """Return Optuna's study, made where there is none yet; the caller has its turn.

    Raises:
        ConfigError: if trials were made with another search space, other settings or another corpus.
    """
    with quiet_optuna():
        opened = optuna.create_study(
            study_name=study.name,
            storage=storage.rdb,
            directions=[objective.direction for objective in study.section.objectives],
            pruner=make_pruner(study.section.pruner, study),
            load_if_exists=True,
        )
    wanted = _definition(study)
    study_id = storage.rdb.get_study_id_from_name(study.name)
    known = storage.rdb.get_study_system_attrs(study_id).get(_DEFINITION)
    if known is None:
        storage.rdb.set_study_system_attr(study_id, _DEFINITION, wanted)
        with quiet_optuna():
            opened.set_metric_names([objective.metric for objective in study.section.objectives])
    elif known != wanted:
        changed = sorted(key for key in known.keys() | wanted.keys() if known.get(key) != wanted.get(key))
        raise ConfigError(
            f"study {study.name} was begun otherwise, so new trials cannot be compared with its old ones",
            where=study.path,
            found=_listed(wanted, changed),
            wanted=_listed(known, changed),
            remedy="put that back, or give the study another name",
        )
    return opened


def load_opened(storage: StudyStorage, study: Study) -> Any:
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


def _definition(study: Study) -> dict[str, Any]:
    """Return what makes two trials comparable, as flat JSON values."""
    settings = flatten(study.settings.model_dump())
    read = {name: value for name, value in settings.items() if any(_below(name, root) for root in _READ)}
    shared = {name: value for name, value in read.items() if name not in study.search}
    searched = {f"search.{name}": parameter.model_dump() for name, parameter in study.search.items()}
    plain: dict[str, Any] = json.loads(
        json.dumps(
            {
                **shared,
                **searched,
                "objectives": [each.model_dump() for each in study.section.objectives],
                "pruner": study.section.pruner.model_dump(),
                "corpus": corpus_digest(CORPUS),
            }
        )
    )
    return plain


def _below(name: str, root: str) -> bool:
    return name == root or name.startswith(f"{root}.")


def _listed(definition: dict[str, Any], names: list[str]) -> str:
    shown = [f"{name}: {json.dumps(definition.get(name), ensure_ascii=False)}" for name in names[:5]]
    return "; ".join([*shown, *([f"and {len(names) - 5} more"] if len(names) > 5 else [])])
