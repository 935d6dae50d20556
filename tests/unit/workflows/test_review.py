"""What the review page needs before it opens, and what it says where that is missing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from support.places import REPOSITORY
from support.review_pieces import TAKE, reject, spoken, take

from emotts.corpus.rows import Doubt, write_rows
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import ConfigError, CorpusError, EmottsError
from emotts.workflows.review import doubtful_texts, read_entries, review

HERE = {"host": "127.0.0.1", "language": "en", "ready": lambda: None}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project whose stage label has run."""
    shutil.copy(REPOSITORY / "params.yaml", tmp_path)
    write_rows(tmp_path / "data/raw/recordings.jsonl", [take()])
    folder = tmp_path / "data/labels/uncorrected"
    write_rows(folder / "utterances.jsonl", [spoken(5.0, 8.0, "둘"), spoken(9.0, 12.0, "셋")])
    write_rows(folder / "rejects.jsonl", [reject(1.0, 4.0)])
    return tmp_path


def test_the_rows_before_any_correction(root: Path) -> None:
    found = read_entries(root, emotions=EmotionSet())
    assert [(entry.start_s, entry.text, entry.problem) for entry in found] == [
        (5.0, "둘", None),
        (9.0, "셋", None),
        (1.0, None, "no transcript"),
    ]
    assert doubtful_texts(root) == {}
    write_rows(root / "data/labels/review.jsonl", [Doubt(TAKE, 5.0, 8.0, 0.2, None, 3, "둘", "두울", "take.wav")])
    assert doubtful_texts(root) == {(TAKE, 5000, 8000): 0.2}


def test_a_project_that_is_not_so_far(root: Path) -> None:
    shutil.rmtree(root / "data/labels")
    with pytest.raises(CorpusError, match=r"there is nothing to review yet\n  to do: run `dvc repro label` first"):
        review(root, port=1, **HERE)  # type: ignore[arg-type]


def test_labels_of_other_recordings(root: Path) -> None:
    write_rows(root / "data/raw/recordings.jsonl", [take("other.wav")])
    with pytest.raises(CorpusError, match=r"recording 'take.wav' is not among the recordings\n  to do: run `dvc repro"):
        read_entries(root, emotions=EmotionSet())


def test_a_machine_without_the_package(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nicegui", None)
    monkeypatch.delitem(sys.modules, "emotts.serving.review.server", raising=False)
    with pytest.raises(EmottsError) as caught:
        review(root, port=8090, **HERE)  # type: ignore[arg-type]
    assert str(caught.value).splitlines() == [
        "the package that shows pages is not installed",
        "  wanted: nicegui",
        "  to do: pip install 'emotts[web]'",
    ]
    assert not (root / "corrections.jsonl").exists()


def test_an_unknown_language_of_the_page(root: Path) -> None:
    with pytest.raises(ConfigError, match=r"the page is not in this language\n  found: fr\n  wanted: en or ko"):
        review(root, port=8090, **{**HERE, "language": "fr"})  # type: ignore[arg-type]
