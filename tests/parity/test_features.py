"""Spectrograms against those of the original on the same waveform."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file
from support.places import PARITY_DATA
from torch import Tensor

from emotts.features.spectrogram import MelSpectrogram


@pytest.fixture(scope="module")
def cases() -> dict[str, Tensor]:
    return load_file(PARITY_DATA / "cases.safetensors")


@pytest.fixture(scope="module")
def mel() -> MelSpectrogram:
    data = json.loads((PARITY_DATA / "config.json").read_text())["data"]
    return MelSpectrogram(
        sample_rate_hz=data["sampling_rate"],
        n_fft=data["filter_length"],
        hop_length=data["hop_length"],
        win_length=data["win_length"],
        n_mels=data["n_mel_channels"],
        f_min_hz=data["mel_fmin"],
        f_max_hz=data["mel_fmax"],
    )


def test_spectrogram(cases: dict[str, Tensor], mel: MelSpectrogram) -> None:
    spectrogram = mel.spectrogram(cases["in_waveform"].squeeze(1))
    torch.testing.assert_close(spectrogram, cases["spectrogram"], atol=1e-4, rtol=0)


def test_mel_from_spectrogram(cases: dict[str, Tensor], mel: MelSpectrogram) -> None:
    torch.testing.assert_close(mel.from_spectrogram(cases["spectrogram"]), cases["mel_from_spec"], atol=1e-4, rtol=0)


def test_mel_from_waveform(cases: dict[str, Tensor], mel: MelSpectrogram) -> None:
    found = mel(cases["in_waveform"].squeeze(1))
    torch.testing.assert_close(found, cases["mel_from_waveform"], atol=1e-4, rtol=0)
