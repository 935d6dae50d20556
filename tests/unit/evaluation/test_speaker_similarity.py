"""Speaker similarity to the speaker: means over pairs of vectors, every pair of emotions alike."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emotts.evaluation.speaker_similarity import similarity_metrics


def at(*degrees):
    """Return vectors of length 1 at these angles."""
    return np.stack([[math.cos(math.radians(angle)), math.sin(math.radians(angle))] for angle in degrees])


def cos(degrees):
    return math.cos(math.radians(degrees))


def test_one_emotion():
    metrics = similarity_metrics({"sad": at(30)}, {"sad": at(0, 60, 90)})
    assert metrics["speaker_similarity"] == pytest.approx((cos(30) + cos(30) + cos(60)) / 3)
    assert metrics["reference.speaker_similarity"] == pytest.approx((cos(60) + cos(90) + cos(30)) / 3)
    ratio = metrics["speaker_similarity"] / metrics["reference.speaker_similarity"]
    assert metrics["speaker_similarity.ratio"] == pytest.approx(ratio)


def test_every_pair_of_emotions_counts_alike_however_many_clips_it_has():
    reference = {"happy": at(0, 0), "sad": at(60, 60, 60, 60)}
    same = similarity_metrics(reference, reference)
    assert same["reference.speaker_similarity"] == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert same["speaker_similarity.ratio"] == pytest.approx(1)
    lopsided = similarity_metrics({"happy": at(*[0] * 9), "sad": at(60)}, reference)
    assert lopsided == pytest.approx(same)


def test_pairs_without_a_counterpart_are_left_out():
    metrics = similarity_metrics({"happy": at(0), "sad": at(60)}, {"happy": at(0), "sad": at(60)})
    assert metrics["reference.speaker_similarity"] == metrics["speaker_similarity"] == pytest.approx(0.5), (
        "no clip with itself"
    )
    assert similarity_metrics({"happy": at(0)}, {"sad": at(60, 60)}) == {}
    assert similarity_metrics({"happy": at(0)}, {"happy": at(0)}) == {}
