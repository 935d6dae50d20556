"""Former names of metrics and settings, which runs still hold that were made under them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from emotts.tracking.metric_names import DETAIL

__all__ = ["present_metric", "present_metrics", "present_params"]

_FORMER_METRICS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"^{DETAIL}"), ""),
    (re.compile(r"^data\."), "corpus."),
    (re.compile(r"^((?:objective\.)?)real\."), r"\1reference."),
    (re.compile(r"^((?:objective\.|classifier\.)?(?:reference\.)?)judge\."), r"\1auxiliary."),
    (re.compile(r"^((?:objective\.)?)cer\.over_real$"), r"\1cer.over_reference"),
)
"""Former beginnings of metrics and what they became, and that of details; applied in this order. A trial's metrics
begin with ``objective.``, those of the classifiers' fitting with ``classifier.``."""
_STUDY_PARAMS = "params."
"""What precedes the settings that a study fixes, among the parameters of its run."""


def present_metric(name: str) -> str:
    """Return the present name of a metric, as ``evaluation.json`` has it."""
    for pattern, present in _FORMER_METRICS:
        name = pattern.sub(present, name)
    return name


def present_metrics(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return metrics under their present names; of two that are the same, the one that has the present name."""
    renamed = {present_metric(name): value for name, value in metrics.items()}
    return {name: metrics.get(name, value) for name, value in renamed.items()}


def present_params(params: Mapping[str, str], former_keys: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of a run under the present names of the settings.

    Args:
        params: by dotted key; those that a study fixes begin with ``params.``.
        former_keys: former dotted keys of ``params.yaml``, and the present ones.
    """
    renamed = {}
    for key, value in params.items():
        head = _STUDY_PARAMS if key.startswith(_STUDY_PARAMS) else ""
        setting = key.removeprefix(head)
        renamed[head + former_keys.get(setting, setting)] = value
    return {key: params.get(key, value) for key, value in renamed.items()}
