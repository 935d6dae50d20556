"""Spectra back to waveforms."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional as F

from emotts.errors import ConfigError
from emotts.features.inverse_stft import InverseStft


def true_stft(waveform: torch.Tensor, *, n_fft: int, hop_length: int) -> torch.Tensor:
    padding = (n_fft - hop_length) // 2
    window = torch.hann_window(n_fft, dtype=waveform.dtype)
    padded = F.pad(waveform, (padding, padding))
    return torch.stft(padded, n_fft, hop_length=hop_length, window=window, center=False, return_complex=True)


@pytest.mark.parametrize(("n_fft", "hop_length"), [(1024, 256), (256, 64), (64, 32), (100, 20), (60, 16)])
def test_true_spectra_give_the_waveform_back(n_fft: int, hop_length: int) -> None:
    torch.manual_seed(0)
    waveform = torch.randn(2, 40 * hop_length)
    spectra = true_stft(waveform, n_fft=n_fft, hop_length=hop_length)
    restored = InverseStft(n_fft=n_fft, hop_length=hop_length)(spectra.real, spectra.imag)
    torch.testing.assert_close(restored, waveform, atol=1e-4, rtol=0)


@pytest.mark.parametrize("frames", [1, 2, 3, 7])
def test_length_is_exact_and_values_finite(frames: int) -> None:
    waveform = InverseStft(n_fft=32, hop_length=8)(torch.ones(3, 17, frames), torch.zeros(3, 17, frames))
    assert waveform.shape == (3, frames * 8)
    assert torch.isfinite(waveform).all()


def test_one_frame_of_direct_current() -> None:
    # a spectrum with 8 in bin 0 is eight samples of 1.0; windowed once and divided by the squared window
    # leaves 1 / window in the two samples that survive the trimming (3 and 4 of 8)
    real = torch.tensor([8.0, 0.0, 0.0, 0.0, 0.0]).reshape(1, 5, 1)
    waveform = InverseStft(n_fft=8, hop_length=2)(real, torch.zeros(1, 5, 1))
    window = [0.5 - 0.5 * math.cos(2 * math.pi * index / 8) for index in (3, 4)]
    torch.testing.assert_close(waveform, torch.tensor([[1 / window[0], 1 / window[1]]]))


def test_gradient_is_finite_at_silence() -> None:
    real, imaginary = (torch.zeros(1, 17, 4, requires_grad=True) for _ in range(2))
    InverseStft(n_fft=32, hop_length=8)(real, imaginary).square().sum().backward()
    assert torch.isfinite(real.grad).all()
    assert torch.isfinite(imaginary.grad).all()


def test_double_precision_stays() -> None:
    torch.manual_seed(1)
    waveform = torch.randn(1, 160, dtype=torch.float64)
    spectra = true_stft(waveform, n_fft=64, hop_length=16)
    restored = InverseStft(n_fft=64, hop_length=16).double()(spectra.real, spectra.imag)
    assert restored.dtype == torch.float64
    torch.testing.assert_close(restored, waveform, atol=1e-6, rtol=0)


def test_runs_in_float32_under_autocast() -> None:
    real = torch.randn(1, 17, 4).bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert InverseStft(n_fft=32, hop_length=8)(real, real).dtype == torch.float32


@pytest.mark.parametrize(("n_fft", "hop_length"), [(31, 8), (32, 7), (32, 18), (32, 0)])
def test_unusable_lengths(n_fft: int, hop_length: int) -> None:
    with pytest.raises(ConfigError, match=f"found: n_fft {n_fft}, hop_length {hop_length}"):
        InverseStft(n_fft=n_fft, hop_length=hop_length)


def test_nothing_is_stored_in_checkpoints() -> None:
    assert InverseStft(n_fft=32, hop_length=8).state_dict() == {}
