"""The fitting of the emotion classifiers on a corpus, with cross-validation and held-out scores."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from emotts.audio.io import read_mono
from emotts.corpus.lists import CorpusItem, read_list
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError
from emotts.files import write_text
from emotts.plotting import save_figure
from emotts.progress import Progress
from emotts.recognition.cross_validation import INTERVAL_METHOD, CrossValidation, Fit, cross_validate
from emotts.recognition.emotion_classifier import EmotionClassifier, require_samples
from emotts.recognition.emotion_features import FEATURE_NAMES, emotion_features
from emotts.recognition.encoder_probe import PROBE, EncoderProbe, remove_probe
from emotts.recognition.ensemble import FEATURE_GROUPS, EmotionEnsemble, group_columns
from emotts.recognition.plots import confusion_figure
from emotts.recognition.scores import balanced_accuracy, confusion, recalls
from emotts.recognition.settings import ClassifierSettings
from emotts.recognition.speech_encoder import SpeechEncoder

__all__ = ["ClassifierReport", "LabelledFeatures", "fit_emotion_classifier", "held_out_metrics"]

_logger = logging.getLogger(__name__)
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LabelledFeatures:
    """Features (clip, feature) of clips with their emotions and speakers."""

    features: Array
    emotions: tuple[str, ...]
    speakers: tuple[str, ...]

    @property
    def columns(self) -> tuple[Array, tuple[str, ...], tuple[str, ...]]:
        """Features, emotions and speakers."""
        return self.features, self.emotions, self.speakers

    def only(self, places: Sequence[int]) -> LabelledFeatures:
        """Return the same clips with some of the features."""
        return LabelledFeatures(self.features[:, places], self.emotions, self.speakers)


@dataclass(frozen=True)
class ClassifierReport:
    """The metrics of ``report.json`` under flat names, and the cross-validation they come from."""

    metrics: dict[str, float]
    cross_validation: CrossValidation


def fit_emotion_classifier(
    corpus: Path,
    out: Path,
    *,
    emotions: EmotionSet,
    settings: ClassifierSettings,
    seed: int,
    encoder: SpeechEncoder | None = None,
    progress: Progress | None = None,
) -> ClassifierReport:
    """Fit on the training utterances of a corpus alone, and score the held-out ones (validation and test).

    The auxiliary classifiers (those of :data:`emotts.recognition.ensemble.FEATURE_GROUPS`, and with an ``encoder`` the
    probe on it) get the same clips; their metrics begin with ``auxiliary.NAME.``, their files are in folders of their
    names. Writes ``classifier.safetensors``, ``classifier.json``, ``report.json`` and ``confusion.png`` into ``out``.

    Raises:
        CorpusError: if a list is missing, an emotion is unknown, or an emotion has fewer than 2 training clips.
        AudioError: if a wav cannot be read.
    """
    lists = [read_list(corpus / f"{name}.list") for name in ("train", "val", "test")]
    require_samples([emotions.resolve(item.emotion) for item in lists[0]])
    items, n = [item for each in lists for item in each], len(lists[0])
    seen, unseen = _parts(measure_items(corpus, items, emotions=emotions, progress=progress), n)
    how: dict[str, Any] = {"folds": settings.folds, "repeats": settings.repeats, "seed": seed, "progress": progress}
    validation = cross_validate(*seen.columns, fit=partial(EmotionClassifier.fit, feature_names=FEATURE_NAMES), **how)
    ensemble = EmotionEnsemble.fit(*seen.columns)
    scored, matrix = held_out_metrics(ensemble.main, unseen)
    metrics = _named(validation) | scored
    for name, classifier in ensemble.auxiliaries.items():
        metrics |= _group_metrics(name, classifier, parts=(seen, unseen), how=how)
    remove_probe(out)
    ensemble.save(out)
    if encoder is not None:
        parts = _parts(measure_items(corpus, items, emotions=emotions, measure=encoder.features, progress=progress), n)
        metrics |= _fit_probe(parts, out, how=how)
    save_figure(_picture(validation, matrix), out / "confusion.png")
    write_text(out / "report.json", json.dumps(metrics, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    _log_scores(validation, scored.get("held_out.balanced_accuracy"), n_train=n, n_held_out=len(items) - n)
    return ClassifierReport(metrics, validation)


def _log_scores(validation: CrossValidation, held_out: float | None, *, n_train: int, n_held_out: int) -> None:
    _logger.info(
        "emotion classifier: balanced accuracy %.3f (%.3f-%.3f, %s) on %d clips, %s on %d held-out clips",
        *(validation.balanced_accuracy, validation.low, validation.high, INTERVAL_METHOD, n_train),
        "unknown" if held_out is None else f"{held_out:.3f}",
        n_held_out,
    )


def _group_metrics(
    name: str,
    classifier: EmotionClassifier,
    *,
    parts: tuple[LabelledFeatures, LabelledFeatures],
    how: Mapping[str, Any],
) -> dict[str, float]:
    """Return the metrics of an auxiliary classifier of the ensemble, given all features of the clips."""
    places, fit = group_columns(name), partial(EmotionClassifier.fit, feature_names=FEATURE_GROUPS[name])
    seen, unseen = parts
    return _auxiliary_metrics(name, classifier, parts=(seen.only(places), unseen.only(places)), fit=fit, how=how)


def _fit_probe(
    parts: tuple[LabelledFeatures, LabelledFeatures], out: Path, *, how: Mapping[str, Any]
) -> dict[str, float]:
    """Fit the probe on features of the encoder, of training and held-out clips, keep it, and return its metrics."""
    probe = EncoderProbe.fit(*parts[0].columns)
    probe.save(out / PROBE)
    return _auxiliary_metrics(PROBE, probe, parts=parts, fit=EncoderProbe.fit, how=how)


def _auxiliary_metrics(
    name: str,
    classifier: EmotionClassifier,
    *,
    parts: tuple[LabelledFeatures, LabelledFeatures],
    fit: Fit,
    how: Mapping[str, Any],
) -> dict[str, float]:
    """Cross-validate an auxiliary classifier on the training clips, and score it on the held-out ones."""
    seen, unseen = parts
    scored, _ = held_out_metrics(classifier, unseen)
    found = _named(cross_validate(*seen.columns, fit=fit, **how)) | scored
    return {f"auxiliary.{name}.{key}": value for key, value in found.items() if ".count" not in key}


def _named(validation: CrossValidation) -> dict[str, float]:
    return {f"cross_validation.{name}": value for name, value in validation.metrics().items()}


def _measured(samples: Array, sample_rate_hz: int) -> Array:
    return emotion_features(samples, sample_rate_hz=sample_rate_hz)


def measure_items(
    corpus: Path,
    items: Sequence[CorpusItem],
    *,
    emotions: EmotionSet,
    measure: Callable[[Array, int], Array] = _measured,
    progress: Progress | None = None,
) -> LabelledFeatures:
    """Measure the wavs of list rows; their paths are relative to the corpus folder.

    ``measure`` returns the features (feature,) of samples (sample,) at a rate in Hz.
    """
    rows = []
    for done, item in enumerate(items, 1):
        samples, sample_rate_hz = read_mono(corpus / item.wav)
        rows.append(measure(np.asarray(samples, dtype=np.float64), sample_rate_hz))
        if progress is not None:
            progress(done, len(items), "measuring clips for the emotion classifier")
    labels = tuple(emotions.resolve(item.emotion, where=item.wav) for item in items)
    return LabelledFeatures(np.stack(rows), labels, tuple(item.speaker for item in items))


def held_out_metrics(classifier: EmotionClassifier, unseen: LabelledFeatures) -> tuple[dict[str, float], Array | None]:
    """Return metrics and confusion matrix (true, predicted) of clips that the classifier was not fitted on.

    The classifier uses the pooled statistics for a speaker that it does not know. Without clips there is no metric
    and no matrix.

    Raises:
        CorpusError: if a held-out emotion is unknown to the classifier.
    """
    metrics: dict[str, float] = {"held_out.count": float(len(unseen.emotions))}
    strange = sorted(set(unseen.emotions) - set(classifier.emotions))
    if strange:
        raise CorpusError(
            f"held-out clips have an emotion that no training clip has: {', '.join(strange)}",
            wanted=f"one of {', '.join(classifier.emotions)}",
            remedy="record more of it, or leave the emotion out",
        )
    if not unseen.emotions:
        return metrics, None
    heard = []
    for row, speaker in zip(unseen.features, unseen.speakers, strict=True):
        heard.extend(classifier.predict(row[None], speaker=speaker if speaker in classifier.speakers else None))
    matrix = confusion(unseen.emotions, heard, emotions=classifier.emotions)
    metrics["held_out.balanced_accuracy"] = balanced_accuracy(matrix)
    for name, recall in recalls(matrix, classifier.emotions).items():
        head = f"held_out.recall.{name}"
        metrics |= {head: recall.value, f"{head}.low": recall.low, f"{head}.high": recall.high}
        metrics[f"held_out.count.{name}"] = float(unseen.emotions.count(name))
    return metrics, matrix


def _picture(validation: CrossValidation, held_out: Array | None) -> Figure:
    matrices = {f"cross-validated ({sum(validation.counts.values())} training clips)": validation.confusion}
    if held_out is not None:
        matrices[f"held out ({held_out.sum():.0f} clips)"] = held_out
    return confusion_figure(matrices, emotions=validation.emotions, title="Emotion classifier on reference speech")


def _parts(measured: LabelledFeatures, n_seen: int) -> tuple[LabelledFeatures, LabelledFeatures]:
    """Return the first clips, which are those of training, and the others."""
    seen, unseen = (
        LabelledFeatures(measured.features[rows], measured.emotions[rows], measured.speakers[rows])
        for rows in (slice(None, n_seen), slice(n_seen, None))
    )
    return seen, unseen
