"""A corpus as a training takes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.places import REPOSITORY
from support.small_corpus import write_small_corpus

from emotts.settings import Params, load_params
from emotts.workflows.training import voice_description
from emotts.workflows.training_data import read_training_data

PROJECT = REPOSITORY / "params.yaml"


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of four utterances with a real text each; the wavs last 1, 2, 3 and 4 s."""
    write_small_corpus(tmp_path)
    return tmp_path


def test_a_voice_knows_the_emotions_of_its_training_list(params: Params, corpus: Path) -> None:
    description = voice_description(params, read_training_data(params, corpus))
    assert description.trained_emotions == ("neutral", "happy")
    assert description.speakers == ("yuna",)
    assert description.emotion_names == params.emotions.names


@pytest.mark.parametrize(
    ("decoder", "phase", "tracked"),
    [("istft", "joint", True), ("istft", "autoencoder", True), ("istft", "prior", False), ("hifigan", "joint", False)],
)
def test_pitch_is_tracked_where_a_pitched_decoder_learns(
    params: Params, corpus: Path, decoder: str, phase: str, tracked: bool
) -> None:
    model = params.model
    synthesizer = model.synthesizer.model_copy(update={"decoder": decoder})
    changed = params.model_copy(
        update={
            "audio": params.audio.model_copy(update={"sample_rate_hz": 16000}),
            "model": model.model_copy(update={"synthesizer": synthesizer}),
            "train": params.train.model_copy(update={"phase": phase}),
        }
    )
    clip = read_training_data(changed, corpus).clips(changed).training[0]
    assert (clip.pitch is not None) == tracked
