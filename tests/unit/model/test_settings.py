"""Settings: written and read back, strict about keys, types and what fits together."""

from __future__ import annotations

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
    assert "unknown key 'hiden_channels'; did you mean 'hidden_channels'?" in message
    assert "key 'n_tones' is missing" in message
    assert "n_speakers = 'two': Input should be a valid integer" in message
    assert "istft.n_fft = 6.5: Input should be a valid integer" in message


def test_words_only_from_a_list(toy: Maker) -> None:
    with pytest.raises(ConfigError, match="flow = 'wavenet': Input should be 'transformer' or 'residual'"):
        SynthesizerSettings.from_dict({**toy().to_dict(), "flow": "wavenet"})


def test_whole_numbers_serve_as_floats_but_not_as_truths(toy: Maker) -> None:
    assert SynthesizerSettings.from_dict({**toy().to_dict(), "text_dropout": 0}).text_dropout == 0.0
    with pytest.raises(ConfigError, match="flow_shared = 1: Input should be a valid boolean"):
        SynthesizerSettings.from_dict({**toy().to_dict(), "flow_shared": 1})


def test_what_was_stored_under_former_names_can_be_read(toy: Maker) -> None:
    former = {"condition_text_encoder": "text_voice", "mute_text_condition": "text_ignores_voice"}
    stored = {former.get(name, name): value for name, value in toy().to_dict().items()}
    assert "text_voice" in stored
    assert SynthesizerSettings.from_dict(stored) == toy()


def test_rules_across_values(toy: Maker) -> None:
    with pytest.raises(ConfigError, match="7 emotions, 0 channels"):
        toy(n_emotions=7)
    with pytest.raises(ConfigError, match=r"upsample_rates \[4, 4\] multiply to 16, not to the hop length 32"):
        toy(decoder="hifigan", hop_length=32)
    with pytest.raises(ConfigError, match="istft must have settings exactly if it is the decoder"):
        SynthesizerSettings.from_dict({**toy().to_dict(), "istft": None})
    with pytest.raises(ConfigError, match="n_tones = 0: Input should be greater than 0"):
        toy(n_tones=0)
