"""The header of a safetensors file, read and compared before any of its numbers is."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from emotts.errors import CheckpointError

__all__ = ["StoredTensor", "check_finite", "check_fits", "read_header"]

_MAX_HEADER_BYTES = 4_000_000
"""Some ten times what the largest model has."""
_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I8": 1}
"""Kinds of numbers that weights have; eight bits are those of stored discriminators."""
_SHOWN = 5
_DAMAGED = "weights are damaged or no safetensors file"


@dataclass(frozen=True)
class StoredTensor:
    """A tensor as the header describes it; ``kind`` such as ``F32``."""

    kind: str
    shape: tuple[int, ...]


def read_header(path: Path, *, remedy: str, what: str = _DAMAGED) -> dict[str, StoredTensor]:
    """Return the tensors of a safetensors file by name, without reading them.

    Args:
        path: the file.
        remedy: what to do where it cannot be used.
        what: the problem then.

    Raises:
        CheckpointError: if the file is missing, no safetensors file, or its header too large, damaged, or not in
            keeping with the size of the file.
    """
    try:
        header, room = _header(path)
        entries = json.loads(header.decode("utf-8"))
        if not isinstance(entries, dict):
            raise ValueError("a header that is no object")
        entries.pop("__metadata__", None)
        return _checked(entries, room=room)
    except FileNotFoundError as error:
        raise CheckpointError("file is missing", where=path, remedy=remedy) from error
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        found = f"a header that is not JSON ({type(error).__name__})"
        raise CheckpointError(what, where=path, found=found, remedy=remedy) from error
    except ValueError as error:
        raise CheckpointError(what, where=path, found=error, remedy=remedy) from error


def _header(path: Path) -> tuple[bytes, int]:
    """Return the header and the number of bytes behind it; a ValueError says what is wrong with it."""
    total = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(8)
        size = struct.unpack("<Q", start)[0] if len(start) == 8 else -1
        if not 2 <= size <= total - 8:
            raise ValueError("no header")
        if size > _MAX_HEADER_BYTES:
            raise ValueError(f"a header of {size} bytes; {_MAX_HEADER_BYTES} at most")
        return stream.read(size), total - 8 - size


def check_fits(found: Mapping[str, StoredTensor], wanted: Mapping[str, Tensor], *, where: Path, remedy: str) -> None:
    """Compare names, shapes and kinds of stored tensors with those of a network.

    Raises:
        CheckpointError: if anything is missing, left over, of another shape, or no floating-point number; the first
            differences are listed.
    """
    problems = [f"{name} is missing" for name in wanted if name not in found]
    problems += [f"{name} is not part of the network" for name in found if name not in wanted]
    for name in (name for name in wanted if name in found):
        shape, kind = found[name].shape, found[name].kind
        if shape != tuple(wanted[name].shape):
            problems.append(f"{name} is {shape}, the network has {tuple(wanted[name].shape)}")
        elif not kind.startswith(("F", "BF")):
            problems.append(f"{name} has numbers of the kind {kind}, not floating-point ones")
    if problems:
        more = f" and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise CheckpointError(
            "the checkpoint does not fit the network; nothing was loaded",
            where=where,
            found="; ".join(problems[:_SHOWN]) + more,
            remedy=remedy,
        )


def check_finite(tensors: Mapping[str, Tensor], *, where: Path, remedy: str) -> None:
    """Raise CheckpointError where a weight is infinite or no number."""
    broken = [name for name, value in tensors.items() if value.is_floating_point() and not value.isfinite().all()]
    if broken:
        more = f" and {len(broken) - _SHOWN} more" if len(broken) > _SHOWN else ""
        raise CheckpointError(
            "weights are not finite",
            where=where,
            found=", ".join(broken[:_SHOWN]) + more,
            wanted="numbers",
            remedy=remedy,
        )


def _checked(entries: Mapping[str, Any], *, room: int) -> dict[str, StoredTensor]:
    """Return the entries of a header; a ValueError says what is wrong with one, or with all of them."""
    tensors: dict[str, StoredTensor] = {}
    taken = 0
    for name, entry in entries.items():
        tensor = _tensor(entry)
        if tensor is None:
            raise ValueError(f"{name!r:.100} described as {entry!r:.100}")
        taken += math.prod(tensor.shape) * _BYTES[tensor.kind]
        tensors[name] = tensor
    if taken != room:
        raise ValueError(f"{room} bytes of numbers; the header describes {taken}")
    return tensors


def _tensor(entry: Any) -> StoredTensor | None:
    """Return what a header's entry describes, None where it cannot be used."""
    if not isinstance(entry, dict) or entry.get("dtype") not in _BYTES:
        return None
    shape = entry.get("shape")
    if not isinstance(shape, list) or not all(type(size) is int and 0 <= size < 2**40 for size in shape):
        return None
    return StoredTensor(entry["dtype"], tuple(shape)) if len(shape) <= torch.iinfo(torch.int8).bits else None
