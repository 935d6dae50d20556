"""The discriminator that looks at spectrograms."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.discriminators import check_gradients, check_one_batch

from emotts.errors import ConfigError
from emotts.features.spectrogram import Spectrogram
from emotts.model.discriminator_resolution import MultiResolutionDiscriminator, ResolutionDiscriminator
from emotts.model.weight_norm import fold_weight_norm

SETTINGS: dict[str, Any] = {
    "resolutions": ((32, 8, 32), (64, 16, 48)),
    "channels": 4,
    "n_strided": 2,
    "use_spectral_norm": False,
}


def tiny(**changed: Any) -> MultiResolutionDiscriminator:
    torch.manual_seed(0)
    return MultiResolutionDiscriminator(**{**SETTINGS, **changed})


def test_shapes_of_answers_and_maps() -> None:
    answer = tiny()(torch.randn(3, 1, 160))
    assert [tuple(map_.shape) for map_ in answer.feature_maps[0]] == [
        (3, 4, 20, 17),
        (3, 4, 20, 9),
        (3, 4, 20, 5),
        (3, 4, 20, 5),
        (3, 1, 20, 5),
    ]
    assert tuple(answer.feature_maps[1][0].shape) == (3, 4, 10, 33)
    assert [tuple(logits.shape) for logits in answer.logits] == [(3, 100), (3, 90)]
    for logits, maps in zip(answer.logits, answer.feature_maps, strict=True):
        torch.testing.assert_close(logits, maps[-1].flatten(1), atol=0, rtol=0)


def test_it_sees_the_compressed_magnitude() -> None:
    part = ResolutionDiscriminator(
        n_fft=32, hop_length=8, win_length=32, channels=1, n_strided=0, use_spectral_norm=False
    )
    fold_weight_norm(part)
    with torch.no_grad():
        for parameter in part.parameters():
            parameter.zero_()
        part.convs[0].weight[0, 0, 1, 4] = 1.0
        part.convs[1].weight[0, 0, 1, 1] = 1.0
        part.output_conv.weight[0, 0, 1, 1] = 3.0
    waveform = torch.randn(2, 1, 80)
    logits, maps = part(waveform)
    seen = torch.log(1 + Spectrogram(n_fft=32, hop_length=8, win_length=32)(waveform[:, 0])).transpose(1, 2)
    torch.testing.assert_close(maps[0][:, 0], seen)
    torch.testing.assert_close(logits, 3 * seen.flatten(1))


def test_one_batch_gives_the_same_as_two_passes() -> None:
    check_one_batch(tiny(), n_samples=160)


@pytest.mark.parametrize("use_spectral_norm", [False, True])
def test_gradient_reaches_the_waveform_and_every_weight(use_spectral_norm: bool) -> None:
    check_gradients(tiny(use_spectral_norm=use_spectral_norm), n_samples=160)


def test_gradient_is_finite_at_silence() -> None:
    fake = torch.zeros(1, 1, 160, requires_grad=True)
    sum(logits.square().sum() for logits in tiny()(fake).logits).backward()
    assert torch.isfinite(fake.grad).all()


def test_runs_under_autocast() -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answer = tiny()(torch.randn(1, 1, 160))
    assert [tuple(logits.shape) for logits in answer.logits] == [(1, 100), (1, 90)]
    assert all(torch.isfinite(logits).all() for logits in answer.logits)


def test_double_precision() -> None:
    assert tiny().double()(torch.randn(1, 1, 160).double()).logits[0].dtype == torch.float64


def test_windows_are_not_stored_in_checkpoints() -> None:
    assert [name for name in tiny().state_dict() if "window" in name] == []


@pytest.mark.parametrize("resolutions", [(), ((32, 8),)])
def test_resolutions_that_cannot_be_read(resolutions: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ConfigError, match="wanted: at least one list of n_fft, hop_length, win_length"):
        tiny(resolutions=resolutions)
