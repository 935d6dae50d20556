"""The folder of a voice that can speak: ``model.safetensors`` and ``config.json``.

Both the export and every checkpoint of a training run can be read as a voice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from emotts.checkpoint.contents import META_FILE, check_weights, damaged, load_weights, read_meta
from emotts.checkpoint.json_file import read_json
from emotts.checkpoint.store import resolve_checkpoint
from emotts.checkpoint.stored_voice import read_stored_voice
from emotts.checkpoint.tensor_header import check_finite, check_fits, read_header
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.writing import write_checkpoint_file
from emotts.errors import CheckpointError
from emotts.files import write_text
from emotts.model.skeleton import skeleton
from emotts.model.synthesizer import Synthesizer

__all__ = ["checkpoint_hash", "read_voice", "weights_bytes", "write_voice"]

FORMAT = "emotts-voice-1"
CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
AVERAGED = "ema"
_AGAIN = "export the voice again (`dvc repro --force export`), or name another folder"
_ANOTHER = "name another checkpoint"


def write_voice(folder: Path, synthesizer: Synthesizer, description: VoiceDescription, *, half: bool = False) -> None:
    """Write a voice folder; the configuration last, so that a half-written folder is never read as a voice.

    ``half``: write the weights in half the precision; :func:`read_voice` widens them again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_checkpoint_file(folder / WEIGHTS_FILE, weights_bytes(synthesizer.state_dict(), half=half))
    values = {
        "format": FORMAT,
        "synthesizer": synthesizer.settings.to_dict(),
        "voice": description.to_dict(),
    }
    write_text(folder / CONFIG_FILE, json.dumps(values, ensure_ascii=False, indent=1) + "\n")


def weights_bytes(state: Mapping[str, Tensor], *, half: bool) -> bytes:
    """Return a state dict as the content of a safetensors file, its numbers of single precision halved on request."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
    if half:
        tensors = {name: value.half() if value.dtype == torch.float32 else value for name, value in tensors.items()}
    return safetensors.torch.save(tensors)


def read_voice(folder: Path, *, marker: str = "best") -> tuple[Synthesizer, VoiceDescription]:
    """Read a voice strictly: an export, a checkpoint, or the folder of a run's checkpoints.

    Args:
        folder: where it lies.
        marker: which checkpoint of a run: ``best`` or ``last``; its averaged weights are read.

    Raises:
        CheckpointError: if a file is missing or damaged, or the weights do not fit the configuration.
    """
    if not folder.is_dir():
        raise CheckpointError(
            "no voice is there",
            where=folder,
            remedy="run `dvc repro` to train and export a voice, or name another folder",
        )
    if (folder / CONFIG_FILE).is_file():
        return _read_export(folder)
    checkpoint = resolve_checkpoint(folder, marker=marker)
    meta = read_meta(checkpoint)
    settings, description = read_stored_voice(meta.description, where=checkpoint / META_FILE, remedy=_ANOTHER)
    check_weights(skeleton(settings), checkpoint, name=AVERAGED)
    synthesizer = Synthesizer(settings)
    load_weights(synthesizer, checkpoint, name=AVERAGED)
    return synthesizer, description


def checkpoint_hash(checkpoint: Path) -> str:
    """Return the SHA-256 of the weights that a checkpoint speaks with, as its ``meta.json`` has it.

    Raises:
        CheckpointError: if ``meta.json`` is missing or damaged.
    """
    meta = read_meta(checkpoint)
    try:
        return str(meta.files[f"{AVERAGED}.safetensors"]["sha256"])
    except (KeyError, TypeError) as error:
        raise damaged(checkpoint / META_FILE, f"no {error} in the list of its files") from error


def _read_export(folder: Path) -> tuple[Synthesizer, VoiceDescription]:
    config, weights = folder / CONFIG_FILE, folder / WEIGHTS_FILE
    values = read_json(config, what="not a voice's configuration", remedy=_AGAIN)
    found = values.pop("format", None)
    if found != FORMAT:
        raise CheckpointError("not a voice of this version", where=config, found=found, wanted=FORMAT, remedy=_AGAIN)
    settings, description = read_stored_voice(values, where=config, remedy=_AGAIN)
    if not weights.is_file():
        raise CheckpointError(f"{WEIGHTS_FILE} is missing", where=folder, remedy=_AGAIN)
    check_fits(read_header(weights, remedy=_AGAIN), skeleton(settings).state_dict(), where=weights, remedy=_AGAIN)
    try:
        tensors = safetensors.torch.load_file(weights)
    except safetensors.SafetensorError as error:
        raise CheckpointError("weights are damaged", where=weights, found=error, remedy=_AGAIN) from error
    check_finite(tensors, where=weights, remedy=_AGAIN)
    synthesizer = Synthesizer(settings)
    synthesizer.load_state_dict(tensors, strict=True)
    return synthesizer, description
