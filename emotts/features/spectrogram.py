"""Linear and mel spectrograms as modules, computed the way the MeloTTS family expects them.

Frames are ``hop_length`` samples apart and ``n_fft`` long; the waveform is padded by reflection with
``(n_fft - hop_length) / 2`` samples on either side instead of being centred, so a waveform of
``frames * hop_length`` samples gives exactly ``frames`` frames.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.audio.torchaudio_import import torchaudio
from emotts.errors import AudioError, ConfigError

__all__ = ["MelSpectrogram", "Spectrogram", "mel_basis"]

_POWER_FLOOR = 1e-6
"""Added to the power before the square root, so that silence has a finite gradient."""
_MEL_FLOOR = 1e-5
"""Smallest mel magnitude before the logarithm."""


def mel_basis(*, sample_rate_hz: int, n_fft: int, n_mels: int, f_min_hz: float, f_max_hz: float | None) -> Tensor:
    """Return the triangular mel filters on Slaney's scale with Slaney's area norm, (mel, bin) float32.

    Equal to ``librosa.filters.mel``. ``f_max_hz`` None is half the sample rate.

    Raises:
        ConfigError: if the band is empty or reaches beyond half the sample rate.
    """
    top_hz = sample_rate_hz / 2 if f_max_hz is None else f_max_hz
    if not 0 <= f_min_hz < top_hz <= sample_rate_hz / 2:
        raise ConfigError(
            "the mel filters have no usable band",
            found=f"{f_min_hz} Hz to {top_hz} Hz at {sample_rate_hz} Hz",
            wanted=f"0 <= f_min_hz < f_max_hz <= {sample_rate_hz / 2}",
        )
    filters: Tensor = torchaudio.functional.melscale_fbanks(
        n_freqs=n_fft // 2 + 1,
        f_min=float(f_min_hz),
        f_max=float(top_hz),
        n_mels=n_mels,
        sample_rate=sample_rate_hz,
        norm="slaney",
        mel_scale="slaney",
    )
    return filters.T.contiguous()


class Spectrogram(nn.Module):
    """Linear magnitude spectrogram, ``sqrt(re^2 + im^2 + 1e-6)``.

    Computed in float32 even under autocast (in float64 if the module was converted to it).

    Args:
        n_fft: length of the transform in samples, even.
        hop_length: distance of two frames in samples; ``n_fft - hop_length`` must be even.
        win_length: length of the Hann window in samples, at most ``n_fft``.
    """

    window: Tensor

    def __init__(self, *, n_fft: int, hop_length: int, win_length: int) -> None:
        super().__init__()
        if not 0 < hop_length <= n_fft or not 0 < win_length <= n_fft or (n_fft - hop_length) % 2 or n_fft % 2:
            raise ConfigError(
                "the spectrogram's lengths do not fit together",
                found=f"n_fft {n_fft}, hop_length {hop_length}, win_length {win_length}",
                wanted="even n_fft, n_fft - hop_length even, hop_length and win_length from 1 to n_fft",
            )
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.win_length = win_length
        self.register_buffer("window", torch.hann_window(win_length), persistent=False)

    @property
    def n_bins(self) -> int:
        """Number of frequency bins."""
        return self.n_fft // 2 + 1

    def forward(self, waveform: Tensor) -> Tensor:
        """Return the magnitude (batch, bin, frame) of a waveform (batch, sample).

        Raises:
            AudioError: if the waveform is not (batch, sample) or too short to be padded by reflection.
        """
        padding = (self.n_fft - self.hop_length) // 2
        if waveform.dim() != 2 or waveform.shape[1] <= padding or waveform.shape[1] < self.hop_length:
            raise AudioError(
                "waveform cannot be turned into a spectrogram",
                found=f"shape {tuple(waveform.shape)}",
                wanted=f"(batch, sample) with at least {max(padding + 1, self.hop_length)} samples",
            )
        with torch.autocast(waveform.device.type, enabled=False):
            window = _full(self.window)
            padded = F.pad(waveform.to(window.dtype).unsqueeze(1), (padding, padding), mode="reflect").squeeze(1)
        return self.of_padded(padded)

    def of_padded(self, padded: Tensor) -> Tensor:
        """Return the magnitude of a waveform that has ``(n_fft - hop_length) / 2`` samples around its frames already.

        So the spectrogram of a window inside a recording is equal to that piece of the recording's spectrogram.
        """
        with torch.autocast(padded.device.type, enabled=False):
            window = _full(self.window)
            transform = torch.stft(
                padded.to(window.dtype),
                self.n_fft,
                hop_length=self.hop_length,
                win_length=self.win_length,
                window=window,
                center=False,
                return_complex=True,
            )
            power = transform.real.square() + transform.imag.square()
            return torch.sqrt(power + _POWER_FLOOR)


class MelSpectrogram(nn.Module):
    """Log-mel spectrogram: natural logarithm, floor 1e-5, Slaney filters.

    The filters belong to the instance, so configurations never mix.

    Args:
        sample_rate_hz: rate of the waveforms.
        n_fft, hop_length, win_length: as :class:`Spectrogram`, in samples.
        n_mels: number of filters.
        f_min_hz, f_max_hz: band of the filters; ``f_max_hz`` None is half the sample rate.
    """

    basis: Tensor

    def __init__(
        self,
        *,
        sample_rate_hz: int,
        n_fft: int,
        hop_length: int,
        win_length: int,
        n_mels: int,
        f_min_hz: float,
        f_max_hz: float | None,
    ) -> None:
        super().__init__()
        self.spectrogram = Spectrogram(n_fft=n_fft, hop_length=hop_length, win_length=win_length)
        basis = mel_basis(
            sample_rate_hz=sample_rate_hz, n_fft=n_fft, n_mels=n_mels, f_min_hz=f_min_hz, f_max_hz=f_max_hz
        )
        self.register_buffer("basis", basis, persistent=False)

    def forward(self, waveform: Tensor) -> Tensor:
        """Return the log-mel (batch, mel, frame) of a waveform (batch, sample); raises as Spectrogram."""
        spectrogram: Tensor = self.spectrogram(waveform)
        return self.from_spectrogram(spectrogram)

    def from_spectrogram(self, spectrogram: Tensor) -> Tensor:
        """Return the log-mel (batch, mel, frame) of a linear magnitude (batch, bin, frame)."""
        with torch.autocast(spectrogram.device.type, enabled=False):
            basis = _full(self.basis)
            mel = torch.matmul(basis, spectrogram.to(basis.dtype))
            return torch.log(mel.clamp(min=_MEL_FLOOR))


def _full(buffer: Tensor) -> Tensor:
    """Return the buffer in float64 if it is, else in float32 (a half-precision module computes in float32)."""
    return buffer if buffer.dtype == torch.float64 else buffer.float()
