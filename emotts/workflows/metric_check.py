"""Refusing metrics that no training will have, before anything is trained."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from emotts.errors import ConfigError
from emotts.evaluation.comparison.metrics import main_metrics
from emotts.evaluation.metric_names import metric_names
from emotts.recognition.encoder_probe import auxiliary_classifiers
from emotts.settings import Ablation

__all__ = ["check_ablation_metrics", "check_metric"]


def check_metric(metric: str, known: Sequence[str], *, where: str, whose: str, shown: Sequence[str]) -> None:
    """Refuse a name that is not known.

    Args:
        metric: the name.
        known: all names.
        where: ``file:line``.
        whose: what has metrics, such as ``trial``.
        shown: the names to list as those that are wanted.

    Raises:
        ConfigError: with the nearest name.
    """
    if metric in known:
        return
    near = difflib.get_close_matches(metric, known, n=1, cutoff=0.5)
    raise ConfigError(
        f"no {whose} has a metric {metric!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        where=where,
        wanted=f"one of {', '.join(shown)}",
    )


def check_ablation_metrics(ablation: Ablation, emotions: Sequence[str]) -> None:
    """Refuse metrics that no variant of a comparison will have.

    Args:
        ablation: the comparison.
        emotions: those that the voices are trained on.

    Raises:
        ConfigError: naming the nearest one, file and line.
    """
    params = [variant.measured for variant in ablation.variants]
    names = [
        metric_names(
            each.evaluate,
            language=each.project.language,
            emotions=emotions,
            auxiliaries=auxiliary_classifiers(each.classifier),
            styles=each.styles,
        )
        for each in params
    ]
    known = list(dict.fromkeys(name for group in names for name in group))
    for number, metric in enumerate(ablation.metrics):
        where = ablation.place("metrics", number)
        check_metric(metric, known, where=where, whose="variant", shown=main_metrics(known))
