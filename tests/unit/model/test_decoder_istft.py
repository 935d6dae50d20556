"""The decoder that shapes the spectra of a pitched source."""

from __future__ import annotations

import math

import pytest
import torch

from emotts.errors import ConfigError
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.settings import IstftSettings

HOP = 8
N_BINS = 17
WIDTHS = IstftSettings(
    channels=8,
    hidden_channels=12,
    n_layers=2,
    pitch_channels=4,
    n_fft=32,
    noise_n_fft=32,
    noise_frames=1,
    modulate_blocks=False,
)


def tiny(*, modulate_blocks: bool = False, voice_channels: int = 3) -> IstftDecoder:
    torch.manual_seed(0)
    settings = WIDTHS.changed(modulate_blocks=modulate_blocks)
    return IstftDecoder(4, settings, hop_length=HOP, voice_channels=voice_channels)


def with_envelopes(gain: float, phase: float, noise_gain: float) -> IstftDecoder:
    """Return a decoder whose envelopes are flat, whatever the latents; gains are factors."""
    decoder = tiny()
    with torch.no_grad():
        decoder.envelopes.head.weight.zero_()
        of_gain, of_phase, of_noise = decoder.envelopes.head.bias.view(3, N_BINS)
        of_gain.fill_(math.log(gain or 1e-30) + 4.0)
        of_phase.fill_(phase)
        of_noise.fill_(math.log(noise_gain or 1e-30) + 4.0)
    return decoder.eval()


def decode(decoder: IstftDecoder, pitch: torch.Tensor) -> torch.Tensor:
    latents = torch.randn(len(pitch), 4, pitch.shape[1])
    with torch.no_grad():
        waveform: torch.Tensor = decoder(latents, voice_embedding=torch.randn(len(pitch), 3, 1), pitch=pitch)
    return waveform[:, 0]


@pytest.mark.parametrize("frames", [1, 2, 9])
@pytest.mark.parametrize("modulate_blocks", [False, True])
def test_length_is_exact(frames: int, modulate_blocks: bool) -> None:
    waveform = tiny(modulate_blocks=modulate_blocks)(torch.randn(2, 4, frames), voice_embedding=torch.randn(2, 3, 1))
    assert waveform.shape == (2, 1, frames * HOP)
    assert torch.isfinite(waveform).all()


def test_flat_envelopes_give_the_source_itself() -> None:
    decoder = with_envelopes(gain=2.0, phase=0.0, noise_gain=0.0)
    waveform = decode(decoder, torch.full((1, 40), 1 / 25))
    time = torch.arange(1, 321).double()
    cosines = torch.cos(2 * math.pi * torch.arange(1, 13).unsqueeze(1) * time / 25).sum(dim=0)
    expected = (2.0 * math.sqrt(4 / 25) * cosines).float()
    torch.testing.assert_close(waveform[0, 32:-32], expected[32:-32], atol=1e-3, rtol=0)


def test_phase_turns_the_source() -> None:
    upright = decode(with_envelopes(gain=1.0, phase=0.0, noise_gain=0.0), torch.full((1, 20), 0.04))
    inverted = decode(with_envelopes(gain=1.0, phase=math.pi, noise_gain=0.0), torch.full((1, 20), 0.04))
    torch.testing.assert_close(inverted, -upright, atol=1e-4, rtol=0)


def test_unvoiced_frames_have_noise_alone() -> None:
    pitch = torch.zeros(1, 400)
    assert decode(with_envelopes(gain=2.0, phase=0.0, noise_gain=0.0), pitch).abs().max() < 1e-5
    noise = decode(with_envelopes(gain=2.0, phase=0.0, noise_gain=0.5), pitch)
    assert noise.std().item() == pytest.approx(0.5, rel=0.05)


def test_noise_may_change_within_a_frame() -> None:
    """The second of four gains a frame is on; its windows of 4 samples reach from the third sample to the fifth."""
    torch.manual_seed(0)
    fine = IstftDecoder(4, WIDTHS.changed(noise_n_fft=4, noise_frames=4), hop_length=HOP, voice_channels=3).eval()
    with torch.no_grad():
        fine.envelopes.head.weight.zero_()
        fine.envelopes.head.bias.fill_(-30.0)
        fine.envelopes.head.bias[2 * N_BINS :].view(4, 3)[1].fill_(4.0)
    power = decode(fine, torch.zeros(1, 500)).view(500, HOP).square().mean(dim=0)
    assert power[3].item() == pytest.approx(1.0, rel=0.2)
    assert (power[[2, 4]] > 0.1).all()
    assert (power[[0, 1, 5, 6, 7]] < 1e-9).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"noise_frames": 3}, r"istft.noise_frames \(3\) must divide the hop length 8"),
        (
            {"noise_frames": 8, "noise_n_fft": 4},
            r"istft.noise_n_fft \(4\) must be even and at least twice .*, 1 samples",
        ),
        ({"n_fft": 12}, r"istft.n_fft \(12\) must be even and at least twice the distance of its windows, 8 samples"),
    ],
)
def test_windows_that_do_not_fit_the_frames(wrong: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WIDTHS.changed(**wrong).check_hop(HOP)


def test_noise_is_always_the_same_but_in_training() -> None:
    decoder = with_envelopes(gain=0.0, phase=0.0, noise_gain=1.0)
    pitch = torch.zeros(2, 6)
    first, second = decode(decoder, pitch), decode(decoder, pitch)
    assert torch.equal(first, second)
    decoder.train()
    assert not torch.allclose(decode(decoder, pitch), decode(decoder, pitch), atol=1e-2)


def test_without_a_pitch_the_predicted_one_is_heard() -> None:
    decoder = with_envelopes(gain=1.0, phase=0.0, noise_gain=0.0)
    with torch.no_grad():
        decoder.pitch.head.weight.zero_()
        decoder.pitch.head.bias[0] = math.log(4.0)
        decoder.pitch.head.bias[1] = 3.0
    latents, voice = torch.randn(1, 4, 20), torch.randn(1, 3, 1)
    prediction = decoder.predict_pitch(latents, voice_embedding=voice)
    assert prediction[0, 0].exp().tolist() == pytest.approx([0.04] * 20)
    assert prediction[0, 1].tolist() == [3.0] * 20
    heard = decoder(latents, voice_embedding=voice)[:, 0]
    torch.testing.assert_close(heard, decode(decoder, torch.full((1, 20), 0.04)), atol=1e-3, rtol=0)
    with torch.no_grad():
        decoder.pitch.head.bias[1] = -3.0
    assert decoder(latents, voice_embedding=voice).abs().max() < 1e-5


@pytest.mark.parametrize("modulate_blocks", [False, True])
def test_every_parameter_and_both_inputs_get_finite_gradients(modulate_blocks: bool) -> None:
    decoder = tiny(modulate_blocks=modulate_blocks)
    latents = torch.zeros(1, 4, 5, requires_grad=True)
    voice = torch.zeros(1, 3, 1, requires_grad=True)
    pitch = torch.tensor([[0.0, 0.02, 0.03, 0.0, 0.01]])

    def loss(latents: torch.Tensor, voice: torch.Tensor, pitch: torch.Tensor) -> torch.Tensor:
        waveform = decoder(latents, voice_embedding=voice, pitch=pitch)
        prediction = decoder.predict_pitch(latents, voice_embedding=voice)
        return waveform.square().sum() + prediction.square().sum()

    loss(latents, voice, pitch).backward()
    for name, parameter in [*decoder.named_parameters(), ("latents", latents), ("voice", voice)]:
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
    torch.manual_seed(1)
    decoder.zero_grad()
    loss(torch.randn(2, 4, 5), torch.randn(2, 3, 1), pitch.expand(2, -1)).backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in decoder.parameters())


def test_gradient_is_finite_where_the_gain_is_at_its_limits() -> None:
    decoder = tiny()
    with torch.no_grad():
        decoder.envelopes.head.bias[:9] = 1e4
        decoder.envelopes.head.bias[9:17] = -1e4
        decoder.envelopes.head.bias[34:] = 1e4
    waveform = decoder(torch.randn(1, 4, 5), voice_embedding=torch.randn(1, 3, 1), pitch=torch.full((1, 5), 0.02))
    waveform.square().sum().backward()
    assert torch.isfinite(waveform).all()
    assert all(torch.isfinite(parameter.grad).all() for parameter in decoder.envelopes.parameters())


def test_voice_matters_and_is_asked_for() -> None:
    latents = torch.randn(1, 4, 6)
    decoder = tiny().eval()
    first = decoder(latents, voice_embedding=torch.full((1, 3, 1), 2.0))
    second = decoder(latents, voice_embedding=torch.full((1, 3, 1), -2.0))
    assert (first - second).abs().max() > 1e-2 * first.abs().max()
    voiceless = tiny(voice_channels=0)
    assert voiceless.envelopes.voice_projection is None
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
        prediction = decoder.predict_pitch(torch.randn(1, 4, 5), voice_embedding=torch.randn(1, 3, 1))
    assert waveform.dtype == torch.float32
    assert prediction.dtype == torch.float32


def test_double_precision() -> None:
    waveform = tiny().double()(torch.randn(1, 4, 5).double(), voice_embedding=torch.randn(1, 3, 1).double())
    assert waveform.dtype == torch.float64


def test_no_weight_norm_to_fold() -> None:
    assert tiny().fold_weight_norm() == 0


def test_hop_beyond_half_a_frame_is_refused() -> None:
    with pytest.raises(ConfigError, match="hop_length from 1 to n_fft / 2"):
        IstftDecoder(4, WIDTHS, hop_length=20, voice_channels=0)
