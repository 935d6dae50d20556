"""What the reference speech is, said above every table that compares with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import CorpusError
from emotts.evaluation.reference import about_reference


def test_the_demo_says_that_its_reference_speech_is_synthetic() -> None:
    about = about_reference(REPOSITORY / "emotts/demo/recording")
    assert about is not None
    assert about.startswith("The reference speech is itself synthetic")


def test_most_recordings_say_nothing(tmp_path: Path) -> None:
    assert about_reference(tmp_path) is None
    assert about_reference(tmp_path / "recording.wav") is None


def test_line_breaks_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "reference.json").write_text(json.dumps({"about": "Read by\n an actor. "}), encoding="utf-8")
    assert about_reference(tmp_path) == "Read by an actor."


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"about": 3}', "about: yes"])
def test_a_file_that_says_something_else(tmp_path: Path, content: str) -> None:
    (tmp_path / "reference.json").write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"reference.json: does not say what the reference speech is"):
        about_reference(tmp_path)
