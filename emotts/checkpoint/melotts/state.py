"""Reads the tensors of a MeloTTS checkpoint file, in any of its formats."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import load_file
from torch import Tensor

from emotts.checkpoint.tensor_header import check_finite, read_header
from emotts.checkpoint.zip_file import check_archive, check_tensors
from emotts.errors import CheckpointError

__all__ = ["check_state", "old_name", "read_state"]

_ENDINGS = (
    (".parametrizations.weight.original0", ".weight_g"),
    (".parametrizations.weight.original1", ".weight_v"),
)
_ANOTHER = "use another checkpoint, or write this one again by torch.save"
_READ_ERRORS = (
    OSError,
    RuntimeError,
    ValueError,
    EOFError,
    KeyError,
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    safetensors.SafetensorError,
)


def read_state(path: Path) -> tuple[dict[str, Tensor], int | None]:
    """Return the tensors of a checkpoint under the old names, and its iteration where it tells.

    Args:
        path: ``.pth`` with a ``model`` entry or a bare state, or ``.safetensors``.

    Raises:
        CheckpointError: if the file is missing, damaged, or holds anything but tensors and plain values.
    """
    if not path.is_file():
        raise CheckpointError("file is missing", where=path)
    if path.suffix == ".safetensors":
        read_header(path, remedy=_ANOTHER)
    else:
        check_archive(path, where=path, remedy=_ANOTHER)
    try:
        loaded = load_file(path) if path.suffix == ".safetensors" else _load_pickle(path)
    except _READ_ERRORS as error:
        raise CheckpointError(
            "the checkpoint cannot be read",
            where=path,
            found=str(error).partition("\n")[0],
            wanted="a MeloTTS checkpoint, .pth or .safetensors, that holds tensors and plain values alone",
        ) from error
    state = loaded.get("model", loaded) if isinstance(loaded, dict) else None
    if not isinstance(state, dict) or not all(isinstance(tensor, Tensor) for tensor in state.values()):
        raise CheckpointError("the checkpoint holds no state of a model", where=path, found=type(loaded).__name__)
    if not all(isinstance(name, str) for name in state):
        raise CheckpointError("the checkpoint holds weights without names", where=path, remedy=_ANOTHER)
    check_tensors(state.items(), size=path.stat().st_size, where=path, remedy=_ANOTHER)
    check_finite(state, where=path, remedy=_ANOTHER)
    iteration = loaded.get("iteration")
    names = {name: old_name(name).removeprefix("module.") for name in state}
    return {names[name]: tensor for name, tensor in state.items()}, iteration if type(iteration) is int else None


def old_name(name: str) -> str:
    """Return the name with torch's former endings for weight normalisation, which MeloTTS's files have."""
    for present, old in _ENDINGS:
        name = name.replace(present, old)
    return name


def check_state(
    state: Mapping[str, Tensor], wanted: Mapping[str, Tensor], *, names: Mapping[str, str], where: Path
) -> None:
    """Raise CheckpointError, with every difference, unless ``state`` has exactly the wanted names and shapes.

    Args:
        state: tensors by foreign name.
        wanted: tensors by our name.
        names: our name to the foreign one.
        where: the checkpoint, for the message.
    """
    shapes = {foreign: tuple(wanted[ours].shape) for ours, foreign in names.items()}
    problems = [f"missing: {name} {shape}" for name, shape in shapes.items() if name not in state]
    problems += [f"unexpected: {name} {tuple(tensor.shape)}" for name, tensor in state.items() if name not in shapes]
    problems += [
        f"other shape: {name} {tuple(tensor.shape)}, wanted {shapes[name]}"
        for name, tensor in state.items()
        if name in shapes and tuple(tensor.shape) != shapes[name]
    ]
    if problems:
        raise CheckpointError(
            f"the checkpoint does not fit its configuration, {len(problems)} differences",
            where=where,
            found="\n    ".join(problems),
            remedy="check that checkpoint and config.json belong together",
        )


def _load_pickle(path: Path) -> Any:
    return torch.load(path, map_location="cpu", weights_only=True)
