"""The files of a checkpoint folder: weights as safetensors, the trainer's state, and ``meta.json``."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import safetensors
import safetensors.torch
import torch
from pydantic import Field
from torch import Tensor, nn

from emotts.checkpoint.json_file import read_json
from emotts.checkpoint.tensor_header import check_finite, check_fits, read_header
from emotts.checkpoint.writing import write_checkpoint_folder
from emotts.checkpoint.zip_file import check_archive
from emotts.errors import CheckpointError, ConfigError
from emotts.ranges import Steps, StepsFromZero
from emotts.schema import Settings

__all__ = [
    "META_FILE",
    "CheckpointMeta",
    "check_weights",
    "damaged",
    "load_weights",
    "read_bytes",
    "read_checked",
    "read_meta",
    "read_trainer_state",
    "read_weights",
    "save_checkpoint",
]

META_FILE = "meta.json"
_FORMAT = 1
_TRAINER = "trainer.pt"
_ANOTHER = "use another checkpoint"
_SETTINGS = "use the settings that the checkpoint was trained with"


class _StoredFile(Settings):
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _StoredMeta(Settings):
    """The values of :class:`CheckpointMeta` as a file may have them."""

    step: StepsFromZero
    steps: Steps
    fingerprint: str
    score: float | None
    code_version: str
    description: dict[str, Any]
    files: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+\.(safetensors|pt)$")], _StoredFile]


@dataclass(frozen=True)
class CheckpointMeta:
    """What ``meta.json`` says about a checkpoint.

    ``step`` counts the finished training steps, ``steps`` is the goal. ``fingerprint`` stands for
    everything that the run depends on. ``description`` holds what is needed to build and use the
    voice: the synthesizer's settings, symbols, emotions, speakers, sound. ``files`` maps the name
    of every other file to its size in bytes and SHA-256.
    """

    step: int
    steps: int
    fingerprint: str
    score: float | None
    code_version: str
    description: dict[str, Any]
    files: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)


def save_checkpoint(
    folder: Path,
    *,
    networks: Mapping[str, Mapping[str, Tensor]],
    trainer_state: Mapping[str, object],
    meta: CheckpointMeta,
) -> None:
    """Write one checkpoint folder, whole or not at all.

    Args:
        folder: the folder to be.
        networks: name (``model``, ``ema``, ...) to state dict.
        trainer_state: tensors and plain Python values; read back with ``weights_only=True``.
        meta: what stands in ``meta.json``; its ``files`` are filled in here.

    Raises:
        CheckpointError: if the disk is full (with the room needed) or cannot be written; an older
            checkpoint stands untouched.
    """
    contents = {f"{name}.safetensors": _weights_bytes(weights) for name, weights in networks.items()}
    buffer = io.BytesIO()
    torch.save(dict(trainer_state), buffer)
    contents[_TRAINER] = buffer.getvalue()
    files = {name: {"bytes": len(data), "sha256": _digest(data)} for name, data in contents.items()}
    record = dataclasses.asdict(dataclasses.replace(meta, files=files)) | {"format": _FORMAT}
    contents[META_FILE] = (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()
    write_checkpoint_folder(folder, contents)


def read_meta(folder: Path) -> CheckpointMeta:
    """Read ``meta.json`` of a checkpoint folder.

    Raises:
        CheckpointError: if it is missing, damaged, or of another format.
    """
    path = folder / META_FILE
    record = read_json(path, what="file is damaged", remedy=_ANOTHER)
    version = record.pop("format", None)
    if version != _FORMAT:
        raise CheckpointError(
            "the checkpoint has another format",
            where=path,
            found=version,
            wanted=_FORMAT,
            remedy="use the version of emotts that wrote it, or train again",
        )
    try:
        stored = _StoredMeta.from_dict(record)
    except ConfigError as error:
        raise damaged(path, error.what) from error
    return CheckpointMeta(**stored.model_dump())


def read_weights(folder: Path, name: str) -> dict[str, Tensor]:
    """Read the weights of one network of a checkpoint, checked against the digest in ``meta.json``.

    Raises:
        CheckpointError: if the file is missing or damaged.
    """
    path = folder / f"{name}.safetensors"
    data = read_checked(path, read_meta(folder))
    read_header(path, remedy=_ANOTHER)
    try:
        return safetensors.torch.load(data)
    except safetensors.SafetensorError as error:
        raise damaged(path, str(error)) from error


def check_weights(network: nn.Module, folder: Path, *, name: str) -> None:
    """Compare the weights of a checkpoint with a network, by name, shape and size, without reading them.

    Args:
        network: the network, or its skeleton.
        folder: of the checkpoint.
        name: of the network in it.

    Raises:
        CheckpointError: as :func:`load_weights`.
    """
    path = folder / f"{name}.safetensors"
    _check_size(path, read_meta(folder))
    check_fits(read_header(path, remedy=_ANOTHER), network.state_dict(), where=path, remedy=_SETTINGS)


def load_weights(network: nn.Module, folder: Path, *, name: str) -> None:
    """Load the weights of one network of a checkpoint into ``network``; every name and shape must fit.

    Nothing is loaded if anything does not fit.

    Raises:
        CheckpointError: if the file is missing or damaged, or a tensor is missing, left over or of
            another shape; the message lists them.
    """
    check_weights(network, folder, name=name)
    weights = read_weights(folder, name)
    check_finite(weights, where=folder / f"{name}.safetensors", remedy=_ANOTHER)
    network.load_state_dict(weights, strict=True)


def read_trainer_state(folder: Path) -> dict[str, Any]:
    """Read ``trainer.pt`` of a checkpoint; no code in it can run.

    Raises:
        CheckpointError: if the file is missing or damaged.
    """
    path = folder / _TRAINER
    data = read_checked(path, read_meta(folder))
    check_archive(data, where=path, remedy=_ANOTHER)
    try:
        state: dict[str, Any] = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as error:
        raise damaged(path, str(error)) from error
    return state


def _weights_bytes(weights: Mapping[str, Tensor]) -> bytes:
    # A clone for every tensor: safetensors refuses tensors that share memory.
    return safetensors.torch.save({name: value.detach().cpu().clone().contiguous() for name, value in weights.items()})


def read_checked(path: Path, meta: CheckpointMeta) -> bytes:
    """Read a file of a checkpoint, checked against its size and digest; raises CheckpointError."""
    digest = _check_size(path, meta)
    data = read_bytes(path)
    if _digest(data) != digest:
        raise damaged(path, "its SHA-256 is not the one in meta.json")
    return data


def _check_size(path: Path, meta: CheckpointMeta) -> str:
    """Check that a file has the size in ``meta.json``; return the digest that it should have."""
    record = meta.files.get(path.name)
    if record is None:
        raise CheckpointError(f"the checkpoint has no {path.name}", where=path.parent, found=", ".join(meta.files))
    if not path.is_file():
        raise CheckpointError("file is missing", where=path)
    size = path.stat().st_size
    if size != record["bytes"]:
        raise damaged(path, f"{size} bytes instead of {record['bytes']}")
    return str(record["sha256"])


def read_bytes(path: Path) -> bytes:
    """Read a file; raises CheckpointError if it is missing."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CheckpointError("file is missing", where=path) from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def damaged(path: Path, detail: str) -> CheckpointError:
    """Return the error for a damaged file."""
    return CheckpointError("file is damaged", where=path, found=detail, remedy=_ANOTHER)
