"""What is compared differs in one thing alone."""

from __future__ import annotations

import dataclasses

from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts.evaluation.intensity import INTENSITIES
from emotts.serving.web.comparing import WAYS, entries_of
from emotts.serving.web.controls import Controls
from emotts.serving.web.words import Words
from emotts.voice import Voice

TINY = Voice(make_synthesizer(), DESCRIPTION)
SPEAKING = DESCRIPTION.speaking.model_copy(update={"noise_scale": 0.2})
OTHER = Voice(
    make_synthesizer(n_speakers=2),
    dataclasses.replace(DESCRIPTION, trained_emotions=("sad",), speakers=("a", "b"), speaking=SPEAKING),
)
VOICES = {"tiny": TINY, "other": OTHER}
KOREAN = Words("ko")


def controls() -> Controls:
    made = Controls(VOICES)
    made.values |= {"input": "네.", "emotion": "happy", "speed": 1.5, "seed": 4}
    return made


def test_emotions() -> None:
    entries = entries_of("emotions", controls(), VOICES, chosen=(), words=KOREAN)
    assert [entry.name for entry in entries] == ["중립", "기쁨", "슬픔"]
    assert [entry.body for entry in entries] == [
        {**controls().body(), "emotion": name} for name in ("neutral", "happy", "sad")
    ]


def test_intensities() -> None:
    entries = entries_of("intensities", controls(), VOICES, chosen=(), words=KOREAN)
    assert [entry.body for entry in entries] == [{**controls().body(), "intensity": each} for each in INTENSITIES]
    assert [entry.name for entry in entries] == ["0.00", "0.25", "0.50", "0.75", "1.00", "1.25", "1.50"]
    neutral = controls()
    neutral.values["emotion"] = "neutral"
    assert entries_of("intensities", neutral, VOICES, chosen=(), words=KOREAN) == []


def test_voices_have_their_own_speaker_and_variation_but_the_same_emotion() -> None:
    given = controls()
    given.values["noise_scale"] = 0.7
    entries = entries_of("voices", given, VOICES, chosen=["other", "tiny"], words=KOREAN)
    assert [entry.name for entry in entries] == ["other", "tiny"]
    assert entries[1].body == given.body()
    assert entries[0].body == {**given.body(), "voice": "other", "speaker": "a", "noise_scale": 0.2}


def test_every_way_has_a_name() -> None:
    assert [KOREAN(f"compare_{way}") for way in WAYS] == ["모든 감정", "강도별", "목소리별"]
