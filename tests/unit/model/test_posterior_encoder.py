"""The posterior encoder and its WaveNet: masks, noise, voice."""

from __future__ import annotations

import torch

from emotts.model.posterior_encoder import PosteriorEncoder


def make_encoder() -> PosteriorEncoder:
    torch.manual_seed(0)
    return PosteriorEncoder(9, latent_channels=4, channels=6, kernel_size=5, n_layers=3, voice_channels=3)


def test_padding_changes_nothing() -> None:
    encoder = make_encoder()
    spectrogram, voice = torch.rand(2, 9, 12), torch.randn(2, 3, 1)
    latents, mean, log_std, mask = encoder(spectrogram, torch.tensor([12, 7]), voice_embedding=voice)
    alone = encoder(spectrogram[1:, :, :7], torch.tensor([7]), voice_embedding=voice[1:])
    assert torch.allclose(mean[1:, :, :7], alone[1], atol=1e-5)
    assert torch.allclose(log_std[1:, :, :7], alone[2], atol=1e-5)
    assert mask.sum(dim=2).tolist() == [[12], [7]]
    assert not latents[1, :, 7:].any()


def test_noise_has_the_spread_it_says() -> None:
    encoder = make_encoder()
    spectrogram, lengths = torch.rand(1, 9, 5).expand(4000, -1, -1), torch.full((4000,), 5)
    latents, mean, log_std, _ = encoder(spectrogram, lengths, voice_embedding=torch.ones(4000, 3, 1))
    assert torch.allclose(latents.mean(dim=0), mean[0], atol=0.1)
    assert torch.allclose(latents.std(dim=0), log_std[0].exp(), rtol=0.06)
    still, mean, _, _ = encoder(spectrogram, lengths, voice_embedding=torch.ones(4000, 3, 1), noise_scale=0.0)
    assert torch.equal(still, mean)


def test_voice_is_heard() -> None:
    encoder = make_encoder()
    spectrogram, lengths = torch.rand(1, 9, 5), torch.tensor([5])
    one, other = (encoder(spectrogram, lengths, voice_embedding=torch.full((1, 3, 1), fill))[1] for fill in (0.0, 1.0))
    assert not torch.allclose(one, other)
