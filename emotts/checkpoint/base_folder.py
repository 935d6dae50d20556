"""A voice to start from as it is kept in a repository: in half precision, with its discriminators if there is room."""

from __future__ import annotations

import logging
from pathlib import Path

import safetensors
import safetensors.torch
from torch import Tensor

from emotts.checkpoint.contents import read_meta, read_weights
from emotts.checkpoint.files import write_file
from emotts.checkpoint.voice_folder import AVERAGED, read_voice, weights_bytes, write_voice
from emotts.errors import CheckpointError

__all__ = ["DISCRIMINATORS_FILE", "MOST_BYTES", "read_discriminators", "write_base"]

DISCRIMINATORS_FILE = "discriminators.safetensors"
"""Holds the weights of all discriminators in half precision, named ``DISCRIMINATOR.WEIGHT``."""
MOST_BYTES = 16_000_000
"""What a base voice may take in the repository, its configuration and card left out."""
_LOG = logging.getLogger(__name__)


def write_base(folder: Path, checkpoint: Path) -> int:
    """Write the averaged weights of a checkpoint as a base voice; return their bytes.

    The discriminators go with it if both fit into :data:`MOST_BYTES`: a training that starts here gains from them.

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
    judges = weights_bytes(_discriminators(checkpoint), half=True)
    path = folder / DISCRIMINATORS_FILE
    if size + len(judges) <= MOST_BYTES:
        write_file(path, judges)
        size += len(judges)
    else:
        _LOG.warning("%s: no room for the discriminators (%.1f MB)", folder, len(judges) / 1e6)
        path.unlink(missing_ok=True)
    write_voice(folder, synthesizer, description, half=True)
    return size


def read_discriminators(folder: Path) -> dict[str, dict[str, Tensor]]:
    """Return the weights of the discriminators in a voice folder, by name, in single precision; none if none are there.

    Raises:
        CheckpointError: if the file is damaged.
    """
    path = folder / DISCRIMINATORS_FILE
    if not path.is_file():
        return {}
    try:
        tensors = safetensors.torch.load_file(path)
    except safetensors.SafetensorError as error:
        raise CheckpointError("file is damaged", where=path, found=str(error), remedy="get the voice again") from error
    found: dict[str, dict[str, Tensor]] = {}
    for full, value in tensors.items():
        network, _, name = full.partition(".")
        found.setdefault(network, {})[name] = value.float()
    return found


def _discriminators(checkpoint: Path) -> dict[str, Tensor]:
    names = (Path(file).stem for file in read_meta(checkpoint).files if file.endswith(".safetensors"))
    return {
        f"{name}.{key}": value
        for name in names
        if name not in ("model", AVERAGED)
        for key, value in read_weights(checkpoint, name).items()
    }
