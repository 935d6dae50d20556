"""A voice of random weights: speaking, what it refuses, and its folder on disk."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts import Voice
from emotts.checkpoint.voice_folder import read_voice, write_voice
from emotts.errors import CheckpointError, ConfigError, CorpusError, EmottsError, TextError
from emotts.model.synthesizer import Synthesizer


@pytest.fixture(scope="module")
def synthesizer() -> Synthesizer:
    return make_synthesizer()


@pytest.fixture(scope="module")
def voice(synthesizer: Synthesizer) -> Voice:
    return Voice(synthesizer, DESCRIPTION)


def speak(voice: Voice, text: str = "안녕하세요.", **options: Any) -> np.ndarray:
    return voice.speak(text, **options).samples


def test_the_same_seed_gives_the_same_samples_and_leaves_the_generator_alone(voice: Voice) -> None:
    torch.manual_seed(11)
    expected = torch.rand(1)
    torch.manual_seed(11)
    first = speak(voice, seed=5)
    assert torch.equal(torch.rand(1), expected)
    assert first.dtype == np.float32
    assert np.abs(first).max() <= 1.0
    assert np.array_equal(first, speak(voice, seed=5))
    assert not np.array_equal(first, speak(voice, seed=6))


def random_voice() -> Voice:
    """Return a voice all of whose random numbers are heard: those of the durations and those of the latents."""
    speaking = DESCRIPTION.speaking.changed(sdp_ratio=0.5)
    return Voice(make_synthesizer(), dataclasses.replace(DESCRIPTION, speaking=speaking))


def test_a_seed_gives_what_it_gave_to_the_generator_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    voice = random_voice()
    ours = speak(voice, "안녕하세요. 반갑습니다.", seed=5)
    synthesize = voice.synthesizer.synthesize

    def with_the_generator_of_the_process(*inputs: Any, generator: torch.Generator, **options: Any) -> Any:
        return synthesize(*inputs, **options)

    monkeypatch.setattr(voice.synthesizer, "synthesize", with_the_generator_of_the_process)
    torch.manual_seed(5)
    assert np.array_equal(speak(voice, "안녕하세요. 반갑습니다.", seed=99), ours)


def test_threads_do_not_get_each_others_samples() -> None:
    voice = random_voice()
    seeds = [seed for _ in range(6) for seed in range(4)]
    alone = [speak(voice, seed=seed) for seed in range(4)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda seed: speak(voice, seed=seed), seeds))
    for seed, samples in zip(seeds, together, strict=True):
        assert np.array_equal(samples, alone[seed]), seed


def test_intensity_zero_is_neutral_and_mixtures_differ(voice: Voice) -> None:
    neutral = speak(voice)
    assert np.array_equal(speak(voice, emotion="happy", intensity=0.0), neutral)
    assert not np.array_equal(speak(voice, emotion="happy"), neutral)
    assert np.array_equal(speak(voice, emotion="기쁨"), speak(voice, emotion="joy:2"))
    assert not np.array_equal(speak(voice, emotion="happy:0.5+sad:0.5"), speak(voice, emotion="happy"))


def test_speed_scales_the_length(voice: Voice) -> None:
    slow, normal = speak(voice, speed=0.5), speak(voice)
    assert 1.5 < len(slow) / len(normal) < 2.5
    for speed in (0.0, 5.0, float("nan")):
        with pytest.raises(EmottsError, match=r"speed .* cannot be used[\s\S]*0.25 to 4"):
            speak(voice, speed=speed)


def test_sentences_are_joined_with_a_pause(voice: Voice) -> None:
    torch.manual_seed(0)
    both = speak(voice, "안녕하세요. 반갑습니다.")
    first = speak(voice, "안녕하세요.")
    assert np.array_equal(both[: len(first)], first)
    assert np.array_equal(both[len(first) : len(first) + 4000], np.zeros(4000, dtype=np.float32))
    assert np.any(both[len(first) + 4000 :])


def test_pauses_follow_the_border_and_the_speed(voice: Voice) -> None:
    def silences(text: str, speed: float = 1.0) -> list[int]:
        """Return the lengths of all runs of zeros of at least a tenth of a second."""
        samples = speak(voice, text, speed=speed)
        borders = np.flatnonzero(np.diff(np.concatenate(([1], samples != 0, [1]))))
        lengths = np.diff(borders)[::2]
        return [int(length) for length in lengths if length >= 1600]

    assert silences("네. 아니요.") == [4000]
    assert silences("네.\n아니요.") == [6000]
    assert silences("네. 아니요.", speed=2.0) == [2000]


@pytest.fixture
def token_counts(synthesizer: Synthesizer) -> Iterator[list[int]]:
    """Return a list that fills with the number of tokens of every piece that the voice speaks."""
    counts: list[int] = []
    hook = synthesizer.text_encoder.register_forward_pre_hook(
        lambda _, inputs: counts.append(inputs[0].tokens.shape[1])
    )
    yield counts
    hook.remove()


def test_fault_3_a_piece_is_limited_by_its_phones_not_by_its_characters(voice: Voice, token_counts: list[int]) -> None:
    digits = "구구단 " + "987654321 " * 11
    assert len(digits) < 120
    speak(voice, digits)
    assert len(token_counts) > 1, "114 characters, but some 500 phones"
    assert max(token_counts) <= 401, "200 phones, a blank around each"
    token_counts.clear()
    speak(voice, "a, " * 70 + "가")
    assert len(token_counts) == 2
    token_counts.clear()
    speak(voice, "가 " * 90)
    assert token_counts == [365], "180 characters, but 182 phones: two a syllable and the boundaries"


def test_a_text_of_any_length_is_spoken(voice: Voice, token_counts: list[int]) -> None:
    speak(voice, "가" * 700)
    assert len(token_counts) == 8
    assert max(token_counts) <= 401


def test_marks_alone_do_not_stop_a_text(voice: Voice, token_counts: list[int]) -> None:
    assert speak(voice, "생일 축하해! 🎉").size > 0
    assert speak(voice, "...\n그래. ... 알겠어. !!!").size > 0
    assert len(token_counts) == 3


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"emotion": "fearful"}, CorpusError, "has never heard 'fearful'[\\s\\S]*neutral, happy, sad"),
        ({"emotion": "hapy"}, CorpusError, "unknown emotion 'hapy'[\\s\\S]*did you mean 'happy'"),
        ({"intensity": -0.1}, CorpusError, "intensity -0.1 cannot be used"),
        ({"speaker": "mina"}, CorpusError, "unknown speaker 'mina'[\\s\\S]*yuna"),
        ({"text": " \n "}, TextError, "holds nothing that can be spoken"),
    ],
)
def test_what_a_voice_refuses(voice: Voice, options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        speak(voice, **options)


def test_intensity_needs_a_neutral_to_start_from() -> None:
    voice = Voice(make_synthesizer(), dataclasses.replace(DESCRIPTION, trained_emotions=("happy", "sad")))
    with pytest.raises(CorpusError, match="measured from neutral, which this voice has never heard"):
        speak(voice, emotion="happy", intensity=0.5)
    assert speak(voice, emotion="happy").size > 0


def test_a_voice_on_disk_speaks_the_same(voice: Voice, tmp_path: Path) -> None:
    write_voice(tmp_path / "export", make_synthesizer(), DESCRIPTION)
    loaded = Voice.load(tmp_path / "export", device="cpu")
    assert loaded.description == DESCRIPTION
    np.testing.assert_allclose(speak(loaded, emotion="sad"), speak(voice, emotion="sad"), atol=1e-5)


def test_styles_are_named_mixtures_and_go_with_the_voice(voice: Voice, tmp_path: Path) -> None:
    given = {"Mixed": "happy:0.7+sad:0.3", "wistful": "sad 0.5"}
    write_voice(tmp_path / "export", make_synthesizer(), DESCRIPTION.with_styles(given))
    loaded = Voice.load(tmp_path / "export", device="cpu", styles={"merry": "happy 1.2"})
    assert loaded.styles == ("mixed", "wistful", "merry")
    assert loaded.emotions == ("neutral", "happy", "sad")
    pairs = (
        ("mixed", "happy:0.7+sad:0.3", 1.0, 1.0),
        ("wistful", "sad", 1.0, 0.5),
        ("MERRY", "happy", 0.5, 0.6),
    )
    for style, emotion, intensity, effective in pairs:
        ours = speak(loaded, emotion=style, intensity=intensity)
        np.testing.assert_allclose(ours, speak(voice, emotion=emotion, intensity=effective), atol=1e-4)
    assert not np.array_equal(speak(loaded, emotion="wistful"), speak(loaded, emotion="sad"))
    with pytest.raises(CorpusError, match=r"unknown emotion 'wistfull'[\s\S]*did you mean 'wistful'"):
        loaded.speak("네.", emotion="wistfull")
    with pytest.raises(CorpusError, match="unknown emotion 'wistful'"):
        voice.speak("네.", emotion="wistful")


def test_styles_of_what_the_voice_never_heard_are_refused() -> None:
    with pytest.raises(ConfigError, match="style 'scared' is already"):
        DESCRIPTION.with_styles({"scared": "sad"})
    with pytest.raises(ConfigError, match="style 'panic' cannot be used: the voice has never heard 'fearful'"):
        DESCRIPTION.with_styles({"panic": "fearful:0.2+sad:0.8"})
    unheard = dataclasses.replace(DESCRIPTION, trained_emotions=("happy", "sad"))
    assert unheard.with_styles({"mixed": "happy+sad"}).emotion_weights("mixed", intensity=1.0)[1:3] == [0.5, 0.5]
    with pytest.raises(ConfigError, match="style 'soft' cannot be used: the voice has never heard 'neutral'"):
        unheard.with_styles({"soft": "sad 0.5"})


def test_bfloat16_changes_the_sound_a_little_and_its_length_not_at_all(voice: Voice) -> None:
    exact = speak(voice, emotion="happy")
    rounded = speak(Voice(make_synthesizer(), DESCRIPTION, precision="bf16"), emotion="happy")
    assert rounded.dtype == np.float32
    assert rounded.shape == exact.shape
    assert 0 < np.std(rounded - exact) < 0.05 * np.std(exact)


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown precision of speaking[\\s\\S]*fp8[\\s\\S]*32 or bf16"):
        Voice(make_synthesizer(), DESCRIPTION, precision="fp8")


def test_saved_speech_is_a_16_bit_wav(voice: Voice, tmp_path: Path) -> None:
    speech = voice.speak("안녕하세요.")
    speech.save(tmp_path / "speech.wav")
    samples, rate = soundfile.read(tmp_path / "speech.wav", dtype="float32")
    assert rate == 16000
    assert speech.duration_s == len(samples) / 16000
    np.testing.assert_allclose(samples, speech.samples, atol=1 / 32768)


def test_a_voice_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no voice is there[\\s\\S]*dvc repro"):
        Voice.load(tmp_path / "export")


def damage(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("config.json", b"{", "config.json:1: not a voice's configuration"),
        ("config.json", b'{"format": "emotts-voice-0"}', "not a voice of this version[\\s\\S]*emotts-voice-0"),
        ("config.json", b'{"format": "emotts-voice-1", "synthesizer": {}}', "config.json: not a voice's"),
        ("model.safetensors", b"\x00" * 100, "model.safetensors: weights are damaged"),
    ],
)
def test_damaged_voices(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    write_voice(tmp_path, make_synthesizer(), DESCRIPTION)
    damage(tmp_path, name, content)
    with pytest.raises(CheckpointError, match=message):
        read_voice(tmp_path)


def test_weights_of_another_model_are_never_half_loaded(tmp_path: Path) -> None:
    write_voice(tmp_path, make_synthesizer(), DESCRIPTION)
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    config["synthesizer"]["posterior_n_layers"] = 2
    damage(tmp_path, "config.json", json.dumps(config).encode())
    with pytest.raises(CheckpointError, match=r"posterior_encoder\.\S+ is missing"):
        read_voice(tmp_path)
