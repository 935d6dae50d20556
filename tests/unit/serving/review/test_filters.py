"""The filters: doubtful texts and emotions, rates, noise; from real sound and the Korean front end."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.review_pieces import TAKE, entries, reject, spoken, take

from emotts.corpus.corrections.entry import Entry
from emotts.serving.review.filters import Filters
from emotts.serving.review.measuring import Measures, Readings
from emotts.serving.review.sounds import Sounds
from emotts.text.frontend import front_end

RATE_HZ = 16000
TEXTS = ("오늘은 날씨가 좋아요", "어제 친구를 만났어요", "내일 다시 올게요", "저녁을 먹고 걸었어요", "물을 마셨어요")


@pytest.fixture(scope="module")
def readings() -> Readings:
    return Readings(front_end("KR", on_unknown="skip"))


@pytest.fixture
def measures(tmp_path: Path) -> Measures:
    """Return measures of a recording whose second half is noisy and whose end clips."""
    random = np.random.default_rng(3)
    time_s = np.arange(20 * RATE_HZ) / RATE_HZ
    sound = np.where(time_s % 1.0 < 0.7, 0.3 * np.sin(2 * np.pi * 200 * time_s), 0.0)
    sound += np.where(time_s < 10, 1e-4, 0.05) * random.standard_normal(len(sound))
    sound[15 * RATE_HZ :] *= 8
    soundfile.write(tmp_path / TAKE, np.clip(sound, -1, 1), RATE_HZ, subtype="PCM_16")
    sounds = Sounds(tmp_path)
    sounds.know({TAKE: take(duration_s=20.0)})
    return Measures(sounds, seed=0)


def found(filters: Filters, pieces: list[Entry]) -> dict[str, list[float]]:
    return {name: [entry.start_s for entry in group] for name, group in filters.of(pieces).items()}


def test_noisy_and_clipped_pieces(measures: Measures, readings: Readings) -> None:
    pieces = entries(*(spoken(start_s, start_s + 3.0, "말") for start_s in (1.0, 6.0, 11.0, 16.0)))
    filters = Filters(readings, measures)
    assert found(filters, pieces)["noisy"] == []
    for entry in pieces:
        assert measures.is_new(entry.key)
        measures.measure(entry)
        assert not measures.is_new(entry.key)
    assert found(filters, pieces)["noisy"] == [11.0, 16.0]
    quiet, clipped = measures.of(pieces[0].key), measures.of(pieces[3].key)
    assert quiet is not None
    assert quiet.snr_db is not None
    assert round(quiet.snr_db) == 67
    assert clipped is not None
    assert clipped.is_clipped


def test_what_cannot_be_read_is_measured_once(measures: Measures) -> None:
    (piece,) = entries(spoken(30.0, 33.0, "말"))
    measures.measure(piece)
    assert not measures.is_new(piece.key)
    assert measures.of(piece.key) is None
    assert measures.label_errors([piece]) == {}


def test_doubtful_texts_the_worst_first(measures: Measures, readings: Readings) -> None:
    pieces = entries(
        spoken(1.0, 4.0, "믿을 만한 말"),
        spoken(5.0, 8.0, "읽지 못하는 Жя 글자"),
        dataclasses.replace(spoken(9.0, 12.0, "덜 확실한 말"), confidence=0.1),
        reject(13.0, 16.0, "wording differs", heard="다른 말"),
    )
    doubts = {pieces[2].key: 0.1, pieces[3].key: -0.5}
    filters = Filters(readings, measures, doubts)
    assert found(filters, pieces)["text"] == [13.0, 9.0, 5.0]
    assert found(filters, pieces)["unused"] == [13.0]
    accepted = [pieces[0], *(piece.changed(decision="accept", reason=None) for piece in pieces[1:])]
    assert found(filters, accepted)["text"] == []
    assert found(filters, accepted)["unchecked"] == [1.0]


def test_pieces_far_from_the_rate_of_their_emotion(measures: Measures, readings: Readings) -> None:
    rows = [spoken(4.0 * place, 4.0 * place + 2.0, text) for place, text in enumerate(TEXTS)]
    fast = spoken(20.0, 22.0, " ".join(TEXTS[:3]))
    filters = Filters(readings, measures)
    assert found(filters, entries(*rows, fast))["rate"] == [20.0]
    assert found(filters, entries(*rows[:4], fast))["rate"] == [], "five are too few to tell"


def test_a_label_error_leaves_the_filter_when_it_is_put_right(measures: Measures, readings: Readings) -> None:
    pieces = entries(spoken(1.0, 4.0, "말"), spoken(5.0, 8.0, "말"))
    filters = Filters(readings, measures, heard={pieces[1].key: "happy"})
    assert found(filters, pieces)["label"] == [5.0]
    assert found(filters, [pieces[0], pieces[1].changed("emotion", emotion="happy")])["label"] == []


def test_readings(readings: Readings) -> None:
    reading = readings.of("3시에 만나요.")
    assert (reading.spoken, reading.n_phones, reading.left_out, reading.error) == ("세 시에 만나요.", 13, (), None)
    assert readings.of("3시에 만나요.") is reading
    assert readings.of("Жя 글").left_out == ("Жя",)
    assert readings.of("...").error == "text '...' holds nothing that can be spoken"
