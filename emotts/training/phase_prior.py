"""The phase in which text learns to foretell the latents of a finished posterior encoder; nothing is decoded."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from emotts.model.synthesizer import Synthesizer
from emotts.training.adversary import DurationCondition
from emotts.training.batch import Batch
from emotts.training.losses import duration_loss, kl_loss
from emotts.training.phase import DurationPair, Generated, alignment_bias
from emotts.training.settings import TrainSettings

__all__ = ["PriorCall", "PriorPhase"]


class PriorCall(nn.Module):
    """All but the decoder on whole clips, with a dict as result; no gradient reaches voice and posterior encoder."""

    def __init__(self, synthesizer: Synthesizer) -> None:
        super().__init__()
        self.synthesizer = synthesizer

    def forward(
        self,
        tokens: Tensor,
        token_lengths: Tensor,
        spectrogram: Tensor,
        spectrogram_lengths: Tensor,
        *,
        speaker: Tensor | None,
        tone: Tensor,
        language: Tensor,
        ja_bert: Tensor | None,
        emotion: Tensor | None,
        alignment_noise_scale: float,
        alignment_bias: Tensor | None,
    ) -> dict[str, Tensor]:
        """Return fields of a TrainingOutput by name; the arguments are those of the synthesizer's forward."""
        synthesizer = self.synthesizer
        with torch.no_grad():
            voice = synthesizer.voice(speaker, emotion=emotion, spectrogram=spectrogram)
            latents, _, posterior_log_std, frame_mask = synthesizer.posterior_encoder(
                spectrogram, spectrogram_lengths, voice_embedding=voice
            )
        token_hidden, prior_mean, prior_log_std, token_mask = synthesizer.text_encoder(
            tokens,
            token_lengths,
            tone=tone,
            language=language,
            bert=None,
            ja_bert=ja_bert,
            voice_embedding=synthesizer.text_voice(voice),
        )
        aligned = synthesizer.align(
            latents,
            frame_mask=frame_mask,
            voice_embedding=voice,
            prior_mean=prior_mean,
            prior_log_std=prior_log_std,
            token_hidden=token_hidden,
            token_mask=token_mask,
            noise_scale=alignment_noise_scale,
            bias=alignment_bias,
        )
        return {
            **aligned,
            "posterior_log_std": posterior_log_std,
            "frame_mask": frame_mask,
            "token_mask": token_mask,
            "token_hidden": token_hidden,
            "voice_embedding": voice,
            "predicted_log_durations": synthesizer.duration_predictor(token_hidden, token_mask, voice_embedding=voice),
        }


class PriorPhase:
    """Text encoder, flow and both duration predictors, with the discriminator of durations."""

    parts = frozenset({"text_encoder", "flow", "duration_predictor", "stochastic_duration_predictor"})
    decodes = False
    aligns = True

    def call(self, synthesizer: Synthesizer) -> nn.Module:
        """Return the way from text to latents."""
        return PriorCall(synthesizer)

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
        del mel
        with torch.no_grad():
            magnitudes = spectrogram(batch.waveform)
        slack = settings.alignment_slack_frames
        output = generator(
            tokens=batch.tokens,
            token_lengths=batch.token_lengths,
            spectrogram=magnitudes,
            spectrogram_lengths=batch.frame_lengths,
            speaker=batch.speaker,
            tone=batch.tones,
            language=batch.languages,
            ja_bert=batch.ja_bert,
            emotion=batch.emotion,
            alignment_noise_scale=alignment_noise_scale,
            alignment_bias=alignment_bias(batch, n_frames=magnitudes.shape[2], slack_frames=slack),
        )
        names = ("prior_latents", "posterior_log_std", "prior_mean", "prior_log_std", "frame_mask")
        aligned, predicted = output["aligned_log_durations"], output["predicted_log_durations"]
        mask = output["token_mask"]
        losses = {
            "kl": kl_loss(**{name: output[name] for name in names}),
            "duration": duration_loss(
                predicted_log_durations=predicted, aligned_log_durations=aligned, token_mask=mask
            ),
            "stochastic_duration": output["stochastic_duration_loss"].float(),
        }
        condition = DurationCondition(
            token_hidden=output["token_hidden"], token_mask=mask, voice_embedding=output["voice_embedding"]
        )
        durations = DurationPair(real=aligned, fake=predicted, condition=condition)
        return Generated(losses=losses, durations=durations, alignment=output["alignment"])
