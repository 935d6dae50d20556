"""The voice embedding: speaker and emotion side by side, emotions linear in their weights."""

from __future__ import annotations

import pytest
import torch

from emotts.errors import ConfigError
from emotts.model.conditioning import EmotionEmbedding, ReferenceEncoder, VoiceConditioning


def make_voice(*, n_speakers: int = 3, n_emotions: int = 4) -> VoiceConditioning:
    torch.manual_seed(0)
    return VoiceConditioning(
        n_speakers=n_speakers,
        speaker_channels=5,
        n_emotions=n_emotions,
        emotion_channels=2 if n_emotions else 0,
        spectrogram_bins=17,
        use_reference_norm=False,
    )


def test_speaker_then_emotion() -> None:
    voice = make_voice()
    embedding = voice(torch.tensor([2, 0]), emotion=torch.tensor([1, 3]))
    assert embedding.shape == (2, 7, 1)
    assert torch.equal(embedding[:, :5, 0], voice.speakers.weight[[2, 0]])
    assert torch.equal(embedding[:, 5:, 0], voice.emotions.table[[1, 3]])


def test_without_emotions_the_speaker_alone() -> None:
    voice = make_voice(n_emotions=0)
    assert torch.equal(voice(torch.tensor([1]), emotion=None)[:, :, 0], voice.speakers.weight[1:2])
    with pytest.raises(ConfigError, match="knows no emotions"):
        voice(torch.tensor([1]), emotion=torch.tensor([0]))


def test_no_emotion_is_the_first_and_one_hot_weights_are_ids() -> None:
    emotions = EmotionEmbedding(4, 3)
    assert torch.equal(emotions(None, batch_size=2), emotions.table[[0, 0]])
    assert torch.equal(emotions(torch.eye(4)[[2]], batch_size=1), emotions(torch.tensor([2]), batch_size=1))


def test_intensities_are_linear() -> None:
    emotions = EmotionEmbedding(4, 3)
    neutral, happy = emotions.table[0], emotions.table[1]
    for intensity in (0.0, 0.4, 1.0, 1.6):
        weights = torch.tensor([[1.0 - intensity, intensity, 0.0, 0.0]])
        expected = neutral + intensity * (happy - neutral)
        assert torch.allclose(emotions(weights, batch_size=1)[0], expected, atol=1e-6)


def test_ready_embedding_is_taken_as_it_is() -> None:
    ready = torch.randn(2, 5, 1)
    assert torch.equal(make_voice(n_emotions=0)(ready, emotion=None), ready)


def test_wrong_kind_of_speaker_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"no speaker(?s:.*)wanted: speaker ids"):
        make_voice()(None, emotion=None)
    with pytest.raises(ConfigError, match="speaker ids for a model without a speaker table"):
        make_voice(n_speakers=0)(torch.tensor([0]), emotion=None)


@pytest.mark.parametrize("bins", [17, 129, 513])
def test_reference_encoder_reads_any_number_of_bins(bins: int) -> None:
    encoder = ReferenceEncoder(bins, 6, use_norm=True)
    assert encoder(torch.rand(2, bins, 40)).shape == (2, 6, 1)
