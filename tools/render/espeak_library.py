"""The eSpeak NG speech library through ctypes (extra ``espeak``; the library is GPL-3 and stays in its own wheel)."""

from __future__ import annotations

import ctypes
import importlib
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from emotts.errors import EmottsError

__all__ = ["Espeak"]

_SYNCHRONOUS = 2
_CHARS_UTF8 = 1
_PARAMETERS = {"rate_wpm": 1, "volume": 2, "pitch": 3, "pitch_range": 4}
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """An eSpeak voice; use it in a ``with`` statement, one at a time, because the library's state is the process's.

    Args:
        voice: name of a voice, such as ``ko``.

    Raises:
        EmottsError: if the extra is not installed, the library does not start, or the voice is unknown.
    """

    def __init__(self, voice: str = "ko") -> None:
        loader = _loader()
        self._library = _fresh(Path(loader.get_library_path()))
        self._chunks: list[np.ndarray] = []
        self._callback = _CALLBACK(self._receive)
        self.sample_rate_hz = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, loader.get_data_path().encode(), 0))
        if self.sample_rate_hz <= 0:
            raise EmottsError("eSpeak NG does not start", where=loader.get_data_path(), found=self.sample_rate_hz)
        self._library.espeak_SetSynthCallback(self._callback)
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            self.close()
            raise EmottsError(f"eSpeak NG has no voice {voice!r}", wanted="a language code such as ko, ja, en")

    def speak(self, text: str, *, rate_wpm: int = 175, pitch: int = 50, pitch_range: int = 50) -> np.ndarray:
        """Return float32 (sample,) at ``sample_rate_hz``.

        Args:
            text: what to say.
            rate_wpm: words a minute, 80-450.
            pitch: 0-100.
            pitch_range: 0 (monotone) to 100.

        Raises:
            EmottsError: if the library reports a failure.
        """
        settings = {"rate_wpm": rate_wpm, "volume": 100, "pitch": pitch, "pitch_range": pitch_range}
        for name, value in settings.items():
            self._library.espeak_SetParameter(_PARAMETERS[name], value, 0)
        self._chunks.clear()
        encoded = text.encode() + b"\0"
        size = ctypes.c_size_t(len(encoded))
        status = self._library.espeak_Synth(encoded, size, 0, 0, 0, _CHARS_UTF8, None, None)
        if status != 0:
            raise EmottsError("eSpeak NG cannot speak this", found=f"status {status} for {text[:80]!r}")
        samples = np.concatenate(self._chunks) if self._chunks else np.zeros(0, dtype=np.int16)
        return samples.astype(np.float32) / 32768.0

    def close(self) -> None:
        """Give the library back; the voice cannot speak afterwards."""
        self._library.espeak_Terminate()

    def __enter__(self) -> Espeak:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _receive(self, samples: Any, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._chunks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        return 0


def _fresh(library: Path) -> Any:
    """Load a copy of the library: its hidden state outlives ``espeak_Terminate``, and only a fresh copy repeats itself.

    A loaded file may be deleted (on Windows it stays until the process ends).
    """
    with tempfile.TemporaryDirectory(prefix="emotts-espeak-", ignore_cleanup_errors=True) as folder:
        return ctypes.CDLL(shutil.copy(library, folder))


def _loader() -> Any:
    try:
        return importlib.import_module("espeakng_loader")
    except ImportError as error:
        raise EmottsError(
            "the eSpeak NG library is not installed",
            found=error,
            wanted="the extra espeak",
            remedy="pip install 'emotts[espeak]'",
        ) from error
