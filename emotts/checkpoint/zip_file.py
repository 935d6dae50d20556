"""Files of ``torch.save``, which are zip archives: refused where they would grow when they are read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from torch import Tensor

from emotts.errors import CheckpointError

__all__ = ["check_archive", "check_tensors"]

_MAX_PICKLE_BYTES = 32_000_000
"""A training's optimizers name some thousand tensors, at most some hundred bytes each."""


def check_archive(content: Path | bytes, *, where: Path, remedy: str) -> None:
    """Look through the list of an archive's files before anything is unpacked.

    Args:
        content: the file, or its content.
        where: the file, for messages.
        remedy: what to do where it cannot be used.

    Raises:
        CheckpointError: if it is no zip archive, or unpacks to more than its own size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content) as archive:
            files = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise CheckpointError(
            "the checkpoint cannot be read", where=where, found=error, wanted="a file of torch.save", remedy=remedy
        ) from error
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    unpacked = sum(file.file_size for file in files)
    if unpacked > size or any(file.compress_type != zipfile.ZIP_STORED for file in files):
        raise CheckpointError(
            "the checkpoint is packed: it would grow when it is read",
            where=where,
            found=f"{size} bytes that unpack to {unpacked}",
            wanted="a file of torch.save, which packs nothing",
            remedy=remedy,
        )
    pickled = max((file.file_size for file in files if file.filename.endswith(".pkl")), default=0)
    if pickled > _MAX_PICKLE_BYTES:
        raise CheckpointError(
            "the checkpoint names too many things",
            where=where,
            found=f"a list of {pickled} bytes",
            wanted=f"at most {_MAX_PICKLE_BYTES}",
            remedy=remedy,
        )


def check_tensors(tensors: Iterable[tuple[str, Tensor]], *, size: int, where: Path, remedy: str) -> None:
    """Raise CheckpointError unless all are floating-point and no larger together than the file of ``size`` bytes."""
    taken = 0
    for name, tensor in tensors:
        if not tensor.is_floating_point() or tensor.is_sparse or tensor.is_quantized or tensor.is_meta:
            raise CheckpointError(
                "a weight is of another kind than floating-point numbers",
                where=where,
                found=f"{name}: {str(tensor.dtype).removeprefix('torch.')}",
                remedy=remedy,
            )
        taken += tensor.numel() * tensor.element_size()
    if taken > size:
        raise CheckpointError(
            "the weights are larger than their file",
            where=where,
            found=f"{taken} bytes of weights in a file of {size}",
            remedy=remedy,
        )
