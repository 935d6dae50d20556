"""The controls of a tab: what they ask for, and what they take over from a kept request."""

from __future__ import annotations

import dataclasses

from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.ranges import CALL_RANGES
from emotts.serving.api.bodies import SpeechRequest
from emotts.serving.web.controls import SHOWN_RANGES, Controls, names_of
from emotts.voice import Voice

TINY = Voice(make_synthesizer(), DESCRIPTION)
FIRST = {"model": "emotts", "voice": "a", "input": "", "markup": True, "speaker": None, "emotion": "neutral"}
FIRST |= {"intensity": 1.0, "speed": 1.0, "pitch_shift": 0.0, "pitch_range": 1.0, "pause_scale": 1.0}
FIRST |= {"noise_scale": 0.5, "seed": 0}


def voice(**changes: object) -> Voice:
    return Voice(make_synthesizer(), dataclasses.replace(DESCRIPTION, **changes))


def test_at_first_they_ask_for_what_the_voice_does_by_itself() -> None:
    controls = Controls({"a": TINY})
    assert controls.body() == FIRST
    controls.values["input"] = "네."
    assert SpeechRequest.model_validate(controls.body()).options()["noise_scale"] == 0.5


def test_a_voice_without_neutral_and_with_two_speakers() -> None:
    other = voice(trained_emotions=("sad", "happy"), speakers=("a", "b", "c"), replayed_speakers=("a",))
    controls = Controls({"a": TINY, "b": other})
    controls.choose_voice("b")
    assert (controls.values["emotion"], controls.values["speaker"]) == ("sad", "b")
    controls.values["emotion"] = "happy"
    controls.choose_voice("a")
    assert (controls.values["emotion"], controls.values["speaker"]) == ("happy", None)


def test_emotions_come_before_styles_and_neutral_first() -> None:
    assert names_of(voice(trained_emotions=("sad", "neutral"), styles={"wistful": "sad 0.5"})) == [
        "neutral",
        "sad",
        "wistful",
    ]


def test_a_voice_whose_pitch_stays() -> None:
    settings = {**make_synthesizer().settings.to_dict(), "decoder": "hifigan"}
    settings["hifigan"] = {
        "resblock": "1",
        "upsample_initial_channels": 8,
        "upsample_rates": [4, 4],
        "upsample_kernel_sizes": [8, 8],
        "resblock_kernel_sizes": [3],
        "resblock_dilation_sizes": [[1]],
    }
    del settings["istft"]
    fixed = Voice(Synthesizer(SynthesizerSettings.from_dict(settings)), DESCRIPTION)
    assert (TINY.moves_pitch, fixed.moves_pitch) == (True, False)
    controls = Controls({"a": TINY, "b": fixed})
    controls.values |= {"pitch_shift": 3.0, "pitch_range": 2.0, "speed": 1.5}
    controls.choose_voice("b")
    assert [controls.values[name] for name in ("pitch_shift", "pitch_range", "speed")] == [0.0, 1.0, 1.5]


def test_reset_keeps_text_voice_and_emotion() -> None:
    controls = Controls({"a": TINY})
    controls.values |= {"input": "네.", "emotion": "sad", "speed": 2.0, "seed": 5, "noise_scale": 0.0}
    controls.reset()
    assert controls.body() == {**FIRST, "input": "네.", "emotion": "sad"}


def test_a_kept_request_is_taken_over_unless_nobody_can_speak_it() -> None:
    controls = Controls({"a": TINY})
    kept = {**FIRST, "input": "네.", "emotion": "happy:0.5+sad:0.5", "seed": 9, "noise_scale": None}
    assert controls.take(kept)
    assert controls.body() == {**kept, "noise_scale": 0.5}
    assert controls.take({**kept, "input": ""})
    assert controls.values["input"] == ""
    before = controls.body()
    for wrong in ({"voice": "b"}, {"emotion": "angry"}, {"emotion": "?"}, {"speed": 99.0}, {"seed": "x"}, {"no": 1}):
        assert not controls.take({**kept, **wrong})
        assert controls.body() == before


def test_sliders_stay_within_what_a_call_may_ask_for() -> None:
    assert SHOWN_RANGES.keys() == CALL_RANGES.keys()
    for name, (low, high, _) in SHOWN_RANGES.items():
        assert CALL_RANGES[name][0] <= low < high <= CALL_RANGES[name][1]
