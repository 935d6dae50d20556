"""Reads a base voice: a MeloTTS checkpoint with its configuration, or a voice of this library."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from emotts.checkpoint.base.folder import DISCRIMINATORS_FILE, read_discriminators
from emotts.checkpoint.contents import META_FILE, read_meta, read_weights
from emotts.checkpoint.json_file import read_json
from emotts.checkpoint.melotts.config import read_config
from emotts.checkpoint.melotts.discriminators import read_duration_discriminator, read_multi_period_discriminator
from emotts.checkpoint.melotts.weights import load_melotts
from emotts.checkpoint.store import resolve_checkpoint
from emotts.checkpoint.voice_folder import read_voice
from emotts.errors import CheckpointError
from emotts.model.synthesizer import Synthesizer

__all__ = ["BaseVoice", "base_digest", "read_base"]

_CONFIG = "config.json"
_GENERATOR = ("checkpoint.pth", "model.safetensors")
_DISCRIMINATORS: Mapping[str, tuple[tuple[str, ...], Callable[[Path], dict[str, Tensor]]]] = {
    "multi_period": (("discriminator.pth", "discriminator.safetensors", "D.pth"), read_multi_period_discriminator),
    "duration": (
        ("duration_discriminator.pth", "duration_discriminator.safetensors", "DUR.pth"),
        read_duration_discriminator,
    ),
}
_NOT_DISCRIMINATORS = ("model", "ema")


@dataclass(frozen=True)
class BaseVoice:
    """A voice to start from. ``speakers`` maps names to rows of the speaker table; some rows may have no name.

    ``audio`` holds ``sample_rate_hz``, ``n_fft``, ``hop_length``, ``win_length``; ``discriminators`` the states of
    those that lie beside the voice, by the name that they have in a training run.
    """

    where: Path
    synthesizer: Synthesizer
    symbols: tuple[str, ...]
    speakers: Mapping[str, int]
    emotions: tuple[str, ...]
    audio: Mapping[str, int]
    discriminators: Mapping[str, Mapping[str, Tensor]]


def read_base(folder: Path, *, duration_discriminator: bool = False) -> BaseVoice:
    """Read a base voice, strictly.

    Args:
        folder: holds a MeloTTS checkpoint (``checkpoint.pth`` or ``model.safetensors``, and ``config.json``; beside
            them ``discriminator.pth`` or ``D.pth``, ``duration_discriminator.pth`` or ``DUR.pth``), or is a voice
            of our own: an export, a checkpoint, or the folder of a run's checkpoints.
        duration_discriminator: read that of a MeloTTS checkpoint too. The published one was trained with its
            inputs swapped, so a fresh one learns faster. One of our own is always read.

    Raises:
        CheckpointError: if nothing is there, or anything is damaged or does not fit together.
    """
    _check_there(folder)
    if _is_melotts(folder):
        return _read_melotts(folder, duration_discriminator=duration_discriminator)
    synthesizer, description = read_voice(folder)
    return BaseVoice(
        where=folder,
        synthesizer=synthesizer.eval(),
        symbols=description.symbols,
        speakers={name: row for row, name in enumerate(description.speakers)},
        emotions=description.emotion_names,
        audio=_our_audio(description.audio, where=folder),
        discriminators=_our_discriminators(folder),
    )


def base_digest(folder: Path) -> str:
    """Return the SHA-256 of everything that :func:`read_base` reads, wherever the folder lies.

    Raises:
        CheckpointError: if there is no base voice.
    """
    _check_there(folder)
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(path.name.encode())
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _check_there(folder: Path) -> None:
    if not folder.is_dir():
        raise CheckpointError(
            "no base voice is there",
            where=folder,
            wanted="a folder with checkpoint.pth or model.safetensors, and config.json",
            remedy="correct base in params.yaml",
        )


def _files(folder: Path) -> list[Path]:
    if not (folder / _CONFIG).is_file():
        return [resolve_checkpoint(folder) / META_FILE]  # it holds the digests of all other files
    wanted = [_GENERATOR, *(names for names, _ in _DISCRIMINATORS.values())]
    wanted.append((DISCRIMINATORS_FILE,))
    found = (_only(folder, names) for names in wanted)
    return [folder / _CONFIG, *(path for path in found if path is not None)]


def _is_melotts(folder: Path) -> bool:
    """Say whether the folder's configuration is MeloTTS's; ours names its format."""
    path = folder / _CONFIG
    if not path.is_file():
        return False
    try:
        return "format" not in read_json(path, what="this is no configuration of a voice", remedy="")
    except CheckpointError:
        return True  # reading it as MeloTTS's says what is wrong with it


def _read_melotts(folder: Path, *, duration_discriminator: bool) -> BaseVoice:
    path = folder / _CONFIG
    config = read_config(path)
    weights = _only(folder, _GENERATOR)
    if weights is None:
        raise CheckpointError("the base voice has no weights", where=folder, wanted=" or ".join(_GENERATOR))
    synthesizer, _ = load_melotts(weights, path)
    discriminators = {}
    for name, (files, read) in _DISCRIMINATORS.items():
        found = _only(folder, files)
        if found is not None and (name != "duration" or duration_discriminator):
            discriminators[name] = read(found)
    return BaseVoice(
        where=folder,
        synthesizer=synthesizer,
        symbols=tuple(config["symbols"]),
        speakers=_named_rows(config["data"], n_speakers=synthesizer.settings.n_speakers, where=path),
        emotions=(),
        audio=_melotts_audio(config["data"], where=path),
        discriminators=discriminators,
    )


def _named_rows(data: Mapping[str, Any], *, n_speakers: int, where: Path) -> dict[str, int]:
    speakers = data.get("spk2id", {})
    fits = isinstance(speakers, dict) and all(
        isinstance(row, int) and (n_speakers == 0 or 0 <= row < n_speakers) for row in speakers.values()
    )
    if not fits:
        raise CheckpointError(
            "the speakers do not fit the speaker table",
            where=where,
            found=f"data.spk2id = {speakers}",
            wanted=f"names with numbers from 0 to {n_speakers - 1}",
        )
    return dict(speakers) if n_speakers else {}


def _melotts_audio(data: Mapping[str, Any], *, where: Path) -> dict[str, int]:
    """Return the sound's measures; published configurations leave out the window, which is as long as ``n_fft``."""
    names = {
        "sample_rate_hz": "sampling_rate",
        "n_fft": "filter_length",
        "hop_length": "hop_length",
        "win_length": "win_length",
    }
    data = {"win_length": data.get("filter_length"), **data}
    missing = [name for name in names.values() if not isinstance(data.get(name), int)]
    if missing:
        raise CheckpointError(
            "the configuration does not say what sound the voice was trained on",
            where=where,
            wanted=f"whole numbers: {', '.join(f'data.{name}' for name in missing)}",
        )
    return {ours: data[foreign] for ours, foreign in names.items()}


def _our_audio(audio: Mapping[str, Any], *, where: Path) -> dict[str, int]:
    names = ("sample_rate_hz", "n_fft", "hop_length", "win_length")
    missing = [name for name in names if audio.get(name) is None]
    if missing:
        raise CheckpointError(
            "the voice does not say what sound it was trained on",
            where=where,
            wanted=", ".join(f"voice.audio.{name}" for name in missing),
            remedy="name another folder as base in params.yaml",
        )
    return {name: int(audio[name]) for name in names}


def _our_discriminators(folder: Path) -> dict[str, dict[str, Tensor]]:
    """Return the discriminators beside our weights; an export has none, a base folder may have some."""
    if (folder / _CONFIG).is_file():
        return read_discriminators(folder)
    checkpoint = resolve_checkpoint(folder)
    names = (Path(file).stem for file in read_meta(checkpoint).files if file.endswith(".safetensors"))
    return {name: read_weights(checkpoint, name) for name in names if name not in _NOT_DISCRIMINATORS}


def _only(folder: Path, names: Sequence[str]) -> Path | None:
    found = [folder / name for name in names if (folder / name).is_file()]
    if len(found) > 1:
        raise CheckpointError(
            "it is not clear which file is meant",
            where=folder,
            found=", ".join(path.name for path in found),
            remedy="leave one of them there",
        )
    return found[0] if found else None
