"""Former names in settings files: each is refused with its place and the present name."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import get_args

from emotts.errors import ConfigError
from emotts.schema import Settings
from emotts.settings.params import Params
from emotts.tracking.former_names import present_metric

__all__ = ["former_keys", "refuse_former_metrics", "unknown_key"]


def former_keys() -> dict[str, str]:
    """Return the former dotted keys of ``params.yaml``, and the present ones."""
    return _former_keys(Params, "")


def _former_keys(kind: type[Settings], head: str) -> dict[str, str]:
    found = {f"{head}{former}": f"{head}{present}" for former, present in kind.renamed.items()}
    for name, field in kind.model_fields.items():
        for each in get_args(field.annotation) or (field.annotation,):
            if isinstance(each, type) and issubclass(each, Settings):
                found |= _former_keys(each, f"{head}{name}.")
    return found


def unknown_key(name: str, known: Collection[str]) -> str:
    """Return what to say of a dotted key that ``params.yaml`` does not have: its present name, or a similar one."""
    present = former_keys().get(name)
    if present is not None:
        return f"{name!r} is now called {present!r}"
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"unknown key {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def refuse_former_metrics(named: Iterable[tuple[str, str]]) -> None:
    """Refuse metrics under former names.

    Args:
        named: (metric, place) for every metric that a file names.

    Raises:
        ConfigError: with the place (``file:line``) and the present name of each.
    """
    lines = [
        f"{place}: metric {name!r} is now called {present_metric(name)!r}"
        for name, place in named
        if present_metric(name) != name
    ]
    if lines:
        raise ConfigError("\n".join(lines), remedy="correct the metrics named above")
