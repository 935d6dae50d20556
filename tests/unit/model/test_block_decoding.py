"""Decoding in blocks: the blocks joined are the whole, and no frame beyond the computed reach matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from emotts.errors import ConfigError
from emotts.model.block_decoding import decode_blocks
from emotts.model.decoder_hifigan import HifiGanDecoder
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.latent_parts import LatentParts, PitchParts
from emotts.model.pitched_source import HarmonicSource, harmonics, spoken_pitch
from emotts.model.reach import decoder_reach, envelope_reach, flow_reach, overlap_frames
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesis import Synthesis
from emotts.model.synthesizer import Synthesizer
from emotts.model.text_encoder import TextInputs
from emotts.model.weight_norm import fold_weight_norm

Toy = Callable[..., SynthesizerSettings]
HIFIGAN: dict[str, Any] = {
    "resblock": "2",
    "resblock_kernel_sizes": [3, 5],
    "resblock_dilation_sizes": [[1, 3], [2, 1]],
    "upsample_rates": [4, 2, 2],
    "upsample_initial_channels": 16,
    "upsample_kernel_sizes": [10, 2, 4],
}
FINER_NOISE: dict[str, Any] = {
    "channels": 8,
    "hidden_channels": 12,
    "n_layers": 2,
    "pitch_channels": 4,
    "n_fft": 32,
    "noise_n_fft": 16,
    "noise_frames": 4,
    "modulate_blocks": False,
}


def loud(settings: SynthesizerSettings) -> Synthesizer:
    """Return networks whose every layer counts: no weight is small, and no step of the flow is the identity."""
    torch.manual_seed(5)
    synthesizer = Synthesizer(settings).eval().double()
    fold_weight_norm(synthesizer)
    with torch.no_grad():
        for parameter in synthesizer.parameters():
            if parameter.dim() > 1:
                parameter.normal_(std=1.0 / parameter[0].numel() ** 0.5)
    return synthesizer


def whole(synthesizer: Synthesizer, prior: Tensor, voice: Tensor, *, pitch_range: float = 1.0) -> Tensor:
    mask = torch.ones(1, 1, prior.shape[2], dtype=torch.bool)
    latents = synthesizer.flow(prior, mask, voice_embedding=voice, inverse=True)
    if pitch_range == 1.0:
        return cast(Tensor, synthesizer.decoder(latents, voice_embedding=voice))
    assert isinstance(synthesizer.decoder, IstftDecoder)
    predicted = synthesizer.decoder.predict_pitch(latents, voice_embedding=voice)
    pitch = spoken_pitch(predicted, pitch_range=pitch_range)
    return cast(Tensor, synthesizer.decoder(latents, voice_embedding=voice, pitch=pitch))


KINDS: dict[str, dict[str, Any]] = {
    "istft": {"flow": "residual"},
    "istft, short hops": {"flow": "residual", "hop_length": 8},
    "istft, finer noise": {"flow": "residual", "istft": FINER_NOISE},
    "istft, transformer": {},
    "hifigan 1": {"flow": "residual", "decoder": "hifigan"},
    "hifigan 2": {"flow": "residual", "decoder": "hifigan", "hifigan": HIFIGAN},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_frames", [1, 2, 5, 60])
# the pitch is rounded to float32; what its parts round otherwise adds up in the phase
@pytest.mark.parametrize(("first_frames", "tolerance"), [(60, 1e-9), (4, 2e-4)])
def test_joined_blocks_are_the_whole(toy: Toy, kind: str, n_frames: int, first_frames: int, tolerance: float) -> None:
    synthesizer = loud(toy(**KINDS[kind]))
    prior = 2.0 * torch.randn(1, 8, n_frames, dtype=torch.float64)
    voice = torch.randn(1, 6, 1, dtype=torch.float64)
    with torch.no_grad():
        expected = whole(synthesizer, prior, voice)
        assert expected.abs().max() > 0.01
        for block_frames in (3, 25, 200):
            latents = LatentParts(synthesizer.flow, prior, voice_embedding=voice, first_frames=first_frames)
            blocks = list(decode_blocks(synthesizer.decoder, latents, block_frames=block_frames))
            assert len(blocks) == -(-n_frames // block_frames)
            torch.testing.assert_close(torch.cat(blocks, dim=2), expected, atol=tolerance, rtol=0.0)


@pytest.mark.parametrize(
    ("pitch_range", "widths"),
    # parts of 40, 40, 80, 160 and 80 frames, with the flow's reach of 12 on either side
    [(1.0, [[52], [], [], [64]]), (1.3, [[52, 64, 104, 184, 92], [], [], []])],
)
def test_the_flow_comes_in_parts(toy: Toy, pitch_range: float, widths: list[list[int]]) -> None:
    synthesizer = loud(toy(flow="residual"))
    prior, voice = torch.randn(1, 8, 400, dtype=torch.float64), torch.randn(1, 6, 1, dtype=torch.float64)
    seen: list[int] = []
    with torch.no_grad():
        expected = whole(synthesizer, prior, voice, pitch_range=pitch_range)
        synthesizer.flow.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape[2]))
        latents = LatentParts(synthesizer.flow, prior, voice_embedding=voice, first_frames=40)
        blocks = decode_blocks(synthesizer.decoder, latents, block_frames=8, pitch_range=pitch_range)
        begun, found = [], []
        for _ in widths:
            seen.clear()
            begun.append(next(blocks))
            found.append(list(seen))
        torch.testing.assert_close(torch.cat([*begun, *blocks], dim=2), expected, atol=2e-4, rtol=0.0)
    assert found == widths


@pytest.mark.parametrize("kind", ["istft", "istft, transformer"])
def test_parts_are_the_same_whoever_wants_them(toy: Toy, kind: str) -> None:
    synthesizer = loud(toy(**KINDS[kind])).float()
    prior, voice = torch.randn(2, 8, 300), torch.randn(2, 6, 1)
    mask = torch.ones(2, 1, 300, dtype=torch.bool)
    mask[1, :, 170:] = False
    decoder = synthesizer.decoder
    assert isinstance(decoder, IstftDecoder)
    with torch.no_grad():
        at_once, slowly = (LatentParts(synthesizer.flow, prior, voice_embedding=voice, mask=mask) for _ in range(2))
        pitch_at_once, pitch_slowly = PitchParts(decoder, at_once), PitchParts(decoder, slowly)
        every, pitch = at_once.window(0, 300), pitch_at_once.whole()
        for start in range(0, 300, 7):
            end = min(start + 7, 300)
            assert torch.equal(pitch_slowly.window(start, end), pitch[:, :, start:end])
            assert torch.equal(slowly.window(start, end), every[:, :, start:end])
        expected = synthesizer.flow(prior, mask, voice_embedding=voice, inverse=True) * mask
    torch.testing.assert_close(every, expected, atol=1e-4, rtol=0.0)
    assert not every[1, :, 170:].any()


@pytest.mark.parametrize("kind", ["istft", "hifigan 1", "hifigan 2"])
def test_the_reach_is_exact(toy: Toy, kind: str) -> None:
    synthesizer = loud(toy(**KINDS[kind]))
    decoder, middle = synthesizer.decoder, 60
    latents = torch.randn(1, 8, 2 * middle + 1, dtype=torch.float64, requires_grad=True)
    voice = torch.randn(1, 6, 1, dtype=torch.float64)
    if isinstance(decoder, IstftDecoder):
        assert overlap_frames(decoder) == 2
        reach = envelope_reach(decoder.envelopes)
        heard = decoder.envelopes(latents, voice_embedding=voice)[:, middle]
    else:
        reach = decoder_reach(decoder)
        hop_length = decoder.hop_length
        heard = decoder(latents, voice_embedding=voice)[..., middle * hop_length : (middle + 1) * hop_length]
    (gradient,) = torch.autograd.grad(heard.square().sum(), latents)
    frames = gradient.abs().sum(dim=1)[0].nonzero().flatten() - middle
    assert (int(frames.min()), int(frames.max())) == (-reach, reach)


def test_the_reach_of_the_published_hifigan_and_of_the_compact_voice(compact: SynthesizerSettings) -> None:
    published = HifiGanDecoder(
        4,
        resblock="1",
        resblock_kernel_sizes=(3, 7, 11),
        resblock_dilation_sizes=((1, 3, 5),) * 3,
        upsample_rates=(8, 8, 2, 2, 2),
        upsample_initial_channels=32,
        upsample_kernel_sizes=(16, 16, 8, 2, 2),
        voice_channels=0,
    )
    # 3 samples; +60, /2: 32; +60, /2: 46; +60 and a kernel of 8, /2: 55; +60, /8: 15; +60, /8: 10; and 3 of the input
    assert decoder_reach(published) == 13
    synthesizer = Synthesizer(compact)
    assert flow_reach(synthesizer.flow) == 4 * 3 * 2
    assert isinstance(synthesizer.decoder, IstftDecoder)
    assert envelope_reach(synthesizer.decoder.envelopes) == 3 + 6 * 3
    assert overlap_frames(synthesizer.decoder) == 2


@pytest.mark.parametrize(
    "pitch",
    [
        [0.0] * 12,
        [0.0] * 5 + [0.01, 0.012, 0.0, 0.0, 0.02, 0.0, 0.0],
        [0.01] * 6 + [0.0] * 5 + [0.03],
        [0.0] * 11 + [0.02],
    ],
)
def test_a_source_in_blocks_goes_on_with_its_phase(pitch: list[float]) -> None:
    whole_pitch = torch.tensor([pitch, pitch[::-1]], dtype=torch.float64)
    expected = harmonics(whole_pitch, hop_length=64)
    for size in (1, 2, 5):
        source = HarmonicSource(12, hop_length=64)
        made = []
        for start in range(0, 12, size):
            end = min(start + size, 12)
            made.append(source.extend(whole_pitch[:, max(0, start - 1) : end + 1], start=start, end=end))
        torch.testing.assert_close(torch.cat(made, dim=1), expected, atol=1e-6, rtol=0.0)


def test_blocks_that_cannot_be_decoded_are_refused(toy: Toy) -> None:
    synthesizer = loud(toy(flow="residual", decoder="hifigan"))
    prior, voice = torch.randn(1, 8, 4, dtype=torch.float64), torch.randn(1, 6, 1, dtype=torch.float64)
    latents = LatentParts(synthesizer.flow, prior, voice_embedding=voice)
    with pytest.raises(ConfigError, match=r"blocks of so many frames[\s\S]*found: 0[\s\S]*at least 1"):
        next(decode_blocks(synthesizer.decoder, latents, block_frames=0))
    with pytest.raises(ConfigError, match=r"only the istft decoder[\s\S]*pitch_range 1.2"):
        next(decode_blocks(synthesizer.decoder, latents, block_frames=4, pitch_range=1.2))


def test_the_synthesizer_speaks_the_same_in_blocks(toy: Toy) -> None:
    torch.manual_seed(2)
    synthesizer = Synthesizer(toy(flow="residual")).eval()
    zeros = torch.zeros(1, 15, dtype=torch.int64)
    text = TextInputs(torch.randint(0, 20, (1, 15)), torch.tensor([15]), zeros, zeros)
    speaker = torch.tensor([1])
    how: dict[str, Any] = {"length_scale": 3.0, "sdp_ratio": 0.5, "pitch_range": 1.2}
    seeded = [torch.Generator().manual_seed(4) for _ in range(2)]
    expected, _ = synthesizer.synthesize(
        text.tokens, text.lengths, speaker=speaker, tone=zeros, language=zeros, generator=seeded[0], **how
    )
    asked = Synthesis(generator=seeded[1], **how)
    blocks = synthesizer.synthesize_blocks(text, speaker=speaker, block_frames=20, how=asked)
    joined = torch.cat(list(blocks), dim=2)
    assert expected.shape[2] > 20 * 16
    torch.testing.assert_close(joined, expected, atol=1e-5, rtol=0.0)
    assert not joined.requires_grad
