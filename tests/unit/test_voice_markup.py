"""A voice of random weights: markup, the controls of a call, and speech piece by piece."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts.checkpoint.delivery import Delivery, DeliveryOptions
from emotts.errors import ConfigError, CorpusError, EmottsError, TextError
from emotts.voice import Voice

HELLO, WELCOME = "안녕하세요.", "반갑습니다."
RATE_HZ = 16_000


@pytest.fixture(scope="module")
def voice() -> Voice:
    """Return a voice without randomness, so that what is said does not change what is said after it."""
    quiet = DESCRIPTION.speaking.model_copy(update={"noise_scale": 0.0})
    return Voice(make_synthesizer(), dataclasses.replace(DESCRIPTION, speaking=quiet))


def speak(voice: Voice, text: str = HELLO, **options: Any) -> np.ndarray:
    return voice.speak(text, **options).samples


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def test_a_tag_says_what_an_argument_says(voice: Voice) -> None:
    assert np.array_equal(speak(voice, f"[happy]{HELLO}"), speak(voice, emotion="happy"))
    assert np.array_equal(speak(voice, f"[슬픔:0.6] {HELLO}"), speak(voice, emotion="sad", intensity=0.6))
    assert np.array_equal(speak(voice, f"[sad]{HELLO}", intensity=0.6), speak(voice, emotion="sad", intensity=0.6))
    mixture = "happy:0.7+sad:0.3"
    assert np.array_equal(speak(voice, f"[{mixture} 0.5]{HELLO}"), speak(voice, emotion=mixture, intensity=0.5))
    assert np.array_equal(speak(voice, f"[speed 0.5]{HELLO}", speed=2.0), speak(voice, speed=0.5))
    assert np.array_equal(speak(voice, f"[happy][speed 2][/]{HELLO}", emotion="sad"), speak(voice, emotion="sad"))


def test_pauses_of_tags_are_exact_and_take_the_place_of_others(voice: Voice) -> None:
    said = speak(voice, f"[pause 100ms]{HELLO} [pause 0.12345s] [sad]{WELCOME}[pause 1s]", speed=2.0, pause_scale=9.0)
    parts = [speak(voice, HELLO, speed=2.0), speak(voice, WELCOME, speed=2.0, emotion="sad")]
    expected = [silence(0.1), parts[0], silence(0.12345), parts[1], silence(1.0)]
    assert np.array_equal(said, np.concatenate(expected))


def test_a_cut_inside_a_sentence_has_no_pause_and_one_between_sentences_its_own(voice: Voice) -> None:
    said = speak(voice, "정말 [happy]좋아요. [sad]네.\n[/]그래.")
    parts = [speak(voice, "정말"), speak(voice, "좋아요.", emotion="happy"), speak(voice, "네.", emotion="sad")]
    expected = [*parts[:2], silence(0.25), parts[2], silence(0.375), speak(voice, "그래.")]
    assert np.array_equal(said, np.concatenate(expected))


def test_without_markup_brackets_are_read(voice: Voice) -> None:
    assert np.array_equal(speak(voice, "[happy] 네.", markup=False), speak(voice, r"\[happy\] 네."))
    assert not np.array_equal(speak(voice, "[happy] 네.", markup=False), speak(voice, "[happy] 네."))
    with pytest.raises(TextError, match="line 1, column 1: unknown emotion 'hapy'"):
        speak(voice, "[hapy] 네.")
    with pytest.raises(TextError, match=r"line 1, column 4: the voice has never heard 'fearful'"):
        speak(voice, "네. [fearful] 네.")


def test_the_stream_has_a_piece_for_every_sentence_and_pause() -> None:
    voice = Voice(make_synthesizer(), DESCRIPTION)
    text = f"{HELLO} [happy]{WELCOME}[pause 0.5s] 그래요."
    pieces = list(voice.stream(text, seed=3))
    assert [piece.duration_s for piece in pieces[1::2]] == [0.25, 0.5]
    assert len(pieces) == 5
    joined = np.concatenate([piece.samples for piece in pieces])
    assert np.array_equal(joined, speak(voice, text, seed=3))
    assert np.array_equal(pieces[0].samples, speak(voice, HELLO, seed=3))


def test_controls_of_a_call(voice: Voice) -> None:
    both = f"{HELLO} {WELCOME}"
    parts = [speak(voice, HELLO), speak(voice, WELCOME)]
    for scale, pause_s in ((2.0, 0.5), (0.0, 0.0)):
        expected = np.concatenate([parts[0], silence(pause_s), parts[1]])
        assert np.array_equal(speak(voice, both, pause_scale=scale), expected)
    noisy = speak(voice, noise_scale=0.7, seed=1)
    assert not np.array_equal(noisy, parts[0])
    assert not np.array_equal(noisy, speak(voice, noise_scale=0.7, seed=2))
    assert np.array_equal(speak(voice, pitch_range=1.0, pitch_shift=0.0), parts[0])
    for moved in ({"pitch_range": 0.5}, {"pitch_shift": 3.0}, {"pitch_shift": -3.0}):
        assert speak(voice, **moved).shape == parts[0].shape
        assert not np.array_equal(speak(voice, **moved), parts[0])


def test_blocks_have_the_same_pitch(voice: Voice) -> None:
    pieces = [piece.samples for piece in voice.stream(HELLO, block_s=0.01, pitch_shift=4.0)]
    assert len(pieces) > 3
    np.testing.assert_allclose(np.concatenate(pieces), speak(voice, pitch_shift=4.0), atol=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"speed": 5.0}, "speed 5.0 cannot be used\n  wanted: a number from 0.25 to 4"),
        ({"pitch_shift": 13.0}, "pitch shift 13.0 cannot be used\n  wanted: a number from -12 to 12"),
        ({"pitch_range": -0.1}, "pitch range -0.1 cannot be used\n  wanted: a number from 0 to 4"),
        ({"pause_scale": float("inf")}, "pause scale inf cannot be used\n  wanted: a number from 0 to 10"),
        ({"noise_scale": float("nan")}, "noise scale nan cannot be used\n  wanted: a number from 0 to 10"),
        ({"seed": -1}, "seed -1 cannot be used\n  wanted: a whole number from 0"),
    ],
)
def test_what_is_outside_of_its_range(voice: Voice, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        next(voice.stream(HELLO, **options))
    assert str(raised.value).startswith(message)


def test_the_fields_of_a_delivery_are_the_arguments_of_speaking() -> None:
    assert set(DeliveryOptions.__annotations__) == set(Delivery.__dataclass_fields__)


def test_a_mistake_in_a_later_tag_is_told_before_anything_is_spoken(voice: Voice) -> None:
    pieces = voice.stream(f"{HELLO} [pause 0.5x] {WELCOME}")
    with pytest.raises(EmottsError, match="line 1, column 8: tag cannot be read"):
        next(pieces)
    with pytest.raises(CorpusError, match="unknown emotion"):
        next(voice.stream(HELLO, emotion="hapy"))
