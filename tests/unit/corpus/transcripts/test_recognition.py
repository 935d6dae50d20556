"""A recognition that is sent to other processes is one that loads once where it arrives."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path
from threading import Lock

import pytest
from support.settings import parallel_settings
from support.tone_speech import ToneRecogniser

from emotts.corpus.segmentation.pieces import Limits
from emotts.corpus.transcripts.labelled_take import Recognition
from emotts.settings import default_params
from emotts.workflows.texts import project_reader


class LockedRecogniser(ToneRecogniser):
    """A recogniser that cannot be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = Lock()


@pytest.fixture
def recognition(tmp_path: Path) -> Recognition:
    reader, limits = project_reader(default_params()), Limits(300, 1000, 9000, 0)
    return Recognition(LockedRecogniser, reader, tmp_path, limits, 22050, parallel_settings(jobs=3))


def test_it_arrives_as_one_that_loads_once(recognition: Recognition) -> None:
    own = recognition.recogniser
    first, second = (pickle.loads(pickle.dumps(recognition)) for _ in range(2))
    assert first is second
    assert isinstance(first.recogniser, LockedRecogniser)
    assert first.recogniser is second.recogniser
    assert first.recogniser is not own
    for name in ("load", "front_end", "kept", "limits", "sample_rate_hz", "parallel"):
        assert getattr(first, name) == getattr(recognition, name)
    assert first.front_end.read("커피").phones == recognition.front_end.read("커피").phones


def test_a_changed_one_is_another_one(recognition: Recognition) -> None:
    changed = dataclasses.replace(recognition, sample_rate_hz=44100)
    rates = [pickle.loads(pickle.dumps(each)).sample_rate_hz for each in (recognition, changed, recognition)]
    assert rates == [22050, 44100, 22050]
