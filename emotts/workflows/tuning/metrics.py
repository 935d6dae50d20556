"""The metrics that a study can compare its trials by: those of a training's validations and of an evaluation."""

from __future__ import annotations

from collections.abc import Sequence

from emotts.evaluation.spoken_validation import SPOKEN_METRICS
from emotts.recognition.encoder_probe import auxiliary_classifiers
from emotts.settings import Params, Study
from emotts.training.phases.registry import PHASES
from emotts.workflows.metric_check import check_metric
from emotts.workflows.training_monitor import SPOKEN

__all__ = ["check_metrics", "evaluation_metrics", "is_of_validation", "is_spoken", "spoken_names", "validation_metrics"]

_PREFIX = "val/"
_GROUPS = ("", "shared_text.", "own_text.")


def is_of_validation(metric: str) -> bool:
    """Say whether a metric is one of the training's validations; the others are the evaluation's."""
    return metric.startswith(_PREFIX)


def is_spoken(metric: str) -> bool:
    """Say whether a metric is what a classifier hears in the voice while it trains."""
    return metric.startswith(SPOKEN)


def spoken_names(params: Params) -> list[str]:
    """Return the names of the metrics that every ``train.sample_every`` steps give under some settings, if heard."""
    return [f"{SPOKEN}{name}" for name in SPOKEN_METRICS] if PHASES[params.train.phase].aligns else []


def validation_metrics(params: Params) -> list[str]:
    """Return the names of the metrics that every validation gives under some settings."""
    phase = PHASES[params.train.phase]
    losses = ["mel"] if phase.decodes else []
    losses += ["pitch"] if phase.decodes and params.model.synthesizer.decoder == "istft" else []
    losses += ["kl", *(("duration", "duration_frames", "stochastic_duration") if phase.aligns else ())]
    return [f"{_PREFIX}score", *(f"{_PREFIX}loss/{name}" for name in losses)]


def evaluation_metrics(params: Params, emotions: Sequence[str]) -> list[str]:
    """Return the names of the evaluation's metrics that a voice can be made better by.

    Args:
        params: they say which classifiers there are.
        emotions: those that the voice is trained on; none without a phase that learns to speak.
    """
    if not PHASES[params.train.phase].aligns:
        return []
    names = [f"{group}{name}" for group in _GROUPS for name in ("emotion_accuracy.balanced", "emotion_probability")]
    names += [f"{group}emotion_accuracy.{emotion}" for group in _GROUPS for emotion in emotions]
    names += [
        f"auxiliary.{classifier}.emotion_accuracy.balanced" for classifier in auxiliary_classifiers(params.classifier)
    ]
    spread = ["mcd_db", *(["cer"] if params.evaluate.recogniser != "none" else [])]
    spread += ["quality"] if params.evaluate.quality_predictor != "none" else []
    names += [name for head in spread for name in (head, *(f"{head}.{emotion}" for emotion in emotions))]
    names += ["speaker_similarity"] if params.evaluate.speaker_encoder != "none" else []
    return [*names, "n_unusable", "rtf"]


def check_metrics(study: Study, emotions: Sequence[str]) -> None:
    """Refuse objectives, constraints and a pruner's metric that no trial will have.

    Args:
        study: the study.
        emotions: those that the voice is trained on.

    Raises:
        ConfigError: naming the right ones.
    """
    early = validation_metrics(study.settings)
    every = [*early, *evaluation_metrics(study.settings, emotions)]
    for metric, place in study.compared():
        _check(metric, every, where=place)
    if study.section.pruner.kind != "none":
        known = [*early, *spoken_names(study.settings)]
        _check(study.section.pruner.metric, known, where=study.place("pruner", "metric"))


def _check(metric: str, known: Sequence[str], *, where: str) -> None:
    check_metric(metric, known, where=where, whose="trial", shown=known)
