"""Named mixtures: what they weigh, how they mix, and which names are refused."""

from __future__ import annotations

import pytest

from emotts.emotions.emotion_set import EmotionSet
from emotts.emotions.styles import read_styles
from emotts.errors import ConfigError, CorpusError

EMOTIONS = EmotionSet()


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("happy:0.7+surprised:0.3", {"happy": 0.7, "surprised": 0.3}),
        ("기쁨 : 0.7 + surprised : 0.3", {"happy": 0.7, "surprised": 0.3}),
        ("sad 0.6", {"neutral": 0.4, "sad": 0.6}),
        ("happy:1+angry:3 1.2", {"neutral": -0.2, "happy": 0.3, "angry": 0.9}),
        ("fear", {"fearful": 1.0}),
    ],
)
def test_a_style_is_a_mixture_and_an_intensity(text, weights):
    (vector,) = read_styles({"mine": text}, EMOTIONS).values()
    assert vector == pytest.approx([weights.get(name, 0.0) for name in EMOTIONS.names])
    assert sum(vector) == pytest.approx(1)


def test_styles_mix_and_take_an_intensity_of_their_own():
    styles = read_styles({"Excited": "happy:0.7+surprised:0.3", "wistful": "sad 0.5"}, EMOTIONS)
    assert list(styles) == ["excited", "wistful"]

    def weights(expression, intensity=1.0):
        row = EMOTIONS.weights(expression, intensity=intensity, styles=styles)
        return {name: round(weight, 9) for name, weight in zip(EMOTIONS.names, row, strict=True) if weight}

    assert weights("excited") == {"happy": 0.7, "surprised": 0.3}
    assert weights("EXCITED ", 0.5) == {"neutral": 0.5, "happy": 0.35, "surprised": 0.15}
    assert weights("wistful", 1.5) == {"neutral": 0.25, "sad": 0.75}
    assert weights("excited:1+wistful:1") == {"neutral": 0.25, "happy": 0.35, "surprised": 0.15, "sad": 0.25}
    assert weights("기쁨:3+wistful:1") == {"neutral": 0.125, "happy": 0.75, "sad": 0.125}
    with pytest.raises(
        CorpusError, match=r"unknown emotion 'exited'[\s\S]*fearful, excited, wistful[\s\S]*mean 'excited'"
    ):
        weights("exited")
    with pytest.raises(CorpusError, match="unknown emotion 'excited'"):
        EMOTIONS.weights("excited")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"happy": "sad"}, "style 'happy' is already a name or an alias"),
        ({"기쁨": "sad"}, "style '기쁨' is already a name or an alias"),
        ({"very happy": "happy 1.4"}, "style 'very happy' is not a usable name\n  wanted: one word"),
        ({"a:b": "happy"}, "not a usable name"),
        ({"": "happy"}, "not a usable name"),
        ({"Wow": "happy", "wow": "sad"}, "style 'wow' is there twice"),
        ({"wow": "hapy"}, "style 'wow' cannot be used: unknown emotion 'hapy'"),
        ({"wow": ""}, "style 'wow' cannot be used: emotion expression"),
        ({"wow": "happy:-1"}, "style 'wow' cannot be used: emotion expression"),
        ({"wow": "happy much"}, "style 'wow' cannot be used: its intensity is no number\n  found: 'much'"),
        ({"wow": "happy -0.5"}, "style 'wow' cannot be used: intensity -0.5 cannot be used"),
        ({"wow": "happy nan"}, "style 'wow' cannot be used: intensity nan cannot be used"),
        ({"wow": "happy", "double": "wow:2+sad"}, "style 'double' cannot be used: unknown emotion 'wow'"),
    ],
)
def test_what_cannot_be_a_style(named, message):
    with pytest.raises(ConfigError, match=message):
        read_styles(named, EMOTIONS)
