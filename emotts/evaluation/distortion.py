"""Mel-cepstral distortion between a voice and reference renderings of the same sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from emotts.errors import CorpusError
from emotts.evaluation.mcd import mel_cepstral_distortion
from emotts.evaluation.measures import mean_interval
from emotts.evaluation.spoken import Clip

__all__ = ["VARIABILITY_FILE", "distortion_metrics", "source_variability", "with_distortion"]

VARIABILITY_FILE = "variability.json"


def source_variability(source: Path) -> dict[str, float]:
    """Return, by emotion, how many dB two renderings of the same sentence by the source itself are apart.

    They stand under ``mcd_db`` in ``variability.json`` of a recording's folder; most recordings have no such file, and
    then there are none.

    Raises:
        CorpusError: if the file holds something else.
    """
    path = source / VARIABILITY_FILE
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["mcd_db"]
        return {str(emotion): float(value) for emotion, value in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(
            "not the variability of a recording",
            where=path,
            found=error,
            wanted='{"mcd_db": {"happy": 3.2, ...}}, in dB',
            remedy="correct the file, or remove it",
        ) from error


def with_distortion(clips: Sequence[Clip], reference: Sequence[Clip]) -> list[Clip]:
    """Return the clips with their distortion where they are in their own emotion and have a reference rendering."""
    renderings = {(clip.task.text, clip.task.emotion): clip for clip in reference if clip.problem is None}
    measured = []
    for clip in clips:
        rendering = renderings.get((clip.task.text, clip.task.emotion))
        if rendering is None or not clip.task.own or clip.problem is not None:
            measured.append(clip)
        else:
            measured.append(replace(clip, mcd_db=_apart(clip, rendering)))
    return measured


def distortion_metrics(
    clips: Sequence[Clip], reference: Sequence[Clip], *, seed: int, variability: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return ``mcd_db`` over the clips that know theirs (:func:`with_distortion`).

    ``reference.mcd_db.other_sentence`` is what reference clips of different sentences are apart: a voice that is no
    nearer says something else, or nothing. Where the ``variability`` of the source is known for every emotion compared,
    ``mcd_db.source_variability`` is what it comes to over the same sentences, and ``mcd_db.ratio`` the voice's
    distortion as a multiple of it: 1 is as near as the source is to itself.
    """
    usable = [clip for clip in reference if clip.problem is None]
    found: dict[str, list[float]] = {}
    for clip in clips:
        if clip.mcd_db is not None:
            found.setdefault(clip.task.emotion, []).append(clip.mcd_db)
    neighbours = zip(usable, [*usable[1:], *usable[:1]], strict=True)
    others = [_apart(clip, other) for clip, other in neighbours if clip.task.text != other.task.text]
    metrics = {"reference.mcd_db.other_sentence": float(np.mean(others))} if others else {}
    values = [value for group in found.values() for value in group]
    if values:
        low, high = mean_interval(values, seed=seed)
        metrics |= {"mcd_db": float(np.mean(values)), "mcd_db.low": low, "mcd_db.high": high}
        metrics["mcd_db.count"] = float(len(values))
        metrics |= _beside_source(found, variability or {})
    return metrics | {f"mcd_db.{emotion}": float(np.mean(group)) for emotion, group in found.items()}


def _beside_source(found: Mapping[str, Sequence[float]], variability: Mapping[str, float]) -> dict[str, float]:
    if not found.keys() <= variability.keys():
        return {}
    ours = [value for group in found.values() for value in group]
    own = [variability[emotion] for emotion, group in found.items() for _ in group]
    return {
        "mcd_db.source_variability": float(np.mean(own)),
        "mcd_db.ratio": float(np.mean(ours) / np.mean(own)),
    }


def _apart(first: Clip, second: Clip) -> float:
    return mel_cepstral_distortion(
        first.samples, second.samples, first_rate_hz=first.sample_rate_hz, second_rate_hz=second.sample_rate_hz
    )
