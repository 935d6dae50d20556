"""The folder of a base voice in a repository: half precision, with the discriminators that fit.

The discriminators, which only help the first steps of a training, are kept in eight bits.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from emotts.checkpoint.contents import read_meta, read_weights
from emotts.checkpoint.tensor_header import check_finite, read_header
from emotts.checkpoint.voice_folder import AVERAGED, read_voice, weights_bytes, write_voice
from emotts.checkpoint.writing import write_checkpoint_file
from emotts.errors import CheckpointError

__all__ = ["DISCRIMINATORS_FILE", "MOST_BYTES", "read_discriminators", "write_base"]

DISCRIMINATORS_FILE = "discriminators.safetensors"
"""Holds the weights of all discriminators, named ``DISCRIMINATOR.WEIGHT``.

A weight of several numbers a row is int8, to be multiplied by ``DISCRIMINATOR.WEIGHT:scale`` (row,); others are halved.
"""
MOST_BYTES = 24_000_000
"""What a base voice may take in the repository, its configuration and card left out."""
_SCALE = ":scale"
_AGAIN = "get the voice again, or delete the file: the discriminators then start from nothing"
_LARGEST = 127
_LOG = logging.getLogger(__name__)


def write_base(folder: Path, checkpoint: Path) -> int:
    """Write the averaged weights of a checkpoint as a base voice; return their bytes.

    Of the discriminators, from which a training that starts here gains, the largest go with it that fit into
    :data:`MOST_BYTES`.

    Raises:
        CheckpointError: if the checkpoint is damaged, or the voice alone is too large.
    """
    synthesizer, description = read_voice(checkpoint)
    size = len(weights_bytes(synthesizer.state_dict(), half=True))
    if size > MOST_BYTES:
        raise CheckpointError(
            "the voice is too large for the repository",
            where=checkpoint,
            found=f"{size / 1e6:.1f} MB in half precision",
            wanted=f"at most {MOST_BYTES / 1e6:.0f} MB",
            remedy="make model.synthesizer narrower",
        )
    discriminators = _fitting(_discriminators(checkpoint), most_bytes=MOST_BYTES - size)
    path = folder / DISCRIMINATORS_FILE
    if discriminators:
        write_checkpoint_file(path, discriminators)
    else:
        path.unlink(missing_ok=True)
    write_voice(folder, synthesizer, description, half=True)
    return size + len(discriminators)


def read_discriminators(folder: Path) -> dict[str, dict[str, Tensor]]:
    """Return the weights of the discriminators in a voice folder, by name, in single precision; none if none are there.

    A number is within 1/254 of the largest one in its row.

    Raises:
        CheckpointError: if the file is damaged.
    """
    path = folder / DISCRIMINATORS_FILE
    if not path.is_file():
        return {}
    read_header(path, remedy=_AGAIN)
    try:
        tensors = safetensors.torch.load_file(path)
    except safetensors.SafetensorError as error:
        raise CheckpointError("file is damaged", where=path, found=str(error), remedy=_AGAIN) from error
    check_finite(tensors, where=path, remedy=_AGAIN)
    found: dict[str, dict[str, Tensor]] = {}
    for full, value in tensors.items():
        if not full.endswith(_SCALE):
            network, _, name = full.partition(".")
            scale = tensors.get(full + _SCALE, torch.ones(1))
            if scale.dim() != 1 or (len(scale) > 1 and scale.shape != value.shape[:1]):
                raise CheckpointError(
                    "a scale does not fit its weights", where=path, found=full + _SCALE, remedy=_AGAIN
                )
            found.setdefault(network, {})[name] = value.float() * scale.view(-1, *[1] * (value.dim() - 1))
    return found


def _in_eight_bits(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    packed: dict[str, Tensor] = {}
    for name, value in weights.items():
        if value.dim() < 2 or value[0].numel() == 1:
            packed[name] = value.half()
            continue
        scale = value.abs().amax(dim=tuple(range(1, value.dim())), keepdim=True) / _LARGEST
        packed[name] = (value / scale.clamp(min=torch.finfo().tiny)).round().to(torch.int8)
        packed[name + _SCALE] = scale.flatten()
    return packed


def _discriminators(checkpoint: Path) -> dict[str, dict[str, Tensor]]:
    names = (Path(file).stem for file in read_meta(checkpoint).files if file.endswith(".safetensors"))
    return {name: read_weights(checkpoint, name) for name in names if name not in ("model", AVERAGED)}


def _fitting(discriminators: Mapping[str, Mapping[str, Tensor]], *, most_bytes: int) -> bytes:
    """Return the content of a file of those that fit, the largest first; nothing where none does."""
    content, kept = b"", dict[str, Tensor]()
    numbers = {name: sum(value.numel() for value in weights.values()) for name, weights in discriminators.items()}
    for name in sorted(numbers, key=numbers.__getitem__, reverse=True):
        more = kept | _in_eight_bits({f"{name}.{key}": value for key, value in discriminators[name].items()})
        longer = weights_bytes(more, half=False)
        if len(longer) <= most_bytes:
            content, kept = longer, more
        else:
            _LOG.warning("no room for the discriminator %s (%.1f MB)", name, (len(longer) - len(content)) / 1e6)
    return content
