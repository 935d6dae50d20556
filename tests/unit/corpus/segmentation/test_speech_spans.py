"""Spans of speech by a recording's own levels, and what is joined and divided."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.settings import segment_settings

from emotts.corpus.segmentation.pieces import Limits
from emotts.corpus.segmentation.speech_spans import join_sounds, speech_spans

RATE = 16000
LIMITS = Limits.of(segment_settings())


def write(path: Path, *parts: tuple[float, float], noise_db: float = -45.0) -> Path:
    """Write noise bursts of (seconds, amplitude) in noise of a level."""
    random = np.random.default_rng(2)
    sound = np.concatenate([amplitude * random.uniform(-1, 1, round(s * RATE)) for s, amplitude in parts])
    soundfile.write(path, sound + 10 ** (noise_db / 20) * random.standard_normal(len(sound)), RATE)
    return path


def test_short_pauses_are_joined_and_long_ones_separate() -> None:
    sounds = [(0, 4000), (4200, 5000), (5300, 9000)]
    assert join_sounds(sounds, min_silence_ms=300, limits=LIMITS) == [(0, 5000), (5300, 9000)]
    assert join_sounds(sounds, min_silence_ms=301, limits=LIMITS) == [(0, 9000)]
    assert join_sounds([], min_silence_ms=300, limits=LIMITS) == []


def test_a_span_that_is_too_long_is_divided_at_its_longest_pauses() -> None:
    sounds = [(0, 4000), (4200, 9000), (9450, 14000), (14400, 17900), (18100, 30000)]
    assert join_sounds(sounds, min_silence_ms=1000, limits=LIMITS) == [
        (0, 9000),
        (9450, 14000),
        (14400, 17900),
        (18100, 30000),
    ]


def test_no_part_falls_below_the_shortest_length() -> None:
    sounds = [(0, 2900), (3300, 10000), (10200, 16000)]
    assert join_sounds(sounds, min_silence_ms=1000, limits=LIMITS) == [(0, 10000), (10200, 16000)]
    one = [(0, 2000), (2500, 15500)]
    assert join_sounds(one, min_silence_ms=1000, limits=LIMITS) == [(0, 15500)], "left to the quietest place"


@pytest.mark.parametrize("noise_db", [-60.0, -45.0, -35.0])
def test_the_threshold_follows_the_noise(tmp_path: Path, noise_db: float) -> None:
    take = write(tmp_path / "take.wav", (1.0, 0), (4.0, 0.3), (0.5, 0), (4.0, 0.3), (1.0, 0), noise_db=noise_db)
    spans, length_ms = speech_spans(take, settings=segment_settings(threshold_db="auto", min_silence_s=0.3))
    assert length_ms == 10500
    np.testing.assert_allclose(spans, [(940, 5060), (5440, 9560)], atol=10)
    plain, _ = speech_spans(take, settings=segment_settings())
    assert len(plain) == 1


def test_a_pause_below_the_shortest_divides_only_what_is_too_long(tmp_path: Path) -> None:
    auto = segment_settings(threshold_db="auto")
    take = write(tmp_path / "long.wav", (1.0, 0), (9.0, 0.3), (0.2, 0), (9.0, 0.3), (1.0, 0))
    np.testing.assert_allclose(speech_spans(take, settings=auto)[0], [(940, 10060), (10140, 19260)], atol=10)
    take = write(tmp_path / "short.wav", (1.0, 0), (6.0, 0.3), (0.2, 0), (6.0, 0.3), (1.0, 0))
    np.testing.assert_allclose(speech_spans(take, settings=auto)[0], [(940, 13260)], atol=10)


def test_a_click_gets_no_padding(tmp_path: Path) -> None:
    take = write(tmp_path / "take.wav", (4.0, 0.3), (1.2, 0), (0.02, 0.9), (1.2, 0), (4.0, 0.3))
    spans, _ = speech_spans(take, settings=segment_settings(threshold_db="auto"))
    assert spans[1] == (5190, 5230)


def test_noise_alone_has_no_span(tmp_path: Path) -> None:
    take = write(tmp_path / "take.wav", (3.0, 0.0), noise_db=-30.0)
    assert speech_spans(take, settings=segment_settings(threshold_db="auto")) == ([], 3000)


def test_silero_finds_no_speech_in_bursts_of_noise(tmp_path: Path) -> None:
    take = write(tmp_path / "take.wav", (2.0, 0.1), (0.5, 0.0), (2.0, 0.1))
    assert speech_spans(take, settings=segment_settings(method="silero")) == ([], 4500)
