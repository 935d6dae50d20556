"""The phase in which text learns to foretell the latents of a finished posterior encoder; nothing is decoded."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from emotts.model.synthesizer import Synthesizer
from emotts.training.batch import Batch
from emotts.training.phase import Generated
from emotts.training.phase_text import duration_pair, text_inputs, text_losses
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
        output = generator(
            **text_inputs(
                batch,
                spectrogram=spectrogram,
                alignment_noise_scale=alignment_noise_scale,
                alignment_slack_frames=settings.alignment_slack_frames,
            )
        )
        return Generated(losses=text_losses(output), durations=duration_pair(output), alignment=output["alignment"])
