"""The whole synthesizer at toy widths: shapes, gradients, padding, emotions, voices."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from emotts.errors import ConfigError
from emotts.model.alignment import AlignmentSearch
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.model.text_encoder import TextInputs
from emotts.model.training_output import TrainingOutput
from emotts.model.weight_norm import has_weight_norm

Maker = Callable[..., SynthesizerSettings]
VARIANTS: dict[str, dict[str, Any]] = {
    "istft": {},
    "istft modulated": {
        "istft": {
            "channels": 8,
            "hidden_channels": 12,
            "n_layers": 2,
            "pitch_channels": 4,
            "n_fft": 64,
            "noise_n_fft": 64,
            "noise_frames": 1,
            "modulate_blocks": True,
        }
    },
    "hifigan": {"decoder": "hifigan"},
    "residual flow": {"flow": "residual"},
    "shared flow": {"flow_shared": True},
    "reference encoder": {"n_speakers": 0, "reference_norm": True},
    "emotions": {"n_emotions": 4, "emotion_channels": 5},
}
TOKENS = torch.arange(18).view(2, 9) % 20
TOKEN_LENGTHS = torch.tensor([9, 6])
TEXT = TextInputs(TOKENS, TOKEN_LENGTHS, tone=TOKENS % 4, language=TOKENS % 3)
FRAME_LENGTHS = torch.tensor([70, 22])
"""The longer one gives the reference encoder, which strides by 64, more than one step."""
SPECTROGRAM = torch.rand(2, 17, 70, generator=torch.Generator().manual_seed(0))


def make(settings: SynthesizerSettings) -> Synthesizer:
    """Return a synthesizer whose zero weights are filled, so that every part has an effect."""
    torch.manual_seed(0)
    synthesizer = Synthesizer(settings)
    for parameter in synthesizer.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.2)
    return synthesizer


def inputs(items: slice = slice(None), length: int = 9) -> dict[str, Tensor]:
    tokens = TOKENS[items, :length]
    return {"tokens": tokens, "token_lengths": TOKEN_LENGTHS[items], "tone": tokens % 4, "language": tokens % 3}


def speaker_of(synthesizer: Synthesizer) -> Tensor:
    if synthesizer.settings.n_speakers:
        return torch.tensor([0, 2])
    return synthesizer.speaker_of(SPECTROGRAM)


def train_once(synthesizer: Synthesizer, **changes: Any) -> TrainingOutput:
    torch.manual_seed(1)
    speaker = torch.tensor([0, 2]) if synthesizer.settings.n_speakers else None
    features = {name: changes.pop(name) for name in ("bert", "ja_bert") if name in changes}
    arguments = {"speaker": speaker, "segment_frames": 8, "search": AlignmentSearch(0.01), **changes}
    return synthesizer(TEXT._replace(**features), SPECTROGRAM, FRAME_LENGTHS, **arguments)


def speak(synthesizer: Synthesizer, **changes: Any) -> tuple[Tensor, Tensor]:
    still = {"noise_scale": 0.0, "duration_noise_scale": 0.0}
    return synthesizer.synthesize(**{**inputs(), "speaker": speaker_of(synthesizer), **still, **changes})


@pytest.mark.parametrize("variant", VARIANTS)
def test_training_shapes(toy: Maker, variant: str) -> None:
    synthesizer = make(toy(**VARIANTS[variant]))
    output = train_once(synthesizer)
    voice_channels = synthesizer.settings.voice_channels
    values = {field.name: getattr(output, field.name) for field in dataclasses.fields(output)}
    shapes = {name: None if value is None else tuple(value.shape) for name, value in values.items()}
    frames, tokens = (2, 8, 70), (2, 1, 9)
    assert shapes == {
        "waveform": (2, 1, 128),
        "segment_start_frames": (2,),
        "alignment": (2, 70, 9),
        "token_mask": tokens,
        "frame_mask": (2, 1, 70),
        **dict.fromkeys(("latents", "posterior_mean", "posterior_log_std"), frames),
        **dict.fromkeys(("prior_latents", "prior_mean", "prior_log_std"), frames),
        "token_hidden": (2, 8, 9),
        "voice_embedding": (2, voice_channels, 1),
        "predicted_log_durations": tokens,
        "aligned_log_durations": tokens,
        "stochastic_duration_loss": (),
        "predicted_pitch": None if variant == "hifigan" else (2, 2, 8),
    }
    assert output.alignment.sum(dim=2)[1].tolist() == [1.0] * 22 + [0.0] * 48
    durations = output.aligned_log_durations[1, 0, :6].exp()
    assert durations.sum().item() == pytest.approx(22.0, abs=1e-3)


@pytest.mark.parametrize("variant", VARIANTS)
def test_gradient_reaches_every_weight(toy: Maker, variant: str) -> None:
    """All but the keys' biases, which add the same to every score of a row and so change no attention."""
    synthesizer = make(toy(**{**VARIANTS[variant], "text_dropout": 0.0, "flow_dropout": 0.0, "duration_dropout": 0.0}))
    emotion = torch.tensor([0, 1]) if synthesizer.settings.n_emotions else None
    output = train_once(synthesizer, bert=torch.randn(2, 10, 9), ja_bert=torch.randn(2, 6, 9), emotion=emotion)
    loss = output.waveform.abs().sum() + (output.prior_latents - output.prior_mean).abs().sum()
    loss = loss + output.prior_log_std.square().sum() + output.posterior_log_std.square().sum()
    loss = loss + output.stochastic_duration_loss + output.predicted_log_durations.square().sum()
    if output.predicted_pitch is not None:
        loss = loss + output.predicted_pitch.square().sum()
    loss.backward()
    untouched = {
        name
        for name, parameter in synthesizer.named_parameters()
        if parameter.grad is None or not parameter.grad.abs().sum() > 0
    }
    assert {name for name in untouched if not name.endswith("attention.key.bias")} == set()


def test_without_bert_features_only_their_projections_get_no_gradient(toy: Maker) -> None:
    synthesizer = make(toy())
    output = train_once(synthesizer)
    assert output.predicted_pitch is not None
    loss = output.waveform.sum() + output.prior_latents.sum() + output.prior_mean.sum() + output.prior_log_std.sum()
    loss = loss + output.predicted_pitch.sum()
    (loss + output.stochastic_duration_loss + output.predicted_log_durations.sum()).backward()
    without = {name for name, parameter in synthesizer.named_parameters() if parameter.grad is None}
    assert without == {"text_encoder.bert_projection.weight", "text_encoder.ja_bert_projection.weight"}


def test_segment_longer_than_a_clip_is_padded(toy: Maker) -> None:
    output = train_once(make(toy()), segment_frames=80)
    assert output.waveform.shape == (2, 1, 1280)
    assert output.segment_start_frames.tolist() == [0, 0]


def test_same_seed_same_output(toy: Maker) -> None:
    synthesizer = make(toy())
    one, other = train_once(synthesizer), train_once(synthesizer)
    assert torch.equal(one.waveform, other.waveform)
    assert torch.equal(one.segment_start_frames, other.segment_start_frames)


@pytest.mark.parametrize("variant", VARIANTS)
def test_speaking(toy: Maker, variant: str) -> None:
    synthesizer = make(toy(**VARIANTS[variant])).eval()
    waveform, frame_lengths = speak(synthesizer)
    assert waveform.shape == (2, 1, int(frame_lengths.max()) * 16)
    assert not waveform.requires_grad
    again, _ = speak(synthesizer)
    assert torch.equal(waveform, again)
    slower, slower_lengths = speak(synthesizer, length_scale=2.0)
    assert (slower_lengths > frame_lengths).all()
    assert slower.shape[2] == int(slower_lengths.max()) * 16


def test_durations_that_add_up_are_shorter_than_those_rounded_up(toy: Maker) -> None:
    synthesizer = make(toy()).eval()
    _, up = speak(synthesizer, sdp_ratio=0.0, length_scale=3.0)
    _, cumulative = speak(synthesizer, sdp_ratio=0.0, length_scale=3.0, duration_rounding="cumulative")
    counts = torch.tensor([9, 6])
    assert (counts <= cumulative).all()
    assert (cumulative < up).all()


def test_the_pitch_moves_more_or_less_than_learned(toy: Maker) -> None:
    synthesizer = make(toy()).eval()
    with torch.no_grad():
        synthesizer.decoder.pitch.head.bias[1] = 9.0  # everything is voiced
    heard: list[Tensor] = []
    synthesizer.decoder.register_forward_pre_hook(lambda _, args, named: heard.append(named["pitch"]), with_kwargs=True)
    flat, lengths = speak(synthesizer, pitch_range=0.0)
    wide, wide_lengths = speak(synthesizer, pitch_range=1.5)
    assert torch.equal(lengths, wide_lengths)
    assert not torch.equal(flat, wide)
    for item, length in enumerate(lengths.tolist()):
        still, moved = (pitch[item, :length] for pitch in heard)
        torch.testing.assert_close(still, still[:1].expand_as(still))
        torch.testing.assert_close(moved.log().mean(), still[0].log())
        assert moved.log().std() > 1e-3
    with pytest.raises(ConfigError, match="only the istft decoder has a pitch that can be moved"):
        speak(make(toy(decoder="hifigan")).eval(), pitch_range=1.1)
    with pytest.raises(ConfigError, match="only the istft decoder has a pitch[\\s\\S]*pitch_range 1, pitch_shift 2"):
        speak(make(toy(decoder="hifigan")).eval(), pitch_shift=2.0)


def test_speaking_alone_or_in_a_batch_is_the_same(toy: Maker) -> None:
    """Lengths are equal and samples are where the decoder does not look across the end of the item."""
    synthesizer = make(toy(decoder="hifigan")).eval()
    together, lengths = speak(synthesizer, length_scale=4.0)
    second = {**inputs(slice(1, 2), 6), "speaker": torch.tensor([2])}
    alone, length = speak(synthesizer, length_scale=4.0, **second)
    assert length.item() == lengths[1].item()
    inner = (length.item() - 12) * 16
    assert inner > 0
    assert torch.allclose(together[1, :, :inner], alone[0, :, :inner], atol=1e-5)


def test_share_of_the_stochastic_durations_matters(toy: Maker) -> None:
    synthesizer = make(toy()).eval()
    lengths = [speak(synthesizer, sdp_ratio=ratio, length_scale=9.0)[1].tolist() for ratio in (0.0, 0.5, 1.0)]
    assert lengths[0] != lengths[2]
    assert lengths[1] not in (lengths[0], lengths[2])


def test_text_that_ignores_the_voice(toy: Maker) -> None:
    synthesizer = make(toy(mute_text_condition=True)).eval()
    hidden = [train_once(synthesizer, speaker=torch.tensor([one, one])).token_hidden for one in (0, 1)]
    assert torch.equal(hidden[0], hidden[1])
    heard = make(toy()).eval()
    hidden = [train_once(heard, speaker=torch.tensor([one, one])).token_hidden for one in (0, 1)]
    assert not torch.allclose(hidden[0], hidden[1])


def test_converting_to_the_same_voice_decodes_the_posterior(toy: Maker) -> None:
    synthesizer = make(toy()).eval()
    voices = {"source_speaker": torch.tensor([1, 1]), "target_speaker": torch.tensor([1, 1])}
    same = synthesizer.convert_voice(SPECTROGRAM, FRAME_LENGTHS, tau=0.0, **voices)
    voice = synthesizer.voice(voices["source_speaker"], emotion=None)
    _, mean, _, mask = synthesizer.posterior_encoder(SPECTROGRAM, FRAME_LENGTHS, voice_embedding=voice)
    assert torch.allclose(same, synthesizer.decoder(mean * mask, voice_embedding=voice), atol=1e-5)
    voices["target_speaker"] = torch.tensor([0, 0])
    other = synthesizer.convert_voice(SPECTROGRAM, FRAME_LENGTHS, tau=0.0, **voices)
    assert not torch.allclose(same, other, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("variant", [name for name in VARIANTS if name != "emotions"])
@pytest.mark.parametrize("emotion_channels", [1, 7])
def test_widening_changes_no_output_whatever_the_emotion(toy: Maker, variant: str, emotion_channels: int) -> None:
    plain = make(toy(**VARIANTS[variant])).eval()
    wide = plain.with_emotions(7, emotion_channels)
    assert wide.settings.voice_channels == plain.settings.voice_channels + emotion_channels
    assert not wide.training
    expected, lengths = speak(plain)
    for emotion in range(7):
        waveform, wide_lengths = speak(wide, emotion=torch.tensor([emotion, 6 - emotion]))
        assert torch.equal(wide_lengths, lengths)
        assert torch.allclose(waveform, expected, atol=1e-6)
    plain_output, wide_output = train_once(plain), train_once(wide, emotion=torch.tensor([3, 5]))
    for name in ("prior_latents", "prior_mean", "stochastic_duration_loss", "predicted_log_durations"):
        assert torch.allclose(getattr(plain_output, name), getattr(wide_output, name), atol=1e-5)


def test_widened_columns_learn(toy: Maker) -> None:
    wide = make(toy()).with_emotions(3, 4).train()
    output = train_once(wide, emotion=torch.tensor([1, 2]))
    (output.waveform.abs().sum() + output.prior_latents.abs().sum() + output.stochastic_duration_loss).backward()
    gradients = {name: parameter.grad for name, parameter in wide.named_parameters() if "voice_projection" in name}
    columns = [
        gradient[:, -4:]
        for gradient in gradients.values()
        if gradient is not None and gradient.dim() > 1 and gradient.shape[1] > 1
    ]
    assert len(columns) >= 5
    assert all(column.abs().sum() > 0 for column in columns)


def test_more_emotions_keep_the_old_ones(toy: Maker) -> None:
    model = make(toy(n_emotions=3, emotion_channels=2)).eval()
    wider = model.with_emotions(5, 4)
    for emotion in range(3):
        ids = torch.tensor([emotion, emotion])
        assert torch.allclose(speak(model, emotion=ids)[0], speak(wider, emotion=ids)[0], atol=1e-6)
    with pytest.raises(ConfigError, match="cannot be"):
        wider.with_emotions(3, 4)


def test_emotions_are_heard_and_mix(toy: Maker) -> None:
    model = make(toy(n_emotions=3, emotion_channels=4)).eval()
    neutral, happy = (speak(model, emotion=torch.tensor([one, one]), length_scale=3.0)[0] for one in (0, 1))
    assert neutral.shape != happy.shape or (neutral - happy).abs().max() > 1e-3 * neutral.abs().max()
    weights = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    assert torch.equal(speak(model, emotion=weights, length_scale=3.0)[0], neutral)
    assert torch.equal(speak(model, length_scale=3.0)[0], neutral)


def test_folding_weight_norm_changes_nothing(toy: Maker) -> None:
    model = make(toy(decoder="hifigan", flow="residual")).eval()
    expected, _ = speak(model)
    assert model.fold_weight_norm() > 0
    assert not has_weight_norm(model)
    assert torch.allclose(speak(model)[0], expected, atol=1e-6)


def test_reference_of_a_model_with_a_table_is_an_error(toy: Maker) -> None:
    with pytest.raises(ConfigError, match="no reference encoder"):
        make(toy()).speaker_of(SPECTROGRAM)


@pytest.mark.parametrize("sdp_ratio", [0.0, 0.4, 1.0])
def test_a_generator_draws_what_the_process_would_and_leaves_that_alone(toy: Maker, sdp_ratio: float) -> None:
    synthesizer = make(toy()).eval()
    random = {"noise_scale": 0.7, "duration_noise_scale": 0.9, "sdp_ratio": sdp_ratio}
    torch.manual_seed(7)
    expected, expected_lengths = speak(synthesizer, **random)
    state = torch.get_rng_state()
    waveform, lengths = speak(synthesizer, generator=torch.Generator().manual_seed(7), **random)
    assert torch.equal(waveform, expected)
    assert torch.equal(lengths, expected_lengths)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("variant", ["istft", "hifigan", "residual flow", "emotions"])
def test_half_precision_keeps_likelihoods_in_full(toy: Maker, variant: str, precision: torch.dtype) -> None:
    synthesizer = make(toy(**VARIANTS[variant], text_dropout=0.0, flow_dropout=0.0, duration_dropout=0.0))
    with torch.autocast("cpu", dtype=precision):
        output = train_once(synthesizer)
    for name in ("latents", "posterior_mean", "prior_latents", "prior_mean", "prior_log_std"):
        assert getattr(output, name).dtype == torch.float32
    full = train_once(synthesizer)
    assert torch.isfinite(output.stochastic_duration_loss)
    assert torch.allclose(output.posterior_mean, full.posterior_mean, atol=0.05)
    output.stochastic_duration_loss.backward()


def test_compact_is_small_and_every_weight_of_it_learns(compact: SynthesizerSettings) -> None:
    """No weight may be left without gradient, or training on several devices would wait for it."""
    synthesizer = Synthesizer(compact)
    posterior = sum(parameter.numel() for parameter in synthesizer.posterior_encoder.parameters())
    speaking = sum(parameter.numel() for parameter in synthesizer.parameters()) - posterior
    assert 4_000_000 < speaking < 10_000_000
    output = synthesizer(
        TEXT,
        torch.rand(2, 513, 40),
        torch.tensor([40, 25]),
        speaker=torch.tensor([0, 0]),
        emotion=torch.tensor([1, 2]),
        segment_frames=32,
        search=AlignmentSearch(),
    )
    assert output.predicted_pitch is not None
    loss = output.waveform.sum() + output.prior_latents.sum() + output.prior_mean.sum() + output.prior_log_std.sum()
    loss = loss + output.predicted_pitch.sum()
    (loss + output.stochastic_duration_loss + output.predicted_log_durations.sum()).backward()
    assert [name for name, parameter in synthesizer.named_parameters() if parameter.grad is None] == []
    waveform, frame_lengths = synthesizer.eval().synthesize(
        **inputs(), speaker=torch.tensor([0, 0]), emotion=torch.tensor([1, 2])
    )
    assert waveform.shape == (2, 1, int(frame_lengths.max()) * 256)
    assert torch.isfinite(waveform).all()
