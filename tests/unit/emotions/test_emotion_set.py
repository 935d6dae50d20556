"""The emotion set: fixed ids, aliases, nearest names, mixtures, intensity."""

import unicodedata

import pytest

from emotts.emotions.emotion_set import BASE_EMOTIONS, EmotionSet
from emotts.errors import ConfigError, CorpusError

EMOTIONS = EmotionSet()


def test_ids_never_change() -> None:
    assert {name: EMOTIONS.id_of(name) for name in BASE_EMOTIONS} == {
        "neutral": 0,
        "happy": 1,
        "sad": 2,
        "angry": 3,
        "depressed": 4,
        "surprised": 5,
        "fearful": 6,
    }


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("기쁨", "happy"),
        ("joy", "happy"),
        (" Happy ", "happy"),
        ("슬픔", "sad"),
        ("분노", "angry"),
        ("중립", "neutral"),
        (unicodedata.normalize("NFD", "놀람"), "surprised"),
    ],
)
def test_aliases_in_any_spelling(label: str, name: str) -> None:
    assert EMOTIONS.resolve(label) == name


def test_unknown_label_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(CorpusError, match=r"take1: unknown emotion 'hapy'[\s\S]*did you mean 'happy'"):
        EMOTIONS.resolve("hapy", where="take1")


def test_extra_emotions_follow_the_base() -> None:
    emotions = EmotionSet.with_extra(["Bored", "proud"])
    assert emotions.names == (*BASE_EMOTIONS, "bored", "proud")
    assert emotions.id_of("proud") == 8


@pytest.mark.parametrize("extra", [["happy"], ["기쁨"], ["bored", "bored"], [""], ["two words"], ["a|b"]])
def test_extra_emotions_that_cannot_be_added(extra: list[str]) -> None:
    with pytest.raises(ConfigError, match="extra emotion"):
        EmotionSet.with_extra(extra)


def test_mixture_weights_are_normalised_and_aliases_merge() -> None:
    assert EMOTIONS.parse("happy:0.7+surprised:0.3") == {"happy": 0.7, "surprised": 0.3}
    assert EMOTIONS.parse("happy + 기쁨:3 + sad:4") == {"happy": 0.5, "sad": 0.5}


@pytest.mark.parametrize("expression", ["", "happy:", "happy:-1", "happy:0", "happy:nan", "happy:x", "happy++sad"])
def test_mixtures_that_cannot_be_read(expression: str) -> None:
    with pytest.raises(CorpusError, match="cannot be read|unknown emotion"):
        EMOTIONS.parse(expression)


def test_intensity_moves_from_neutral() -> None:
    assert EMOTIONS.weights("happy", intensity=0.25) == [0.75, 0.25, 0, 0, 0, 0, 0]
    assert EMOTIONS.weights("happy", intensity=1.5) == [-0.5, 1.5, 0, 0, 0, 0, 0]
    assert EMOTIONS.weights("neutral", intensity=0.3) == [1.0, 0, 0, 0, 0, 0, 0]
    with pytest.raises(CorpusError, match="intensity -1"):
        EMOTIONS.weights("happy", intensity=-1)
