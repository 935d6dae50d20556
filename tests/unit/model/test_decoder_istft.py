"""The decoder that predicts spectra."""

from __future__ import annotations

import pytest
import torch

from emotts.errors import ConfigError
from emotts.model.decoder_istft import IstftDecoder


def tiny(*, modulate_blocks: bool = False, voice_channels: int = 3) -> IstftDecoder:
    torch.manual_seed(0)
    return IstftDecoder(
        4,
        channels=8,
        hidden_channels=12,
        n_layers=2,
        n_fft=32,
        hop_length=8,
        voice_channels=voice_channels,
        modulate_blocks=modulate_blocks,
    )


@pytest.mark.parametrize("frames", [1, 2, 9])
@pytest.mark.parametrize("modulate_blocks", [False, True])
def test_length_is_exact(frames: int, modulate_blocks: bool) -> None:
    waveform = tiny(modulate_blocks=modulate_blocks)(torch.randn(2, 4, frames), voice_embedding=torch.randn(2, 3, 1))
    assert waveform.shape == (2, 1, frames * 8)
    assert torch.isfinite(waveform).all()


def test_known_spectrum() -> None:
    # all weights of the head zero: every frame has the bias's spectrum, 2 in bin 0 and next to nothing elsewhere
    decoder = tiny()
    with torch.no_grad():
        decoder.head.weight.zero_()
        decoder.head.bias.zero_()
        decoder.head.bias[:17] = -100.0
        decoder.head.bias[0] = torch.log(torch.tensor(2.0))
        waveform = decoder(torch.randn(1, 4, 12), voice_embedding=torch.randn(1, 3, 1))
    # away from the ends: (2 / 32) * sum of windows (2) / sum of squared windows (1.5), for a hop of a quarter
    torch.testing.assert_close(waveform[0, 0, 32:-32], torch.full((32,), 2 / 32 * 2 / 1.5), atol=2e-5, rtol=0)


@pytest.mark.parametrize("modulate_blocks", [False, True])
def test_every_parameter_and_both_inputs_get_finite_gradients(modulate_blocks: bool) -> None:
    decoder = tiny(modulate_blocks=modulate_blocks)
    latents = torch.zeros(1, 4, 5, requires_grad=True)
    voice = torch.zeros(1, 3, 1, requires_grad=True)
    decoder(latents, voice_embedding=voice).square().sum().backward()
    for name, parameter in [*decoder.named_parameters(), ("latents", latents), ("voice", voice)]:
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
    torch.manual_seed(1)
    decoder.zero_grad()
    decoder(torch.randn(2, 4, 5), voice_embedding=torch.randn(2, 3, 1)).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in decoder.parameters())


def test_gradient_is_finite_where_the_magnitude_is_at_its_limits() -> None:
    decoder = tiny()
    with torch.no_grad():
        decoder.head.bias[:9] = 1e4
        decoder.head.bias[9:17] = -1e4
    waveform = decoder(torch.randn(1, 4, 5), voice_embedding=torch.randn(1, 3, 1))
    waveform.square().sum().backward()
    assert torch.isfinite(waveform).all()
    assert all(torch.isfinite(parameter.grad).all() for parameter in decoder.parameters())


def test_voice_matters_and_is_asked_for() -> None:
    latents = torch.randn(1, 4, 6)
    decoder = tiny()
    first = decoder(latents, voice_embedding=torch.full((1, 3, 1), 2.0))
    second = decoder(latents, voice_embedding=torch.full((1, 3, 1), -2.0))
    assert (first - second).abs().max() > 1e-4
    voiceless = tiny(voice_channels=0)
    assert voiceless.voice_projection is None
    assert voiceless(latents).shape == (1, 1, 48)
    with pytest.raises(ConfigError, match="conditioned on a voice and got none"):
        decoder(latents)


def test_items_of_a_batch_do_not_touch_each_other() -> None:
    decoder = tiny().eval()
    latents, voice = torch.randn(3, 4, 7), torch.randn(3, 3, 1)
    together = decoder(latents, voice_embedding=voice)
    alone = torch.cat([decoder(latents[i : i + 1], voice_embedding=voice[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(together, alone, atol=1e-6, rtol=1e-5)


def test_spectra_are_float32_under_autocast() -> None:
    decoder = tiny()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        waveform = decoder(torch.randn(1, 4, 5), voice_embedding=torch.randn(1, 3, 1))
    assert waveform.dtype == torch.float32


def test_double_precision() -> None:
    waveform = tiny().double()(torch.randn(1, 4, 5).double(), voice_embedding=torch.randn(1, 3, 1).double())
    assert waveform.dtype == torch.float64


def test_no_weight_norm_to_fold() -> None:
    assert tiny().fold_weight_norm() == 0


def test_hop_beyond_half_a_frame_is_refused() -> None:
    with pytest.raises(ConfigError, match="hop_length from 1 to n_fft / 2"):
        IstftDecoder(4, channels=8, hidden_channels=8, n_layers=1, n_fft=32, hop_length=20, voice_channels=0)
