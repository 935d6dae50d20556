"""The transform by real matrices is the Fourier transform."""

from __future__ import annotations

import pytest
import torch

from emotts.checkpoint.onnx.matrix_stft import MatrixStft
from emotts.features.inverse_stft import InverseStft


@pytest.mark.parametrize(("n_fft", "hop_length"), [(1024, 256), (256, 64), (64, 32), (100, 20), (60, 16), (32, 2)])
def test_both_ways_are_those_of_the_fourier_transform(n_fft: int, hop_length: int) -> None:
    torch.manual_seed(0)
    fast, matrix = (kind(n_fft=n_fft, hop_length=hop_length) for kind in (InverseStft, MatrixStft))
    waveform = torch.randn(2, 9 * hop_length)
    wanted = fast.spectra(waveform)
    torch.testing.assert_close(matrix.spectra(waveform), wanted, atol=1e-6 * n_fft, rtol=0)
    # what a network shaped is no transform of any waveform: the parts at 0 and half the rate are not real
    shaped = [part + torch.randn_like(part) for part in wanted]
    restored = fast(*shaped)
    torch.testing.assert_close(matrix(*shaped), restored, atol=1e-6 * float(restored.abs().max()), rtol=0)


@pytest.mark.parametrize("n_frames", [1, 2, 5])
def test_length_is_exact(n_frames: int) -> None:
    stft = MatrixStft(n_fft=32, hop_length=6)
    spectra = stft.spectra(torch.ones(3, n_frames * 6))
    assert [part.shape for part in spectra] == [(3, 17, n_frames)] * 2
    assert stft(*spectra).shape == (3, n_frames * 6)


def test_nothing_is_stored_in_checkpoints() -> None:
    assert not MatrixStft(n_fft=16, hop_length=4).state_dict()
