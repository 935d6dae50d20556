"""A voice as an MLflow ``pyfunc`` model: rows of text in, rows of wav out.

MLflow finds :func:`_load_pyfunc` by its name.
"""

from __future__ import annotations

import base64
import difflib
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, cast

import pandas as pd

from emotts.audio.io import encode_wav
from emotts.checkpoint.delivery import OPTIONS, DeliveryOptions, option_value
from emotts.errors import ConfigError
from emotts.runtime import keep_few_lengths
from emotts.voice import Voice

__all__ = ["VoiceModel"]

_COLUMNS = ("text", *OPTIONS)


class VoiceModel:
    """Speaks every row of a table."""

    def __init__(self, voice: Voice) -> None:
        """Wrap a loaded voice."""
        self._voice = voice

    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        """Speak rows with ``text`` and, where they say more, the fields of a delivery: ``emotion``, ``pitch_shift``...

        An empty field means that field's default. Before anything is spoken, every column and number is checked.

        Args:
            model_input: a data frame, or what becomes one.

        Returns:
            One row for each: ``wav_base64`` (a 16-bit wav file) and ``sample_rate_hz``.

        Raises:
            ConfigError: if a column is missing or unknown (with the nearest name), or a value cannot be used.
            EmottsError: as of :meth:`emotts.Voice.speak`.
        """
        table = pd.DataFrame(model_input)
        _check_columns([str(name) for name in table.columns])
        rows = [_row(values, where=f"row {number}") for number, values in enumerate(table.to_dict(orient="records"), 1)]
        answers = []
        for text, options in rows:
            speech = self._voice.speak(text, **options)
            wav = base64.b64encode(encode_wav(speech.samples, sample_rate_hz=speech.sample_rate_hz)).decode("ascii")
            answers.append({"wav_base64": wav, "sample_rate_hz": speech.sample_rate_hz})
        return pd.DataFrame(answers)


def _check_columns(names: list[str]) -> None:
    unknown = next((name for name in names if name not in _COLUMNS), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, _COLUMNS, n=1, cutoff=0.5)
        raise ConfigError(
            f"unknown column {unknown!r}",
            wanted=f"some of {', '.join(_COLUMNS)}",
            remedy=f"did you mean {near[0]!r}?" if near else "leave it out",
        )
    if "text" not in names:
        raise ConfigError("there is no column for the text", found=", ".join(names) or "no columns", wanted="text")


def _row(values: Mapping[Hashable, Any], *, where: str) -> tuple[str, DeliveryOptions]:
    """Return the text of a row, and how it is spoken."""
    said = {str(name): value for name, value in values.items() if not pd.isna(value)}
    text = said.pop("text", None)
    if text is None:
        raise ConfigError("there is no text", where=where)
    try:
        options = {name: option_value(name, value) for name, value in said.items()}
    except ConfigError as error:
        raise ConfigError(error.what, where=where, found=error.found, wanted=error.wanted) from error
    return str(text), cast(DeliveryOptions, options)


def _load_pyfunc(data_path: str) -> VoiceModel:
    keep_few_lengths()  # a server loads it
    return VoiceModel(Voice.load(Path(data_path)))
