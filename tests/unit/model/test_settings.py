"""Settings: written and read back, strict about keys, types and what fits together."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import pytest

from emotts.errors import ConfigError
from emotts.model.settings import SynthesizerSettings

Maker = Callable[..., SynthesizerSettings]


@pytest.mark.parametrize("decoder", ["istft", "hifigan"])
def test_round_trip_through_json(toy: Maker, decoder: str) -> None:
    settings = toy(decoder=decoder)
    assert SynthesizerSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


def test_every_problem_is_listed(toy: Maker) -> None:
    values = toy().to_dict()
    del values["n_tones"]
    values |= {"hiden_channels": 3, "n_speakers": "two", "istft": {**values["istft"], "n_fft": 6.5}}
    with pytest.raises(ConfigError) as caught:
        SynthesizerSettings.from_dict(values)
    message = str(caught.value)
    assert "hiden_channels: unknown key (did you mean hidden_channels?)" in message
    assert "n_tones: missing" in message
    assert "n_speakers: found 'two', wanted int" in message
    assert "istft.n_fft: found 6.5, wanted int" in message


def test_words_from_a_list_alone(toy: Maker) -> None:
    with pytest.raises(ConfigError, match="flow: found 'wavenet', wanted one of 'transformer', 'residual'"):
        SynthesizerSettings.from_dict({**toy().to_dict(), "flow": "wavenet"})


def test_whole_numbers_serve_as_floats_but_not_as_truths(toy: Maker) -> None:
    assert SynthesizerSettings.from_dict({**toy().to_dict(), "text_dropout": 0}).text_dropout == 0.0
    with pytest.raises(ConfigError, match="flow_shared: found 1, wanted bool"):
        SynthesizerSettings.from_dict({**toy().to_dict(), "flow_shared": 1})


def test_rules_across_values(toy: Maker) -> None:
    with pytest.raises(ConfigError, match="7 emotions, 0 channels"):
        toy(n_emotions=7)
    with pytest.raises(ConfigError, match=r"do not multiply up(?s:.*)\[4, 4\]: 16(?s:.*)wanted: 32"):
        toy(decoder="hifigan", hop_length=32)
    with pytest.raises(ConfigError, match="settings of the istft decoder must be there exactly if"):
        dataclasses.replace(toy(), istft=None)
    with pytest.raises(ConfigError, match="n_tones must be positive"):
        toy(n_tones=0)
