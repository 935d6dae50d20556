"""The autoencoder phase, which trains posterior encoder and decoder without text; and the decoder phase."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.features.spectrogram import Spectrogram
from emotts.model.segments import draw_segment_starts, slice_segments
from emotts.model.synthesizer import Synthesizer
from emotts.training.batch import Batch
from emotts.training.losses import segment_mel_loss, standard_kl_loss
from emotts.training.phases.phase import Generated, PhaseContext, WaveformPair
from emotts.training.phases.pitch import pitch_losses, segment_pitch
from emotts.training.settings import TrainSettings

__all__ = ["AutoencoderCall", "AutoencoderPhase", "DecoderPhase", "window"]


class AutoencoderCall(nn.Module):
    """Posterior encoder and decoder on a window of every clip, with a dict as result.

    The window is a segment and what the posterior encoder sees around it.
    """

    def __init__(self, synthesizer: Synthesizer) -> None:
        super().__init__()
        self.synthesizer = synthesizer

    @property
    def context_frames(self) -> int:
        """Frames on either side that the latents of a frame depend on."""
        return self.synthesizer.posterior_encoder.context_frames

    def forward(
        self,
        spectrogram: Tensor,
        spectrogram_lengths: Tensor,
        starts: Tensor,
        *,
        speaker: Tensor | None,
        emotion: Tensor | None,
        segment_frames: int,
        pitch: Tensor | None = None,
        noise_scale: float = 1.0,
    ) -> dict[str, Tensor | None]:
        """Return ``waveform`` (batch, 1, sample), and of its frames ``mean``, ``log_std`` and the bool ``mask``.

        ``predicted_pitch`` is that of :class:`emotts.model.synthesizer.TrainingOutput`.

        Args:
            spectrogram: of the window (batch, bin, frame).
            spectrogram_lengths: real frames of the window (batch,) int64.
            starts: first frame of the segment in the window (batch,) int64.
            speaker, emotion: as the synthesizer's.
            segment_frames: length of the segment.
            pitch: of the segment, cycles a sample (batch, segment_frames); None: as predicted.
            noise_scale: scales the random part of the latents.
        """
        voice = self.synthesizer.voice(speaker, emotion=emotion, spectrogram=spectrogram)
        frames = self.synthesizer.posterior_encoder(
            spectrogram, spectrogram_lengths, voice_embedding=voice, noise_scale=noise_scale
        )
        latents, mean, log_std, mask = (slice_segments(value, starts, length=segment_frames) for value in frames)
        waveform, predicted_pitch = self.synthesizer.decode_segment(latents, voice_embedding=voice, pitch=pitch)
        return {
            "waveform": waveform,
            "mean": mean,
            "log_std": log_std,
            "mask": mask,
            "predicted_pitch": predicted_pitch,
        }


class AutoencoderPhase:
    """Posterior encoder, decoder and the tables of speakers and emotions, with the discriminators of waveforms.

    The loss ``kl`` is here the divergence from a standard normal, which keeps the latents bounded.
    """

    parts = frozenset({"voice", "posterior_encoder", "decoder"})
    decodes = True
    aligns = False

    def noise_scale(self, settings: TrainSettings) -> float:
        """Return the scale of the latents' random part: the divergence is one of the whole distribution."""
        del settings
        return 1.0

    def call(self, synthesizer: Synthesizer) -> nn.Module:
        """Return the way from sound to sound."""
        return AutoencoderCall(synthesizer)

    def run(self, generator: nn.Module, batch: Batch, context: PhaseContext) -> Generated:
        """See :class:`emotts.training.phases.phase.Phase`."""
        segment_frames = context.settings.segment_frames
        starts = draw_segment_starts(batch.frame_lengths, segment_frames=segment_frames)
        reach = cast(AutoencoderCall, generator).context_frames  # wrappers pass attributes on
        piece = window(batch, starts, spectrogram=context.spectrogram, reach=reach, segment_frames=segment_frames)
        pitch = segment_pitch(batch, starts, segment_frames=segment_frames)
        output = generator(
            **piece,
            speaker=batch.speaker,
            emotion=batch.emotion,
            segment_frames=segment_frames,
            pitch=pitch,
            noise_scale=self.noise_scale(context.settings),
        )
        fake = output["waveform"]
        hop_length = fake.shape[2] // segment_frames
        real = slice_segments(batch.waveform.unsqueeze(1), starts * hop_length, length=fake.shape[2])
        losses = {
            "mel": segment_mel_loss(real=real, fake=fake, mel=context.mel),
            "kl": standard_kl_loss(mean=output["mean"], log_std=output["log_std"], frame_mask=output["mask"]),
            **pitch_losses(output["predicted_pitch"], pitch),
        }
        return Generated(losses=losses, waveforms=WaveformPair(real=real, fake=fake))


class DecoderPhase(AutoencoderPhase):
    """The decoder alone, with the discriminators of waveforms: the latents, and what predicts them, stay as they are.

    The loss ``kl`` cannot change in it.
    """

    parts = frozenset({"decoder"})

    def noise_scale(self, settings: TrainSettings) -> float:
        """Return ``decoder_noise_scale``: voices speak with less noise than the posterior has."""
        return settings.decoder_noise_scale


@torch.no_grad()
def window(
    batch: Batch, starts: Tensor, *, spectrogram: Spectrogram, reach: int, segment_frames: int
) -> dict[str, Tensor]:
    """Return what :class:`AutoencoderCall` takes: the segments at ``starts`` and ``reach`` frames around each.

    Inside the reach a window's spectrogram is that of the whole clip, and where it begins or ends, the clip does.
    """
    hop_length = spectrogram.hop_length
    n_frames = batch.waveform.shape[1] // hop_length
    length = min(segment_frames + 2 * reach, n_frames)
    begins = (starts - reach).clamp(0, n_frames - length)
    padding = (spectrogram.n_fft - hop_length) // 2
    padded = F.pad(batch.waveform.unsqueeze(1), (padding, padding), mode="reflect")
    samples = slice_segments(padded, begins * hop_length, length=length * hop_length + 2 * padding)
    return {
        "spectrogram": spectrogram.of_padded(samples.squeeze(1)),
        "spectrogram_lengths": (batch.frame_lengths - begins).clamp_max(length),
        "starts": starts - begins,
    }
