"""Levels, quality metrics, resampling and the import of torchaudio."""

import numpy as np
import pytest
import torch

from emotts.audio.loudness import level_db
from emotts.audio.quality import measure_quality
from emotts.audio.resample import resample
from emotts.audio.torchaudio_import import torchaudio


def tone(frequency_hz: float, seconds: float, rate: int, amplitude: float = 0.5) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * frequency_hz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def test_level_of_known_signals() -> None:
    assert level_db(np.ones(100)) == 0.0
    assert level_db(tone(100, 1.0, 16000, 1.0)) == pytest.approx(-3.0103, abs=1e-3)
    assert level_db(np.full(50, 0.01)) == pytest.approx(-40.0)
    assert level_db(np.zeros(10)) == -120.0
    assert level_db(np.zeros(0)) == -120.0


def test_quality_of_clean_sound() -> None:
    quality = measure_quality(tone(200, 1.0, 16000), sample_rate_hz=16000)
    assert quality.duration_s == 1.0
    assert quality.peak_db == pytest.approx(-6.02, abs=0.01)
    assert quality.level_db == pytest.approx(-9.03, abs=0.01)
    assert quality.clipped_fraction == 0.0
    assert quality.n_non_finite == 0
    assert not quality.is_silent


def test_clipped_share_counts_rows_at_full_scale() -> None:
    samples = np.zeros(100)
    samples[10:15] = 1.0
    samples[20:23] = -1.0
    samples[30:32] = 1.0
    assert measure_quality(samples, sample_rate_hz=16000).clipped_fraction == 0.08


def test_snr_of_noise_with_bursts() -> None:
    rng = np.random.default_rng(0)
    samples = 0.001 * rng.standard_normal(48000)
    samples[16000:32000] += tone(300, 1.0, 16000, 0.1414)
    assert measure_quality(samples, sample_rate_hz=16000).snr_db == pytest.approx(40.0, abs=1.5)
    assert measure_quality(samples[:2000], sample_rate_hz=16000).snr_db is None


def test_what_cannot_be_right_is_counted() -> None:
    samples = np.full(16000, 0.1)
    samples[:3] = [np.nan, np.inf, -np.inf]
    quality = measure_quality(samples, sample_rate_hz=16000)
    assert quality.n_non_finite == 3
    assert quality.dc_offset == pytest.approx(0.1, abs=1e-4)
    assert measure_quality(np.zeros(1600), sample_rate_hz=16000).is_silent
    assert measure_quality(np.zeros(0), sample_rate_hz=16000).is_silent


def test_resampling_keeps_what_fits_and_removes_what_would_alias() -> None:
    kept = resample(tone(1000, 1.0, 48000), from_hz=48000, to_hz=22050)
    assert len(kept) == 22050
    np.testing.assert_allclose(kept[2000:-2000], tone(1000, 1.0, 22050)[2000:-2000], atol=1e-4)
    removed = resample(tone(15000, 1.0, 48000), from_hz=48000, to_hz=22050)
    assert level_db(removed[2000:-2000]) < -100


def test_equal_rates_change_nothing() -> None:
    samples = tone(1000, 0.1, 16000)
    assert resample(samples, from_hz=16000, to_hz=16000) is samples


def test_torchaudio_works_whatever_torch_is_installed() -> None:
    spectrogram = torchaudio.transforms.Spectrogram(n_fft=512, power=1.0)(torch.from_numpy(tone(1000, 1.0, 16000)))
    assert spectrogram.shape == (257, 63)
    assert int(spectrogram.mean(dim=1).argmax()) == 32
    basis = torchaudio.functional.melscale_fbanks(257, 0.0, 8000.0, 20, 16000)
    assert basis.shape == (257, 20)
    assert float(basis.sum()) > 0
