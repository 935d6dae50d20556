"""The figures that a study can compare its trials by: those of a training's validations and of an evaluation."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from emotts.config import Params, Study
from emotts.errors import ConfigError
from emotts.evaluation.spoken_validation import SPOKEN_FIGURES
from emotts.judges.panel import PARTS
from emotts.monitor import SPOKEN
from emotts.training.phases import PHASES

__all__ = ["check_metrics", "evaluation_figures", "is_of_validation", "is_spoken", "spoken_names", "validation_figures"]

_PREFIX = "val/"
_GROUPS = ("", "shared_text.", "own_text.")


def is_of_validation(metric: str) -> bool:
    """Say whether a figure is one of the training's validations; the others are the evaluation's."""
    return metric.startswith(_PREFIX)


def is_spoken(metric: str) -> bool:
    """Say whether a figure is what a judge hears in the voice while it trains."""
    return metric.startswith(SPOKEN)


def spoken_names(params: Params) -> list[str]:
    """Return the names of the figures that every ``train.sample_every`` steps give under some settings, if heard."""
    return [f"{SPOKEN}{name}" for name in SPOKEN_FIGURES] if PHASES[params.train.phase].aligns else []


def validation_figures(params: Params) -> list[str]:
    """Return the names of the figures that every validation gives under some settings."""
    phase = PHASES[params.train.phase]
    losses = ["mel"] if phase.decodes else []
    losses += ["pitch"] if phase.decodes and params.model.synthesizer.decoder == "istft" else []
    losses += ["kl", *(("duration", "stochastic_duration") if phase.aligns else ())]
    return [f"{_PREFIX}score", *(f"{_PREFIX}loss/{name}" for name in losses)]


def evaluation_figures(params: Params, emotions: Sequence[str]) -> list[str]:
    """Return the names of the evaluation's figures that a voice can be made better by.

    Args:
        params: they say which judges there are.
        emotions: those that the voice is trained on; none without a phase that learns to speak.
    """
    if not PHASES[params.train.phase].aligns:
        return []
    names = [f"{group}{name}" for group in _GROUPS for name in ("emotion_accuracy.balanced", "emotion_probability")]
    names += [f"{group}emotion_accuracy.{emotion}" for group in _GROUPS for emotion in emotions]
    names += [f"judge.{judge}.emotion_accuracy.balanced" for judge in PARTS]
    spread = ["mcd_db", *(["cer"] if params.evaluate.recogniser != "none" else [])]
    names += [name for head in spread for name in (head, *(f"{head}.{emotion}" for emotion in emotions))]
    names += ["speaker_similarity"] if params.evaluate.speaker_judge != "none" else []
    return [*names, "n_unusable", "rtf"]


def check_metrics(study: Study, emotions: Sequence[str]) -> None:
    """Refuse objectives and a pruner's metric that no trial will have.

    Args:
        study: the study.
        emotions: those that the voice is trained on.

    Raises:
        ConfigError: naming the right ones.
    """
    early = validation_figures(study.settings)
    every = [*early, *evaluation_figures(study.settings, emotions)]
    for number, objective in enumerate(study.section.objectives):
        _check(objective.metric, every, where=study.place("objectives", number, "metric"))
    if study.section.pruner.kind != "none":
        known = [*early, *spoken_names(study.settings)]
        _check(study.section.pruner.metric, known, where=study.place("pruner", "metric"))


def _check(metric: str, known: Sequence[str], *, where: str) -> None:
    if metric not in known:
        near = difflib.get_close_matches(metric, known, n=1, cutoff=0.5)
        raise ConfigError(
            f"no trial has a figure {metric!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
            where=where,
            wanted=f"one of {', '.join(known)}",
        )
