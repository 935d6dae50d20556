"""The names of all metrics that an evaluation can have, known before anything is trained."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from emotts.evaluation.intensity import MEASURES
from emotts.evaluation.phone_classes import LANGUAGE_CLASSES
from emotts.evaluation.phone_errors import LANES
from emotts.evaluation.prosody import MATCHED, TIMING, UNCOMPARED, UNITS
from emotts.evaluation.settings import EvaluateSettings

__all__ = ["metric_names"]

_ENDS = ("low", "high", "count")
_COUNTS = ("n_sentences", "n_shared_sentences", "n_clips", "n_unusable", "reference.n_clips", "reference.n_unusable")
_SPEED = ("compute_s", "audio_s", "rtf", "rtf.threads")


def metric_names(
    settings: EvaluateSettings,
    *,
    language: str,
    emotions: Sequence[str],
    auxiliaries: Sequence[str],
    styles: Sequence[str] = (),
) -> list[str]:
    """Return every name that ``evaluation.json`` can have under some settings; a corpus may lack what some need.

    Args:
        settings: which models listen, and whether curves over intensity are spoken.
        language: of the sentences; their phones depend on it.
        emotions: those that the voice is trained on.
        auxiliaries: the names of the auxiliary classifiers.
        styles: mixtures that it also speaks in.
    """
    spoken = (*emotions, *styles)
    parts = [
        _COUNTS,
        _heard(emotions, auxiliaries),
        _distortion(spoken),
        _prosody(spoken),
        _character_errors(spoken) if settings.recogniser != "none" else (),
        _phones(language) if settings.recogniser != "none" else (),
        _quality(spoken) if settings.quality_predictor != "none" else (),
        _similarity() if settings.speaker_encoder != "none" else (),
        _intensity(emotions) if settings.intensity_sentences else (),
        _SPEED,
    ]
    return list(itertools.chain.from_iterable(parts))


def _heard(emotions: Sequence[str], auxiliaries: Sequence[str]) -> Iterator[str]:
    for prefix in ("", "shared_text.", "own_text.", "reference."):
        yield f"{prefix}emotion_probability"
        yield from (f"{prefix}emotion_accuracy.{name}" for name in ("balanced", "chance", *emotions))
        yield from (f"{prefix}emotion_accuracy.{name}.{end}" for name in emotions for end in _ENDS)
    for prefix in ("auxiliary.", "reference.auxiliary."):
        for group in auxiliaries:
            yield from (f"{prefix}{group}.emotion_accuracy.{name}" for name in ("balanced", *emotions))


def _distortion(spoken: Sequence[str]) -> Iterator[str]:
    yield from ("mcd_db", "mcd_db.ratio", "mcd_db.source_variability", "reference.mcd_db.other_sentence")
    yield from (f"mcd_db.{name}" for name in (*_ENDS, *spoken))


def _character_errors(spoken: Sequence[str]) -> Iterator[str]:
    yield "cer.over_reference"
    for prefix in ("", "reference."):
        yield from (f"{prefix}cer{name}" for name in ("", *(f".{each}" for each in (*_ENDS, *spoken))))


def _phones(language: str) -> Iterator[str]:
    for lane in LANES:
        head = f"phone_errors.{lane}"
        yield from (head, f"{head}.added")
        yield from (f"{head}.{name}{end}" for name in LANGUAGE_CLASSES[language] for end in ("", ".count"))


def _quality(spoken: Sequence[str]) -> Iterator[str]:
    for prefix in ("", "reference."):
        yield from (f"{prefix}quality{name}" for name in ("", *(f".{each}" for each in (*_ENDS, *spoken))))


def _similarity() -> Iterator[str]:
    yield from ("speaker_similarity", "speaker_similarity.ratio", "reference.speaker_similarity")


def _prosody(spoken: Sequence[str]) -> Iterator[str]:
    yield "prosody.within_15_percent"
    for name, measure in itertools.product(spoken, UNITS):
        head = f"prosody.{name}.{measure}"
        yield from (head, f"reference.{head}")
        yield from () if measure in UNCOMPARED else (f"{head}.ratio",)
        yield from (f"{head}.within_15_percent",) if measure in MATCHED else ()
    for measure in TIMING:
        head = f"prosody.{measure}"
        yield from (head, f"reference.{head}", *(() if measure in UNCOMPARED else (f"{head}.ratio",)))


def _intensity(emotions: Sequence[str]) -> Iterator[str]:
    yield "intensity.n_sentences"
    for measure in MEASURES:
        head = f"intensity.spearman.{measure}"
        yield from (head, *(f"{head}.{name}" for name in emotions))
