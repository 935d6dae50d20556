"""Every part of the synthesizer against the outputs of the original networks on the same weights."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file
from support.places import PARITY_DATA
from torch import Tensor

from emotts.checkpoint.melotts.weights import load_melotts
from emotts.model.alignment import alignment_log_likelihood, maximum_path
from emotts.model.masks import length_mask
from emotts.model.synthesizer import Synthesizer
from emotts.model.text_encoder import TextInputs

ATOL = 1e-4


@pytest.fixture(scope="module")
def cases() -> dict[str, Tensor]:
    return load_file(PARITY_DATA / "cases.safetensors")


@pytest.fixture(scope="module")
def synthesizer() -> Synthesizer:
    loaded, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    return loaded.requires_grad_(False)


@pytest.fixture(scope="module")
def encoded(synthesizer: Synthesizer, cases: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    names = ("in_tokens", "in_token_lengths", "in_tone", "in_language", "in_bert", "in_ja_bert")
    text = TextInputs(*(cases[name] for name in names))
    return synthesizer.text_encoder(text, voice_embedding=cases["conditioning"])


def frame_mask(cases: dict[str, Tensor]) -> Tensor:
    return length_mask(cases["in_spec_lengths"], max_length=60)


def check(found: Tensor, expected: Tensor) -> None:
    assert expected.abs().max() > 1e-3
    assert found.shape == expected.shape
    assert torch.allclose(found, expected, atol=ATOL, rtol=0.0), (found - expected).abs().max()


def test_speaker(synthesizer: Synthesizer, cases: dict[str, Tensor]) -> None:
    assert torch.equal(synthesizer.voice(cases["in_speaker"], emotion=None), cases["conditioning"])


def test_text_encoder(encoded: tuple[Tensor, Tensor, Tensor, Tensor], cases: dict[str, Tensor]) -> None:
    hidden, prior_mean, prior_log_std, mask = encoded
    check(hidden, cases["text_hidden"])
    check(prior_mean, cases["prior_mean"])
    check(prior_log_std, cases["prior_log_scale"])
    assert torch.equal(mask.float(), cases["text_mask"])


def test_posterior_encoder(synthesizer: Synthesizer, cases: dict[str, Tensor]) -> None:
    _, mean, log_std, mask = synthesizer.posterior_encoder(
        cases["spectrogram"], cases["in_spec_lengths"], voice_embedding=cases["conditioning"]
    )
    check(mean, cases["posterior_mean"])
    check(log_std, cases["posterior_log_scale"])
    assert torch.equal(mask.float(), cases["spec_mask"])


def test_flow_both_ways(synthesizer: Synthesizer, cases: dict[str, Tensor]) -> None:
    mask, voice = frame_mask(cases), cases["conditioning"]
    check(synthesizer.flow(cases["latent"], mask, voice_embedding=voice), cases["prior_latent"])
    inverted = synthesizer.flow(cases["prior_latent"], mask, voice_embedding=voice, inverse=True)
    check(inverted, cases["prior_latent_inverted"])


def test_alignment(encoded: tuple[Tensor, Tensor, Tensor, Tensor], cases: dict[str, Tensor]) -> None:
    """The likelihoods reach 20,000, where float32 resolves 0.002: compared relative to that, the path exactly."""
    likelihood = alignment_log_likelihood(
        cases["prior_latent"], prior_mean=cases["prior_mean"], prior_log_std=cases["prior_log_scale"]
    )
    assert torch.allclose(likelihood, cases["alignment_log_likelihood"], atol=ATOL, rtol=1e-6)
    mask = frame_mask(cases).transpose(1, 2) & encoded[3]
    assert torch.equal(maximum_path(cases["alignment_log_likelihood"], mask), cases["alignment"])
    own = alignment_log_likelihood(cases["prior_latent"], prior_mean=encoded[1], prior_log_std=encoded[2])
    alignment = maximum_path(own, mask)
    assert torch.equal(alignment, cases["alignment"])
    assert torch.equal(alignment.sum(dim=1, keepdim=True), cases["durations"])


def test_both_duration_predictors(
    synthesizer: Synthesizer, encoded: tuple[Tensor, Tensor, Tensor, Tensor], cases: dict[str, Tensor]
) -> None:
    hidden, _, _, mask = encoded
    voice = cases["conditioning"]
    check(synthesizer.duration_predictor(hidden, mask, voice_embedding=voice), cases["dp_log_durations"])
    drawn = synthesizer.stochastic_duration_predictor.sample(hidden, mask, noise_scale=0.0, voice_embedding=voice)
    check(drawn, cases["sdp_log_durations_noiseless"])


def test_decoder(synthesizer: Synthesizer, cases: dict[str, Tensor]) -> None:
    waveform = synthesizer.decoder(cases["decoder_input"], voice_embedding=cases["conditioning"])
    check(waveform, cases["decoder_output"])


@pytest.mark.parametrize(("name", "sdp_ratio"), [("dp", 0.0), ("sdp", 1.0), ("mix", 0.4)])
@pytest.mark.parametrize("folded", [False, True])
def test_whole_synthesis(cases: dict[str, Tensor], name: str, sdp_ratio: float, folded: bool) -> None:
    synthesizer, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    if folded:
        synthesizer.fold_weight_norm()
    waveform, frame_lengths = synthesizer.synthesize(
        cases["in_tokens"][:1],
        cases["in_token_lengths"][:1],
        speaker=cases["in_speaker"][:1],
        tone=cases["in_tone"][:1],
        language=cases["in_language"][:1],
        bert=cases["in_bert"][:1],
        ja_bert=cases["in_ja_bert"][:1],
        noise_scale=0.0,
        duration_noise_scale=0.0,
        length_scale=1.1,
        sdp_ratio=sdp_ratio,
    )
    assert frame_lengths.tolist() == [int(cases[f"infer_{name}_frames"])]
    check(waveform, cases[f"infer_{name}_waveform"])


def test_voice_conversion(synthesizer: Synthesizer, cases: dict[str, Tensor]) -> None:
    waveform = synthesizer.convert_voice(
        cases["spectrogram"][:1],
        cases["in_spec_lengths"][:1],
        source_speaker=cases["in_speaker"][:1],
        target_speaker=cases["in_speaker"][1:],
        tau=0.0,
    )
    check(waveform, cases["voice_conversion_waveform"])
