"""Mel spectrograms in several windows."""

from __future__ import annotations

import warnings

import pytest
import torch

from emotts.errors import AudioError
from emotts.features.mel_spectrograms import MelSpectrograms
from emotts.features.spectrogram import MelSpectrogram

RATE_HZ = 22050


def several(*windows: int) -> MelSpectrograms:
    first = MelSpectrogram(
        sample_rate_hz=RATE_HZ, n_fft=1024, hop_length=256, win_length=1024, n_mels=80, f_min_hz=0.0, f_max_hz=None
    )
    return MelSpectrograms(first, windows=windows, sample_rate_hz=RATE_HZ)


def test_the_given_one_is_first_and_shorter_windows_have_fewer_bands_and_more_frames() -> None:
    waveform = torch.randn(2, 8192, generator=torch.Generator().manual_seed(0))
    mels = several(32, 256, 2048)
    found = mels(waveform)
    assert [mel.shape for mel in found] == [(2, 80, 32), (2, 5, 1024), (2, 40, 128), (2, 160, 16)]
    assert torch.equal(found[0], mels.mels[0](waveform))
    assert len(several()(waveform)) == 1


def test_no_band_is_empty() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mels = several(32, 64, 128, 256, 512, 2048)
    assert all((mel.basis.sum(dim=1) > 0).all() for mel in mels.mels)


def test_only_a_short_window_tells_when_a_burst_is_early() -> None:
    """Two clicks, 3 ms apart: as far as a window of 2,048 samples knows, they are nearly the same."""
    clicks = torch.zeros(2, 8192)
    clicks[0, 4000] = clicks[1, 4066] = 1.0
    short, long = several(32, 2048)(clicks)[1:]
    assert (short[0] - short[1]).abs().max() > 4.0
    assert (long[0] - long[1]).abs().max() < 1.0


def test_a_waveform_shorter_than_a_window_is_refused() -> None:
    with pytest.raises(AudioError, match="waveform cannot be turned into a spectrogram"):
        several(2048)(torch.zeros(1, 600))
