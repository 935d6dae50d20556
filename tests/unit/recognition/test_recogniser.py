"""The packaged recogniser on the embedded recording."""

from __future__ import annotations

import numpy as np
import pytest
from support.demo_clips import RATE_HZ, demo_clips
from support.recognisers import packaged_recogniser

from emotts.corpus.transcripts.recogniser import Score
from emotts.errors import ConfigError
from emotts.evaluation.intelligibility import comparable, edits
from emotts.recognition.recogniser import WhisperRecogniser
from emotts.recognition.whisper_models import PACKAGED
from emotts.settings import default_params
from emotts.text.frontend import front_end


@pytest.mark.slow
def test_it_writes_down_what_is_said() -> None:
    recogniser, reader = packaged_recogniser("KR"), front_end("KR")
    wrong = length = 0
    for text, samples in demo_clips("neutral", count=3):
        heard = recogniser.transcribe(samples, RATE_HZ)
        wanted = comparable(text, reader=reader)
        wrong += edits(wanted, comparable(heard, reader=reader))
        length += len(wanted)
    assert length == 74
    assert wrong / length < 0.3
    assert recogniser.transcribe(samples, RATE_HZ) == heard, "temperature 0"
    noise = np.random.default_rng(0).normal(0, 0.01, RATE_HZ).astype(np.float32)
    assert len(recogniser.transcribe(noise, RATE_HZ)) < 200


@pytest.mark.slow
def test_the_text_that_is_said_is_more_probable_than_one_with_a_changed_word() -> None:
    recogniser = packaged_recogniser("KR")
    assert recogniser.name == "whisper-base-int8-ko"
    ((text, samples),) = demo_clips("neutral", count=1)
    hearing = recogniser.listen(samples, RATE_HZ)
    heard = hearing.heard()
    assert hearing.heard() == heard
    assert -1.0 < heard.log_probability < 0.0
    said, own = hearing.score(text), hearing.score(heard.text)
    changed = hearing.score(text.replace("시청역", "서울역"))
    assert own.log_probability >= said.log_probability > changed.log_probability + 5
    assert 0.0 > said.word > changed.word
    words, starts, ends = zip(*said.times, strict=True)
    assert "".join(words) == text.replace(" ", "")
    assert starts[0] == 0.0
    assert starts[1:] == ends[:-1]
    assert all(start <= end for start, end in zip(starts, ends, strict=True))
    assert samples.size / RATE_HZ - 0.5 < ends[-1] <= samples.size / RATE_HZ
    broken = recogniser.listen(np.concatenate([samples[:RATE_HZ], samples]), RATE_HZ).score(text)
    assert max(end - start for _, start, end in broken.times) > max(end - start for _, start, end in said.times)
    assert hearing.score("") == hearing.score(" ") == Score(0.0, 0.0)


def test_an_unknown_language() -> None:
    with pytest.raises(ConfigError, match=r"does not know the language[\s\S]*found: FR[\s\S]*KR, JP, EN"):
        WhisperRecogniser.load("FR", PACKAGED, settings=default_params().recogniser)
