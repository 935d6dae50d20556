"""The phase in which everything learns together, as in VITS."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from emotts.model.segments import slice_segments
from emotts.model.synthesizer import Synthesizer, TrainingOutput
from emotts.training.adversary import DurationCondition
from emotts.training.batch import Batch
from emotts.training.losses import duration_loss, kl_loss, mel_loss
from emotts.training.phase import DurationPair, Generated, WaveformPair, alignment_bias
from emotts.training.settings import TrainSettings

__all__ = ["GeneratorCall", "JointPhase", "generate", "synthesizer_losses"]


class GeneratorCall(nn.Module):
    """The synthesizer's forward with a dict as result, which the wrappers of precision and processes can pass on."""

    def __init__(self, synthesizer: Synthesizer) -> None:
        super().__init__()
        self.synthesizer = synthesizer

    def forward(self, **inputs: Any) -> dict[str, Tensor]:
        output: TrainingOutput = self.synthesizer(**inputs)
        return {field.name: getattr(output, field.name) for field in dataclasses.fields(output)}


@dataclass(frozen=True)
class _Spoken:
    """The generator's output and the two waveforms of its segment, (batch, 1, sample)."""

    output: TrainingOutput
    real: Tensor
    fake: Tensor


class JointPhase:
    """Text, durations, flow, posterior encoder and decoder at once, with all discriminators."""

    parts = frozenset(
        {
            "voice",
            "text_encoder",
            "posterior_encoder",
            "flow",
            "duration_predictor",
            "stochastic_duration_predictor",
            "decoder",
        }
    )
    decodes = True
    aligns = True

    def call(self, synthesizer: Synthesizer) -> nn.Module:
        """Return the synthesizer's forward."""
        return GeneratorCall(synthesizer)

    def run(
        self,
        generator: nn.Module,
        batch: Batch,
        *,
        spectrogram: nn.Module,
        mel: nn.Module,
        settings: TrainSettings,
        alignment_noise_scale: float,
    ) -> Generated:
        """See :class:`emotts.training.phase.Phase`."""
        spoken = generate(
            generator,
            batch,
            spectrogram=spectrogram,
            segment_frames=settings.segment_frames,
            alignment_noise_scale=alignment_noise_scale,
            alignment_slack_frames=settings.alignment_slack_frames,
        )
        output = spoken.output
        return Generated(
            losses=synthesizer_losses(output, real=spoken.real, fake=spoken.fake, mel=mel),
            waveforms=WaveformPair(real=spoken.real, fake=spoken.fake),
            durations=DurationPair(
                real=output.aligned_log_durations,
                fake=output.predicted_log_durations,
                condition=DurationCondition(
                    token_hidden=output.token_hidden,
                    token_mask=output.token_mask,
                    voice_embedding=output.voice_embedding,
                ),
            ),
            alignment=output.alignment,
        )


def generate(
    generator: nn.Module,
    batch: Batch,
    *,
    spectrogram: nn.Module,
    segment_frames: int,
    alignment_noise_scale: float,
    alignment_slack_frames: int | None = None,
) -> _Spoken:
    """Run the synthesizer on a batch, on a random segment of every clip.

    Args:
        generator: gives the fields of a TrainingOutput as a dict (see :class:`GeneratorCall`).
        batch: the clips.
        spectrogram: waveform (batch, sample) to (batch, bin, frame).
        segment_frames: length of the segments.
        alignment_noise_scale: noise on the alignment search.
        alignment_slack_frames: how far the alignment may be from known phone times; None: as far as it likes.
    """
    with torch.no_grad():
        magnitudes = spectrogram(batch.waveform)
    n_frames = magnitudes.shape[2]
    output = TrainingOutput(
        **generator(
            tokens=batch.tokens,
            token_lengths=batch.token_lengths,
            spectrogram=magnitudes,
            spectrogram_lengths=batch.frame_lengths,
            speaker=batch.speaker,
            tone=batch.tones,
            language=batch.languages,
            ja_bert=batch.ja_bert,
            emotion=batch.emotion,
            segment_frames=segment_frames,
            alignment_noise_scale=alignment_noise_scale,
            alignment_bias=alignment_bias(batch, n_frames=n_frames, slack_frames=alignment_slack_frames),
        )
    )
    hop_length = batch.waveform.shape[1] // n_frames
    starts = output.segment_start_frames * hop_length
    real = slice_segments(batch.waveform.unsqueeze(1), starts, length=output.waveform.shape[2])
    return _Spoken(output=output, real=real, fake=output.waveform)


def synthesizer_losses(output: TrainingOutput, *, real: Tensor, fake: Tensor, mel: nn.Module) -> dict[str, Tensor]:
    """Return the unweighted losses that need no discriminator, by name.

    Both mel spectrograms are computed from the segment alone, so that its edges are treated alike.

    Args:
        output: what the synthesizer returned.
        real, fake: waveforms of the segment, (batch, 1, sample).
        mel: waveform (batch, sample) to log mel (batch, band, frame).
    """
    with torch.no_grad():
        real_mel = mel(real.squeeze(1))
    return {
        "mel": mel_loss(real=real_mel, fake=mel(fake.squeeze(1))),
        "kl": kl_loss(
            prior_latents=output.prior_latents,
            posterior_log_std=output.posterior_log_std,
            prior_mean=output.prior_mean,
            prior_log_std=output.prior_log_std,
            frame_mask=output.frame_mask,
        ),
        "duration": duration_loss(
            predicted_log_durations=output.predicted_log_durations,
            aligned_log_durations=output.aligned_log_durations,
            token_mask=output.token_mask,
        ),
        "stochastic_duration": output.stochastic_duration_loss.float(),
    }
