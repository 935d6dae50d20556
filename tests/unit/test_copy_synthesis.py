"""A voice of random weights copies recordings."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts import Voice
from emotts.copy_synthesis import can_copy, copied
from emotts.errors import AudioError, CheckpointError


def test_a_copy_is_as_long_as_the_recording_and_always_the_same() -> None:
    synthesizer = make_synthesizer()
    n_fft = 2 * (synthesizer.settings.spectrogram_bins - 1)
    audio = {"n_fft": n_fft, "hop_length": 16, "win_length": n_fft}
    voice = Voice(synthesizer, dataclasses.replace(DESCRIPTION, audio=audio))
    recording = np.sin(np.arange(1600) / 8).astype(np.float32)
    sad = copied(recording, voice, emotion="sad")
    assert can_copy(voice)
    assert (sad.dtype, sad.shape) == (np.float32, (1600,))
    assert np.array_equal(sad, copied(recording, voice, emotion="sad"))
    assert not np.array_equal(sad, copied(recording[::-1].copy(), voice, emotion="sad"))
    assert not np.array_equal(sad, copied(recording, voice, emotion="happy"))
    with pytest.raises(AudioError, match="cannot be turned into a spectrogram"):
        copied(recording[:4], voice)


def test_a_voice_without_its_spectrograms_copies_nothing() -> None:
    voice = Voice(make_synthesizer(), DESCRIPTION)
    assert not can_copy(voice)
    with pytest.raises(CheckpointError, match=r"spectrograms are made[\s\S]*n_fft, hop_length, win_length"):
        copied(np.zeros(1600, np.float32), voice)
