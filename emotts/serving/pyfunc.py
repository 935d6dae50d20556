"""A voice as an MLflow ``pyfunc`` model: rows of text in, rows of wav out.

MLflow finds :func:`_load_pyfunc` by its name.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pandas as pd

from emotts.audio.io import encode_wav
from emotts.emotions.emotion_set import NEUTRAL
from emotts.voice import Voice

__all__ = ["VoiceModel"]


_OPTIONS = ("emotion", "intensity", "speed", "speaker")


class VoiceModel:
    """Speaks every row of a table."""

    def __init__(self, voice: Voice) -> None:
        """Wrap a loaded voice."""
        self._voice = voice

    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        """Speak rows with ``text`` and, optional, ``emotion``, ``intensity``, ``speed``, ``speaker``.

        Returns:
            One row for each: ``wav_base64`` (a 16-bit wav file) and ``sample_rate_hz``.
        """
        rows = []
        for row in model_input.to_dict(orient="records"):
            given = {name: row[name] for name in _OPTIONS if not pd.isna(row.get(name))}
            speech = self._voice.speak(str(row["text"]), **{"emotion": NEUTRAL, **given})
            wav = base64.b64encode(encode_wav(speech.samples, sample_rate_hz=speech.sample_rate_hz)).decode("ascii")
            rows.append({"wav_base64": wav, "sample_rate_hz": speech.sample_rate_hz})
        return pd.DataFrame(rows)


def _load_pyfunc(data_path: str) -> VoiceModel:
    return VoiceModel(Voice.load(Path(data_path)))
