"""The label stage where a take does not fit, is not understood, or is not heard: what is used and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.aligned_takes import Project, read
from support.tone_speech import LINES

from emotts.errors import CorpusError, TextError
from emotts.text.frontend import FrontEnd


@pytest.fixture
def project(tmp_path: Path, korean: FrontEnd) -> Project:
    return Project(tmp_path, korean)


def test_a_wrong_script_rejects_its_own_take(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    project.take(*read(*range(5)), script=LINES[:5])
    project.take(*read(5, 6, 7), script=LINES[:2], name="take2")
    summary = project.run()
    assert [row.recording.split("/")[-1] for row in project.utterances] == ["take1.wav"] * 5
    assert summary.reasons == {"the script does not fit its recording": 3}
    assert [heard for _, _, heard in project.rejects] == list(LINES[5:8])
    assert "0 of 10 s of speech sound like its lines; nothing of it is used" in caplog.text


def test_without_the_recogniser_the_stage_stops_and_says_what_to_install(project: Project) -> None:
    project.take(*read(*range(5)), script=LINES[:5])
    with pytest.raises(CorpusError, match=r"cut in two[\s\S]*to do: install the recogniser.*emotts\[asr\]"):
        project.run(recogniser=False)


def test_what_fits_one_to_one_is_not_heard(project: Project) -> None:
    project.take(*read(*range(5), pause=1.5), script=LINES[:5])
    project.run()
    assert project.recogniser.n_listened == 0
    assert [(row.folder, row.confidence, row.line) for row in project.utterances] == [
        ("segments", None, line) for line in range(1, 6)
    ]
    keys = json.loads((project.labels / "utterances.jsonl").read_text(encoding="utf-8").splitlines()[0]).keys()
    assert list(keys)[-2:] == ["emotion_source", "line"]


def test_what_was_heard_is_kept(project: Project) -> None:
    project.take(*read(*range(5)), script=LINES[:5])
    project.run()
    first = project.utterances
    heard = project.recogniser.n_listened
    assert heard == 10  # every piece, and every reading for the scores of its texts
    (file,) = project.kept.iterdir()
    assert file.name.endswith("-tones-2.jsonl")
    project.run()
    assert (project.utterances, project.recogniser.n_listened) == (first, heard)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) - 20])  # killed while it wrote
    project.run()
    assert (project.utterances, project.recogniser.n_listened) == (first, heard + 1)


def test_wavs_of_an_earlier_pass_are_removed(project: Project) -> None:
    project.take(*read(*range(6)), script=LINES[:6])
    project.run()
    (project.source / "happy/take1.txt").write_text("\n".join(LINES[:3]), encoding="utf-8")
    project.run()
    assert sorted(path.name for path in project.labels.glob("*/*.wav")) == [
        f"happy_take1_{number:04d}.wav" for number in (1, 2, 3)
    ]


def test_a_line_that_cannot_be_read(project: Project) -> None:
    project.take(*read(*range(3)), script=[LINES[0], "…", LINES[2], LINES[1]])
    with pytest.raises(TextError, match=r"take1.txt:2: line of the script cannot be read"):
        project.run()


def test_a_take_without_a_script(project: Project) -> None:
    project.take(*read(0, 1, 2, 3, pause=1.5), script=None)
    with pytest.raises(CorpusError, match=r"no transcript: 4\n[\s\S]*label.recognise: true writes down what is said"):
        project.run()
    assert project.recogniser.n_listened == 0
    project.run(recognise=True)
    assert [(row.text, row.text_source, row.folder) for row in project.utterances] == [
        (text, "recogniser", "segments") for text in LINES[:4]
    ]
    assert {row.confidence for row in project.utterances} == {0.667}
    (path,) = project.labels.rglob("*.recognised.txt")
    assert path.name == "take1.recognised.txt"
    assert path.read_text(encoding="utf-8").splitlines() == list(LINES[:4])


def test_a_take_that_is_not_understood(project: Project) -> None:
    project.recogniser.log_probability = -0.3
    project.take(*read(0, 1, 2, 3, pause=1.5), script=None)
    project.take(*read(*range(4, 8)), script=LINES[4:8], name="take2")
    project.run(recognise=True)
    assert {row.text for row in project.utterances} == set(LINES[4:8])
    assert project.rejects == [("recognised with too little confidence", None, text) for text in LINES[:4]]


def test_less_than_half_understood_is_nothing_understood(project: Project) -> None:
    project.recogniser.told = {0: "", 1: "Жук", 2: "|"}
    project.take(*read(0, 1, 2, 3, pause=1.5), script=None)
    project.take(*read(*range(4, 8)), script=LINES[4:8], name="take2")
    project.run(recognise=True)
    assert {row.text for row in project.utterances} == set(LINES[4:8])
    assert [reason for reason, _, _ in project.rejects] == [
        "no transcript",
        "unusable transcript",
        "unusable transcript",
        "too little of the take is recognised with confidence",
    ]


def test_a_loop_of_the_recogniser_is_no_text(project: Project) -> None:
    looped = " ".join([LINES[0]] * 4)
    project.recogniser.told = {0: looped}
    project.take(*read(0, 1, 2, 3, pause=1.5), script=None)
    project.run(recognise=True)
    assert [row.text for row in project.utterances] == list(LINES[1:4])
    assert project.rejects == [("recognised with too little confidence", None, looped)]
    (row,) = (project.labels / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(row)["detail"].endswith(" s: the recogniser repeats itself")
