"""Times of Kokoro's tokens to times of Korean phones."""

import numpy as np
import pytest

from tools.render.phone_times import apart, phone_edges, with_silent_onsets


def test_every_token_belongs_to_a_phone():
    phones = ["ᄏ", "ᅡ", "ᆫ", "ᄋ", "ᅣ", "."]
    spelled = ["kʰ", "a", "n", "", "ja", "."]
    edges = phone_edges(phones, spelled, np.array([0, 300, 310, 330, 360, 400, 450, 520, 600, 900]))
    assert edges.tolist() == [300, 330, 360, 400, 400, 520, 900]


def test_a_space_is_shared_by_its_neighbours():
    phones = ["ᄂ", "ᅡ", " ", "ᄂ", "ᅡ"]
    edges = phone_edges(phones, ["n", "a", " ", "n", "a"], np.array([0, 10, 20, 40, 50, 60, 80, 100]))
    assert edges.tolist() == [10, 20, 45, 60, 100]


def test_a_space_behind_a_mark_belongs_to_the_mark():
    phones = ["ᅡ", ",", " ", "ᄂ", "ᅡ"]
    edges = phone_edges(phones, ["a", ",", " ", "n", "a"], np.array([0, 10, 20, 40, 50, 60, 80, 100]))
    assert edges.tolist() == [10, 20, 50, 60, 100]


def test_a_silent_onset_gets_a_share_of_its_vowel():
    edges = with_silent_onsets(["ᄂ", "ᅡ", "ᄋ", "ᅣ", "."], np.array([0.0, 10.0, 30.0, 30.0, 130.0, 200.0]))
    assert edges.tolist() == [0, 10, 30, 60, 130, 200]


@pytest.mark.parametrize(
    ("edges", "moved"),
    [
        ([0.0, 5.0, 10.0], [0.0, 5.0, 10.0]),
        ([0.0, 0.0, 0.5, 10.0], [0.0, 1.0, 2.0, 10.0]),
        ([0.0, 9.8, 10.0, 10.0], [0.0, 8.0, 9.0, 10.0]),
        ([0.0, -3.0, 10.0], [0.0, 1.0, 10.0]),
        ([0.0, 0.0, 0.0, 1.5], [0.0, 0.5, 1.0, 1.5]),
    ],
)
def test_edges_are_moved_apart(edges: list[float], moved: list[float]):
    assert apart(np.array(edges), least=1.0).tolist() == pytest.approx(moved)
