"""What makes the trials of a study comparable, and which changes of it leave them so."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from emotts.corpus.identity import corpus_digest
from emotts.paths import CORPUS
from emotts.schema import flatten
from emotts.settings import ParameterSection, Study

__all__ = ["SEARCH", "definition", "forbidden_changes", "is_wider", "listed"]

SEARCH = "search."
"""What the names of searched parameters begin with."""
_READ = ("audio", "base", "model", "project.seed", "speaking", "text", "train", "evaluate")
"""What a trial depends on besides its own values; all trials of a study have the same."""
_SHOWN = 5


def definition(study: Study) -> dict[str, Any]:
    """Return what all trials of a study have in common, as flat JSON values."""
    section = study.section
    settings = flatten(study.settings.model_dump())
    read = {name: value for name, value in settings.items() if any(_below(name, root) for root in _READ)}
    values: dict[str, Any] = {name: value for name, value in read.items() if name not in study.search}
    values |= {f"{SEARCH}{name}": parameter.model_dump() for name, parameter in study.search.items()}
    values |= {
        "objectives": [each.model_dump() for each in section.objectives],
        "pruner": section.pruner.model_dump(),
        "corpus": corpus_digest(CORPUS),
    }
    if section.seeds is not None:
        values["seeds"] = section.seeds
    if section.constraints:
        values["constraints"] = [each.model_dump() for each in section.constraints]
    plain: dict[str, Any] = json.loads(json.dumps(values))
    return plain


def forbidden_changes(known: Mapping[str, Any], wanted: Mapping[str, Any], *, sampler: str) -> list[str]:
    """Return the parts of a definition whose change makes new trials incomparable with old ones.

    A wider range is allowed (``cmaes`` would not see it), as is another pruner that looks at the same metric.

    Args:
        known: the definition that the study was begun with.
        wanted: that of its file now.
        sampler: its kind.
    """
    changed = sorted(key for key in known.keys() | wanted.keys() if known.get(key) != wanted.get(key))
    return [key for key in changed if not _allowed(key, known.get(key), wanted.get(key), sampler=sampler)]


def _allowed(key: str, old: Any, new: Any, *, sampler: str) -> bool:
    if old is None or new is None:
        return False
    if key == "pruner":
        return "none" in (old["kind"], new["kind"]) or old["metric"] == new["metric"]
    return key.startswith(SEARCH) and sampler != "cmaes" and is_wider(old, new)


def is_wider(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Say whether a range holds an older one, on the same scale and steps; choices cannot change at all."""
    first, second = (ParameterSection.from_dict(each) for each in (old, new))
    if first == second:
        return True
    if first.choices is not None or first.changed(low=second.low, high=second.high) != second:
        return False
    ends = [end for end in (first.low, first.high) if end is not None]
    return all(second.holds(float(end) if second.type == "float" else end) for end in ends)


def listed(values: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return some parts of a definition in a line, the first few if they are many."""
    shown = [f"{name}: {json.dumps(values.get(name), ensure_ascii=False)}" for name in names[:_SHOWN]]
    return "; ".join([*shown, *([f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else [])])


def _below(name: str, root: str) -> bool:
    return name == root or name.startswith(f"{root}.")
