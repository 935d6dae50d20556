"""Harmonics of a given pitch."""

from __future__ import annotations

import math

import torch

from emotts.model.pitched_source import harmonics, spoken_pitch


def test_a_steady_pitch_gives_all_cosines_below_half_the_rate() -> None:
    source = harmonics(torch.full((1, 10), 0.03), hop_length=64)[0]
    time = torch.arange(1, 641).double()
    wanted = torch.cos(2 * math.pi * 0.03 * torch.arange(1, 17).unsqueeze(1) * time).sum(dim=0)
    torch.testing.assert_close(source, (math.sqrt(0.12) * wanted).float(), atol=2e-3, rtol=0)


def test_power_is_one_whatever_the_pitch() -> None:
    source = harmonics(torch.tensor([[0.004] * 60, [0.0123] * 60, [0.031] * 60]), hop_length=128)
    torch.testing.assert_close(source.square().mean(dim=1), torch.ones(3), atol=0.06, rtol=0)


def test_unvoiced_frames_are_silent_and_the_others_are_not() -> None:
    pitch = torch.tensor([[0.0, 0.0, 0.02, 0.02, 0.0, 0.03]])
    source = harmonics(pitch, hop_length=200)[0].view(6, 200)
    assert source.square().mean(dim=1).gt(0.5).tolist() == [False, False, True, True, False, True]
    assert source[[0, 1, 4]].abs().max() == 0.0
    assert not harmonics(torch.zeros(2, 3), hop_length=8).any()


def test_pitch_moves_linearly_between_the_centres_of_frames() -> None:
    pitch = torch.tensor([[0.010, 0.014]])
    source = harmonics(pitch, hop_length=1000)[0]
    rate = torch.cat((torch.full((500,), 0.010), torch.linspace(0.010, 0.014, 1000), torch.full((500,), 0.014)))
    turns = rate.double().cumsum(0)
    pulses = [int((turns - turn).abs().argmin()) for turn in range(1, int(turns[-1]))]
    peaks = torch.nn.functional.max_pool1d(source[None, None], 61, 1, 30)[0, 0] == source
    found = [index for index in torch.where(peaks & (source > 4))[0].tolist() if 40 < index < 1960]
    assert len(found) == len([pulse for pulse in pulses if 40 < pulse < 1960])
    assert all(min(abs(index - pulse) for pulse in pulses) <= 1 for index in found)


def test_a_prediction_as_pitch() -> None:
    prediction = torch.tensor([[[math.log(0.02), math.log(0.02), 9.0, -99.0], [1.0, -1.0, 1.0, 1.0]]]).requires_grad_()
    pitch = spoken_pitch(prediction)
    assert not pitch.requires_grad
    torch.testing.assert_close(pitch, torch.tensor([[0.02, 0.0, 0.05, 0.001]]))


def test_movement_of_the_pitch_around_its_mean() -> None:
    """The mean is that of the voiced frames inside the item: 0.01 and 0.04 have 0.02 between them."""
    pitches = torch.tensor([[0.01, 0.04, 0.03, 0.02], [0.01, 0.04, 0.02, 0.05]]).log()
    voicing = torch.tensor([[1.0, 1.0, -1.0, -1.0], [1.0, 1.0, 1.0, 1.0]])
    mask = torch.tensor([[[1.0, 1.0, 1.0, 1.0]], [[1.0, 1.0, 1.0, 0.0]]])
    prediction = torch.stack((pitches, voicing), dim=1)
    half = spoken_pitch(prediction, pitch_range=0.5, frame_mask=mask)
    root = 2**0.5
    torch.testing.assert_close(half[0], torch.tensor([0.02 / root, 0.02 * root, 0.0, 0.0]))
    torch.testing.assert_close(half[1, :3], torch.tensor([0.02 / root, 0.02 * root, 0.02]))
    torch.testing.assert_close(spoken_pitch(prediction[:1], pitch_range=0.0), torch.tensor([[0.02, 0.02, 0.0, 0.0]]))
    assert not spoken_pitch(prediction[:1] - torch.tensor([[[0.0], [9.0]]]), pitch_range=2.0).any()


def test_a_shift_multiplies_the_pitch_and_leaves_silence() -> None:
    prediction = torch.tensor([[[-4.0, -5.0, -4.5], [1.0, 1.0, -1.0]]])
    plain, octave = spoken_pitch(prediction), spoken_pitch(prediction, pitch_shift=12.0)
    torch.testing.assert_close(octave, 2.0 * plain)
    assert octave[0, 2] == 0.0
    fifth = spoken_pitch(prediction, pitch_range=0.0, pitch_shift=-7.0)
    expected = math.exp(-4.5) * 2.0 ** (-7.0 / 12.0)
    torch.testing.assert_close(fifth, torch.tensor([[expected, expected, 0.0]]))
