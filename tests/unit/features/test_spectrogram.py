"""Linear and mel spectrograms."""

from __future__ import annotations

import math

import librosa
import numpy as np
import pytest
import torch

from emotts.errors import AudioError, ConfigError
from emotts.features.spectrogram import MelSpectrogram, Spectrogram, mel_basis


def small_mel(*, f_max_hz: float | None = None, sample_rate_hz: int = 16000, n_fft: int = 256) -> MelSpectrogram:
    return MelSpectrogram(
        sample_rate_hz=sample_rate_hz,
        n_fft=n_fft,
        hop_length=64,
        win_length=n_fft,
        n_mels=12,
        f_min_hz=0.0,
        f_max_hz=f_max_hz,
    )


@pytest.mark.parametrize(
    ("sample_rate_hz", "n_fft", "n_mels", "f_min_hz", "f_max_hz"),
    [
        (44100, 2048, 128, 0.0, None),
        (22050, 1024, 80, 0.0, 11025.0),
        (16000, 256, 20, 0.0, None),
        (24000, 512, 40, 50.0, 8000.0),
    ],
)
def test_filters_are_librosas(
    sample_rate_hz: int, n_fft: int, n_mels: int, f_min_hz: float, f_max_hz: float | None
) -> None:
    ours = mel_basis(sample_rate_hz=sample_rate_hz, n_fft=n_fft, n_mels=n_mels, f_min_hz=f_min_hz, f_max_hz=f_max_hz)
    theirs = librosa.filters.mel(sr=sample_rate_hz, n_fft=n_fft, n_mels=n_mels, fmin=f_min_hz, fmax=f_max_hz)
    assert ours.shape == (n_mels, n_fft // 2 + 1)
    assert ours.dtype == torch.float32
    np.testing.assert_allclose(ours.numpy(), theirs, atol=1e-6, rtol=0)


def test_fault_4_configurations_never_mix() -> None:
    # same f_max, other rate, other length, other band: four modules, each with its own filters
    modules = [
        small_mel(f_max_hz=7000.0),
        small_mel(f_max_hz=7000.0, sample_rate_hz=22050),
        small_mel(f_max_hz=7000.0, n_fft=512),
        small_mel(f_max_hz=6000.0),
    ]
    for module, rate, n_fft, top in zip(
        modules, (16000, 22050, 16000, 16000), (256, 256, 512, 256), (7000, 7000, 7000, 6000), strict=True
    ):
        theirs = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=12, fmin=0, fmax=top)
        np.testing.assert_allclose(module.basis.numpy(), theirs, atol=1e-6, rtol=0)
    waveform = 0.1 * torch.randn(1, 2048)
    first, second = modules[0](waveform), modules[1](waveform)
    assert (first - second).abs().max() > 0.1
    torch.testing.assert_close(modules[0](waveform), first, atol=0, rtol=0)


@pytest.mark.parametrize(("samples", "frames"), [(128, 2), (640, 10), (650, 10), (703, 10), (704, 11)])
def test_frame_count_is_the_whole_hops(samples: int, frames: int) -> None:
    spectrogram = Spectrogram(n_fft=256, hop_length=64, win_length=256)
    assert spectrogram.n_bins == 129
    assert spectrogram(torch.zeros(3, samples)).shape == (3, 129, frames)


def test_one_frame() -> None:
    assert Spectrogram(n_fft=32, hop_length=16, win_length=32)(torch.ones(1, 16)).shape == (1, 17, 1)


def test_silence_is_the_floor() -> None:
    mel = small_mel()
    waveform = torch.zeros(1, 640, requires_grad=True)
    spectrogram = mel.spectrogram(waveform)
    torch.testing.assert_close(spectrogram, torch.full((1, 129, 10), 1e-3))
    floored = mel.from_spectrogram(torch.zeros(1, 129, 10))
    torch.testing.assert_close(floored, torch.full((1, 12, 10), math.log(1e-5)))
    spectrogram.sum().backward()
    assert torch.isfinite(waveform.grad).all()


def test_a_sine_in_the_middle_of_a_bin() -> None:
    # amplitude times half the window's sum (128) in its bin, half of that in both neighbours, nothing beyond
    time = torch.arange(2048, dtype=torch.float64)
    sine = 0.5 * torch.sin(2 * math.pi * 20 * time / 256)
    frame = Spectrogram(n_fft=256, hop_length=64, win_length=256).double()(sine.unsqueeze(0))[0, :, 16]
    expected = torch.full((129,), 1e-3, dtype=torch.float64)
    expected[19:22] = torch.tensor([16.0, 32.0, 16.0], dtype=torch.float64)
    torch.testing.assert_close(frame, expected, atol=1e-4, rtol=1e-5)


def test_float32_under_autocast_and_in_half_precision_modules() -> None:
    mel = small_mel()
    waveform = 0.1 * torch.randn(2, 640)
    wanted = mel(waveform)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = mel(waveform)
    assert inside.dtype == torch.float32
    torch.testing.assert_close(inside, wanted, atol=0, rtol=0)
    assert mel.bfloat16()(waveform.bfloat16()).dtype == torch.float32


def test_double_precision() -> None:
    waveform = 0.1 * torch.randn(1, 640, dtype=torch.float64)
    mel = small_mel().double()(waveform)
    assert mel.dtype == torch.float64
    torch.testing.assert_close(small_mel()(waveform.float()), mel.float(), atol=1e-4, rtol=0)


def test_nothing_is_stored_in_checkpoints() -> None:
    assert small_mel().state_dict() == {}


def test_gradient_is_right() -> None:
    torch.manual_seed(0)
    module = Spectrogram(n_fft=16, hop_length=4, win_length=12).double()
    waveform = torch.randn(1, 24, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(module, (waveform,))


@pytest.mark.parametrize("shape", [(96,), (1, 96), (1, 1, 640), (2, 0)])
def test_waveforms_that_cannot_be_used(shape: tuple[int, ...]) -> None:
    with pytest.raises(AudioError, match=r"at least 97 samples"):
        Spectrogram(n_fft=256, hop_length=64, win_length=256)(torch.zeros(shape))


@pytest.mark.parametrize(
    ("n_fft", "hop_length", "win_length"),
    [(255, 64, 255), (256, 63, 256), (256, 64, 257), (256, 0, 256), (256, 300, 256)],
)
def test_lengths_that_do_not_fit(n_fft: int, hop_length: int, win_length: int) -> None:
    with pytest.raises(ConfigError, match=f"found: n_fft {n_fft}, hop_length {hop_length}, win_length {win_length}"):
        Spectrogram(n_fft=n_fft, hop_length=hop_length, win_length=win_length)


@pytest.mark.parametrize("f_max_hz", [8001.0, 0.0])
def test_bands_that_do_not_fit(f_max_hz: float) -> None:
    with pytest.raises(ConfigError, match="wanted: 0 <= f_min_hz < f_max_hz <= 8000.0"):
        small_mel(f_max_hz=f_max_hz)
