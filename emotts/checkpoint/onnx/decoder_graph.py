"""The second graph of a voice: latents to samples, by either decoder."""

from __future__ import annotations

import copy

from torch import Tensor, nn

from emotts.checkpoint.onnx.matrix_stft import MatrixStft
from emotts.features.inverse_stft import InverseStft
from emotts.model.decoder_hifigan import HifiGanDecoder
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.pitched_source import harmonics, spoken_pitch

__all__ = ["HifiGanGraph", "IstftGraph"]


class HifiGanGraph(nn.Module):
    """The HiFi-GAN decoder for one text.

    Args:
        decoder: the network, its weight normalisation folded.
    """

    def __init__(self, decoder: HifiGanDecoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, latents: Tensor, voice: Tensor) -> Tensor:
        """Return the samples (1, frame * hop_length) of latents (1, latent, frame) and a voice (1, voice, 1)."""
        waveform: Tensor = self.decoder(latents, voice_embedding=voice)
        return waveform.squeeze(1)


class IstftGraph(nn.Module):
    """The iSTFT decoder for one text, without complex numbers, with noise that is given.

    Args:
        decoder: the network; it is copied.
    """

    def __init__(self, decoder: IstftDecoder) -> None:
        super().__init__()
        self.decoder = copy.deepcopy(decoder)
        self.decoder.inverse = _in_real_numbers(decoder.inverse)
        self.decoder.noise_inverse = _in_real_numbers(decoder.noise_inverse)

    def forward(
        self, latents: Tensor, voice: Tensor, noise: Tensor, pitch_range: Tensor, pitch_shift: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return samples within -1 and 1 (1, frame * hop_length), and the pitch in cycles a sample (1, frame).

        Args:
            latents: (1, latent, frame).
            voice: (1, voice, 1).
            noise: (1, frame * hop_length), what is shaped beside the harmonics.
            pitch_range, pitch_shift: tensors (), as of :func:`spoken_pitch`.
        """
        prediction = self.decoder.predict_pitch(latents, voice_embedding=voice)
        pitch = spoken_pitch(prediction, pitch_range=pitch_range, pitch_shift=pitch_shift)
        envelopes = self.decoder.envelopes(latents, voice_embedding=voice)
        source = harmonics(pitch, hop_length=self.decoder.hop_length)
        waveform = self.decoder.shape(envelopes, source=source, noise=noise)
        return waveform.squeeze(1).clamp(-1.0, 1.0), pitch


def _in_real_numbers(inverse: InverseStft) -> MatrixStft:
    return MatrixStft(n_fft=inverse.n_fft, hop_length=inverse.hop_length)
