"""A place in the square is a mixture of its corners."""

from __future__ import annotations

import pytest

from emotts.emotions.emotion_set import EmotionSet
from emotts.serving.web.mixing import CENTRE, corner_of, first_corners, mixed

CORNERS = ["neutral", "happy", "sad", "angry"]


@pytest.mark.parametrize(
    ("x", "y", "expression"),
    [
        (0.0, 0.0, "neutral"),
        (1.0, 0.0, "happy"),
        (0.0, 1.0, "sad"),
        (1.0, 1.0, "angry"),
        (0.3, 0.0, "neutral:0.7+happy:0.3"),
        (1.0, 0.5, "happy:0.5+angry:0.5"),
        (0.5, 0.5, "neutral:0.25+happy:0.25+sad:0.25+angry:0.25"),
        (0.75, 0.25, "neutral:0.19+happy:0.56+sad:0.06+angry:0.19"),
        (0.999, 0.0, "happy"),
    ],
)
def test_the_mixture_of_a_place(x: float, y: float, expression: str) -> None:
    assert mixed(CORNERS, x, y) == expression
    assert sum(EmotionSet().weights(mixed(CORNERS, x, y))) == pytest.approx(1.0)


def test_an_emotion_that_is_in_two_corners_counts_twice() -> None:
    assert mixed(["happy", "sad", "happy", "sad"], 0.25, 0.6) == "happy:0.75+sad:0.25"
    assert mixed(["happy"] * 4, *CENTRE) == "happy"


def test_the_first_corners() -> None:
    assert first_corners([*CORNERS, "fearful"]) == CORNERS
    assert first_corners(["happy", "sad", "angry"]) == ["happy", "sad", "angry", "happy"]
    assert first_corners(["happy"]) == ["happy"] * 4
    assert corner_of("sad", CORNERS) == (0.0, 1.0)
    assert corner_of("fearful", CORNERS) is None
