"""The two files of an emotion classifier: numbers as safetensors, names as JSON; no pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import safetensors
import safetensors.numpy

from emotts.checkpoint.json_file import read_json
from emotts.checkpoint.tensor_header import read_header
from emotts.errors import CheckpointError
from emotts.files import replacing, write_text

__all__ = ["FORMAT", "load", "save"]

FORMAT = "emotts-emotion-classifier-1"
TENSORS_FILE = "classifier.safetensors"
TEXTS_FILE = "classifier.json"
TEXT_KEYS = ("emotions", "feature_names", "speakers")
REMEDY = "run the classifier stage again (`dvc repro classifier`)"

Array = npt.NDArray[np.float64]


def save(folder: Path, tensors: Mapping[str, Array], texts: Mapping[str, Sequence[str]]) -> None:
    """Write both files, each under a temporary name and then renamed."""
    blob = safetensors.numpy.save({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()})
    with replacing(folder / TENSORS_FILE) as temporary:
        temporary.write_bytes(blob)
    content = {"format": FORMAT, **{key: list(texts[key]) for key in TEXT_KEYS}}
    write_text(folder / TEXTS_FILE, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def load(folder: Path, *, known_features: Sequence[str]) -> tuple[dict[str, Array], dict[str, tuple[str, ...]]]:
    """Read both files and check every name and shape.

    Raises:
        CheckpointError: if a file is missing, damaged, of another format, or does not fit the other.
    """
    for name in (TENSORS_FILE, TEXTS_FILE):
        if not (folder / name).is_file():
            raise CheckpointError("file of the emotion classifier is missing", where=folder / name, remedy=REMEDY)
    texts = _texts(folder / TEXTS_FILE)
    unknown = [name for name in texts["feature_names"] if name not in known_features]
    if unknown:
        raise CheckpointError(
            "emotion classifier was fitted on features that this version does not compute",
            where=folder / TEXTS_FILE,
            found=", ".join(unknown),
            remedy=REMEDY,
        )
    read_header(folder / TENSORS_FILE, remedy=REMEDY, what="file of the emotion classifier is damaged")
    try:
        tensors = safetensors.numpy.load((folder / TENSORS_FILE).read_bytes())
    except (safetensors.SafetensorError, KeyError, ValueError) as error:
        raise CheckpointError(
            "file of the emotion classifier is damaged", where=folder / TENSORS_FILE, found=error, remedy=REMEDY
        ) from error
    _check_tensors(tensors, texts, where=folder / TENSORS_FILE)
    return tensors, texts


def _texts(path: Path) -> dict[str, tuple[str, ...]]:
    content = read_json(path, what="file of the emotion classifier is damaged", remedy=REMEDY)
    found = content.get("format")
    if found != FORMAT:
        raise CheckpointError(
            "file is not that of an emotion classifier", where=path, found=found, wanted=FORMAT, remedy=REMEDY
        )
    if sorted(content) != sorted(("format", *TEXT_KEYS)) or not all(_is_names(content[key]) for key in TEXT_KEYS):
        raise CheckpointError(
            "file of the emotion classifier does not hold what it should",
            where=path,
            found=", ".join(sorted(content)),
            wanted=f"lists of names under {', '.join(TEXT_KEYS)}",
            remedy=REMEDY,
        )
    return {key: tuple(content[key]) for key in TEXT_KEYS}


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(isinstance(name, str) for name in value)


def _check_tensors(tensors: Mapping[str, Array], texts: Mapping[str, tuple[str, ...]], *, where: Path) -> None:
    n_emotions, n_features, n_speakers = (len(texts[key]) for key in TEXT_KEYS)
    wanted = {
        "coefficients": (n_emotions, n_features),
        "intercepts": (n_emotions,),
        "pooled_mean": (n_features,),
        "pooled_scale": (n_features,),
        "speaker_means": (n_speakers, n_features),
        "speaker_scales": (n_speakers, n_features),
    }
    found = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if found != wanted:
        raise CheckpointError(
            "tensors of the emotion classifier do not fit its names",
            where=where,
            found=dict(sorted(found.items())),
            wanted=wanted,
            remedy=REMEDY,
        )
    broken = [name for name, tensor in tensors.items() if tensor.dtype != np.float64 or not np.isfinite(tensor).all()]
    if broken:
        raise CheckpointError(
            "tensors of the emotion classifier are not finite 64-bit numbers",
            where=where,
            found=", ".join(sorted(broken)),
            remedy=REMEDY,
        )
