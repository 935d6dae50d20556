"""What a corpus is, in a few numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.places import REPOSITORY
from support.small_corpus import write_small_corpus

from emotts.corpus.identity import corpus_digest, corpus_metrics, corpus_speakers
from emotts.errors import CorpusError
from emotts.settings import Params, load_params

PROJECT = REPOSITORY / "params.yaml"


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of four utterances with a real text each; the wavs last 1, 2, 3 and 4 s."""
    write_small_corpus(tmp_path)
    return tmp_path


def test_counts_and_seconds_of_a_corpus(corpus: Path) -> None:
    metrics = corpus_metrics(corpus)
    assert metrics["corpus.train.clips"] == 2
    assert metrics["corpus.train.seconds"] == 3.0
    assert metrics["corpus.train.happy.seconds"] == 2.0
    assert metrics["corpus.test.happy.clips"] == 1
    assert "corpus.val.happy.clips" not in metrics


def test_the_digest_sees_every_byte_and_name(corpus: Path) -> None:
    digest = corpus_digest(corpus)
    assert digest == corpus_digest(corpus)
    (corpus / "wavs/val_0.wav").rename(corpus / "wavs/val_1.wav")
    assert corpus_digest(corpus) != digest


def test_a_damaged_configuration(corpus: Path) -> None:
    assert corpus_speakers(corpus) == {"yuna": 0}
    (corpus / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"config.json: not a corpus's configuration[\s\S]*dvc repro corpus"):
        corpus_speakers(corpus)
