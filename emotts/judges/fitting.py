"""Fit the emotion classifier on a corpus: features, cross-validation, held-out score, files and picture."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from emotts.audio.io import read_mono
from emotts.corpus.lists import CorpusItem, read_list
from emotts.corpus.rows import write_text
from emotts.emotions import EmotionSet
from emotts.errors import CorpusError
from emotts.judges.cross_validation import INTERVAL_METHOD, CrossValidation, cross_validate
from emotts.judges.emotion import EmotionClassifier, require_samples
from emotts.judges.emotion_features import FEATURE_NAMES, emotion_features
from emotts.judges.panel import PARTS, EmotionPanel, part_columns
from emotts.judges.pictures import confusion_figure, save_figure
from emotts.judges.scores import balanced_accuracy, confusion, recalls

__all__ = ["ClassifierReport", "LabelledFeatures", "fit_emotion_classifier", "held_out_figures"]

_logger = logging.getLogger(__name__)
Array = npt.NDArray[np.float64]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class LabelledFeatures:
    """Features (clip, feature) of clips with their emotions and speakers."""

    features: Array
    emotions: tuple[str, ...]
    speakers: tuple[str, ...]


@dataclass(frozen=True)
class ClassifierReport:
    """The figures of ``report.json`` under flat names, and the cross-validation they come from."""

    figures: dict[str, float]
    cross_validation: CrossValidation


def fit_emotion_classifier(
    corpus: Path,
    out: Path,
    *,
    emotions: EmotionSet,
    folds: int,
    repeats: int,
    seed: int,
    progress: Progress | None = None,
) -> ClassifierReport:
    """Fit on the training utterances of a corpus alone, and score the held-out ones (validation and test).

    Beside the judge on all features stand the second ones (:data:`emotts.judges.panel.PARTS`), fitted and scored on
    the same clips; their figures begin with ``judge.NAME.``. Writes ``classifier.safetensors``, ``classifier.json``,
    ``report.json`` and ``confusion.png`` into ``out``, and the second judges into folders of their names below it.

    Raises:
        CorpusError: if a list is missing, an emotion is unknown, or an emotion has fewer than 2 training clips.
        AudioError: if a wav cannot be read.
    """
    train = read_list(corpus / "train.list")
    held_out = [*read_list(corpus / "val.list"), *read_list(corpus / "test.list")]
    require_samples([emotions.resolve(item.emotion) for item in train])
    measured = measure_items(corpus, [*train, *held_out], emotions=emotions, progress=progress)
    seen, unseen = _part(measured, slice(None, len(train))), _part(measured, slice(len(train), None))
    how: dict[str, Any] = {"folds": folds, "repeats": repeats, "seed": seed, "progress": progress}
    validation = cross_validate(seen.features, seen.emotions, seen.speakers, feature_names=FEATURE_NAMES, **how)
    judges = EmotionPanel.fit(seen.features, seen.emotions, seen.speakers)
    scored, matrix = held_out_figures(judges.main, unseen)
    figures = {f"cross_validation.{name}": value for name, value in validation.figures().items()} | scored
    for name, judge in judges.seconds.items():
        figures |= _second_figures(name, judge, seen=seen, unseen=unseen, how=how)
    judges.save(out)
    save_figure(_picture(validation, matrix), out / "confusion.png")
    write_text(out / "report.json", json.dumps(figures, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    _logger.info(
        "emotion classifier: balanced accuracy %.3f (%.3f-%.3f, %s) on %d clips, %s on %d held-out clips",
        validation.balanced_accuracy,
        validation.low,
        validation.high,
        INTERVAL_METHOD,
        len(train),
        f"{scored['held_out.balanced_accuracy']:.3f}" if "held_out.balanced_accuracy" in scored else "unknown",
        len(held_out),
    )
    return ClassifierReport(figures, validation)


def _second_figures(
    name: str, judge: EmotionClassifier, *, seen: LabelledFeatures, unseen: LabelledFeatures, how: Mapping[str, Any]
) -> dict[str, float]:
    """Cross-validate a second judge on its part of the features, and score it on the held-out clips."""
    part = part_columns(name)
    heard = LabelledFeatures(unseen.features[:, part], unseen.emotions, unseen.speakers)
    scored, _ = held_out_figures(judge, heard)
    validation = cross_validate(
        seen.features[:, part], seen.emotions, seen.speakers, feature_names=PARTS[name], **how
    ).figures()
    validated = {f"cross_validation.{key}": value for key, value in validation.items()}
    return {f"judge.{name}.{key}": value for key, value in (validated | scored).items() if ".count" not in key}


def measure_items(
    corpus: Path, items: Sequence[CorpusItem], *, emotions: EmotionSet, progress: Progress | None = None
) -> LabelledFeatures:
    """Measure the wavs of list rows; their paths are relative to the corpus folder."""
    rows = []
    for done, item in enumerate(items, 1):
        samples, sample_rate_hz = read_mono(corpus / item.wav)
        rows.append(emotion_features(samples, sample_rate_hz=sample_rate_hz))
        if progress is not None:
            progress(done, len(items), "measuring clips for the emotion classifier")
    labels = tuple(emotions.resolve(item.emotion, where=item.wav) for item in items)
    return LabelledFeatures(np.stack(rows), labels, tuple(item.speaker for item in items))


def held_out_figures(judge: EmotionClassifier, unseen: LabelledFeatures) -> tuple[dict[str, float], Array | None]:
    """Return figures and confusion matrix (true, predicted) of clips that the judge was not fitted on.

    A speaker the judge does not know is heard by the pooled statistics. Without clips there is no figure and no
    matrix.

    Raises:
        CorpusError: if a held-out emotion is unknown to the judge.
    """
    figures: dict[str, float] = {"held_out.count": float(len(unseen.emotions))}
    strange = sorted(set(unseen.emotions) - set(judge.emotions))
    if strange:
        raise CorpusError(
            f"held-out clips have an emotion that no training clip has: {', '.join(strange)}",
            wanted=f"one of {', '.join(judge.emotions)}",
            remedy="record more of it, or lower corpus.val_share and corpus.test_share",
        )
    if not unseen.emotions:
        return figures, None
    heard = []
    for row, speaker in zip(unseen.features, unseen.speakers, strict=True):
        heard.extend(judge.predict(row[None], speaker=speaker if speaker in judge.speakers else None))
    matrix = confusion(unseen.emotions, heard, emotions=judge.emotions)
    figures["held_out.balanced_accuracy"] = balanced_accuracy(matrix)
    for name, recall in recalls(matrix, judge.emotions).items():
        head = f"held_out.recall.{name}"
        figures |= {head: recall.value, f"{head}.low": recall.low, f"{head}.high": recall.high}
        figures[f"held_out.count.{name}"] = float(unseen.emotions.count(name))
    return figures, matrix


def _picture(validation: CrossValidation, held_out: Array | None) -> Figure:
    matrices = {f"cross-validated ({sum(validation.counts.values())} training clips)": validation.confusion}
    if held_out is not None:
        matrices[f"held out ({held_out.sum():.0f} clips)"] = held_out
    return confusion_figure(matrices, emotions=validation.emotions, title="Emotion classifier on real speech")


def _part(measured: LabelledFeatures, rows: slice) -> LabelledFeatures:
    return LabelledFeatures(measured.features[rows], measured.emotions[rows], measured.speakers[rows])
