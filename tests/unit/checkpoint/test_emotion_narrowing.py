"""A narrower emotion embedding for a base voice: the same speech, or a refusal."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from support.places import PARITY_DATA
from torch import Tensor

from emotts.checkpoint.base.reading import BaseVoice, read_base
from emotts.checkpoint.emotion_narrowing import with_fewer_emotion_channels
from emotts.emotions.emotion_set import BASE_EMOTIONS
from emotts.errors import CheckpointError
from emotts.model.discriminator_duration import DurationDiscriminator
from emotts.model.synthesizer import Synthesizer

WIDE = 24


@pytest.fixture(scope="module")
def base() -> BaseVoice:
    """Return a voice of seven emotions that are heard everywhere, in 24 channels."""
    melotts = read_base(PARITY_DATA)
    torch.manual_seed(3)
    synthesizer = Synthesizer(melotts.synthesizer.settings.changed(n_emotions=7, emotion_channels=WIDE)).eval()
    for parameter in synthesizer.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.1)
    discriminator = DurationDiscriminator(
        synthesizer.settings.hidden_channels,
        filter_channels=8,
        kernel_size=3,
        dropout=0.0,
        voice_channels=synthesizer.settings.voice_channels,
    )
    return dataclasses.replace(
        melotts,
        synthesizer=synthesizer,
        emotions=BASE_EMOTIONS,
        discriminators={"duration": discriminator.state_dict()},
    )


@torch.no_grad()
def speak(synthesizer: Synthesizer, emotion: Tensor) -> Tensor:
    n_tokens = 9
    torch.manual_seed(2)
    waveform, _ = synthesizer.synthesize(
        torch.arange(1, 1 + n_tokens)[None],
        torch.tensor([n_tokens]),
        speaker=torch.tensor([1]),
        tone=torch.zeros(1, n_tokens, dtype=torch.long),
        language=torch.zeros(1, n_tokens, dtype=torch.long),
        emotion=emotion,
    )
    return waveform


@pytest.mark.parametrize("emotion_channels", [7, 12])
def test_every_emotion_speaks_as_before(base: BaseVoice, emotion_channels: int) -> None:
    narrower = with_fewer_emotion_channels(base, emotion_channels)
    assert narrower.synthesizer.settings.emotion_channels == emotion_channels
    spoken = []
    for emotion in (*(torch.tensor([row]) for row in range(7)), torch.tensor([[0.5, 0, 0.2, 0, -0.3, 0, 0.6]])):
        spoken.append(speak(base.synthesizer, emotion))
        torch.testing.assert_close(speak(narrower.synthesizer, emotion), spoken[-1], atol=2e-6, rtol=0)
    assert spoken[0].shape != spoken[3].shape or (spoken[0] - spoken[3]).abs().max() > 1e-3
    table = narrower.synthesizer.state_dict()["voice.emotions.table"]
    torch.testing.assert_close(table[:, 7:], torch.zeros(7, emotion_channels - 7), atol=1e-6, rtol=0)


def test_a_discriminator_hears_the_same_voice(base: BaseVoice) -> None:
    narrower = with_fewer_emotion_channels(base, 8)
    name = "voice_projection.weight"
    before, after = base.discriminators["duration"], narrower.discriminators["duration"]
    assert before.keys() == after.keys()
    speaker = torch.randn(base.synthesizer.settings.speaker_channels)

    def projected(voice: BaseVoice, weight: Tensor, row: int) -> Tensor:
        assert voice.synthesizer.voice.emotions is not None
        return weight[:, :, 0] @ torch.cat((speaker, voice.synthesizer.voice.emotions.table[row].detach()))

    for row in range(7):
        torch.testing.assert_close(projected(narrower, after[name], row), projected(base, before[name], row))
    for other in before.keys() - {name}:
        assert torch.equal(before[other], after[other]), other


@pytest.mark.parametrize("emotion_channels", [WIDE, WIDE + 1])
def test_a_voice_that_is_no_wider_stays_itself(base: BaseVoice, emotion_channels: int) -> None:
    assert with_fewer_emotion_channels(base, emotion_channels) is base


def test_emotions_that_would_sound_alike_are_refused(base: BaseVoice) -> None:
    with pytest.raises(CheckpointError) as caught:
        with_fewer_emotion_channels(base, 6)
    assert str(caught.value) == (
        f"{PARITY_DATA}: the base voice's emotions do not fit into so narrow an embedding\n"
        "  found: model.synthesizer.emotion_channels: 6\n"
        "  wanted: at least 7"
    )
