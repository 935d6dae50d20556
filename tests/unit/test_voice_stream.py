"""Streamed speech: the pieces joined are the whole, and each comes before the next is computed."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts import Voice
from emotts.errors import CorpusError, EmottsError, TextError
from emotts.model.text_encoder import TextInputs
from emotts.text.phonemes import Phonemes

TEXT = "안녕하세요. 오늘은 날씨가 참 좋네요! 그렇지요?\n네."


@pytest.fixture(scope="module")
def voice() -> Voice:
    """Return a voice all of whose random numbers are heard, and whose pitch is moved."""
    speaking = DESCRIPTION.speaking.changed(sdp_ratio=0.5, pitch_range=1.3)
    return Voice(make_synthesizer(), dataclasses.replace(DESCRIPTION, speaking=speaking))


@pytest.mark.parametrize("how", [{}, {"emotion": "happy", "intensity": 1.2, "speed": 0.5, "seed": 4}])
def test_passages_joined_are_the_whole(voice: Voice, how: dict[str, Any]) -> None:
    pieces = list(voice.stream(TEXT, **how))
    assert len(pieces) == 7, "four passages and the three pauses between them"
    assert [bool(piece.samples.any()) for piece in pieces] == [True, False] * 3 + [True]
    assert np.array_equal(np.concatenate([piece.samples for piece in pieces]), voice.speak(TEXT, **how).samples)


@pytest.mark.parametrize("block_s", [0.01, 0.1, 30.0])
def test_blocks_joined_are_the_whole_but_for_rounding(voice: Voice, block_s: float) -> None:
    pieces = list(voice.stream(TEXT, emotion="sad", seed=2, block_s=block_s))
    longest = max(len(piece.samples) for piece in pieces if piece.samples.any())
    assert longest <= round(block_s * 16_000) or block_s == 30.0
    joined = np.concatenate([piece.samples for piece in pieces])
    assert joined.dtype == np.float32
    np.testing.assert_allclose(joined, voice.speak(TEXT, emotion="sad", seed=2).samples, atol=1e-5)


def test_the_first_piece_comes_before_the_second_sentence_is_encoded(
    voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []
    inputs = voice._text_inputs

    def seen(phonemes: Phonemes) -> TextInputs:
        spoken.append(phonemes.normalised_text)
        return inputs(phonemes)

    monkeypatch.setattr(voice, "_text_inputs", seen)
    next(voice.stream(TEXT, block_s=0.1))
    assert spoken == ["안녕하세요."]


@pytest.mark.parametrize(
    ("text", "how", "kind", "message"),
    [
        ("☃", {}, TextError, "holds nothing that can be spoken"),
        ("네.", {"emotion": "angry"}, CorpusError, "has never heard 'angry'"),
        ("네.", {"speed": 9.0}, EmottsError, r"speed 9.0 cannot be used[\s\S]*0.25 to 4"),
        ("네.", {"speaker": "minsu"}, CorpusError, "unknown speaker 'minsu'"),
    ],
)
def test_it_refuses_what_speak_refuses(
    voice: Voice, text: str, how: dict[str, Any], kind: type[EmottsError], message: str
) -> None:
    with pytest.raises(kind, match=message):
        next(voice.stream(text, **how))
