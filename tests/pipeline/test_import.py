"""Clips of another program with a table: from ``emotts import`` to the corpus."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from support.lines import rows
from support.places import REPOSITORY
from support.prepared import copy_project
from support.project import Project

from emotts.corpus.lists import read_metadata

pytestmark = pytest.mark.slow
PER_EMOTION = 3


def write_clips(folder: Path) -> list[dict[str, str]]:
    """Write clips of the demo recording and a table of them; return its rows."""
    folder.mkdir()
    table: list[dict[str, str]] = []
    for take in sorted((REPOSITORY / "emotts/demo/recording").rglob("*.flac"))[:2]:
        samples, rate = soundfile.read(take, dtype="int16")
        labels = take.with_name(f"{take.stem}.labels.txt").read_text(encoding="utf-8").splitlines()[:PER_EMOTION]
        for number, line in enumerate(labels):
            start, end, text = line.split("\t")
            name = f"{len(table):03}.wav"
            soundfile.write(folder / name, samples[round(float(start) * rate) : round(float(end) * rate)], rate)
            mood = take.parent.parent.name
            table.append({"wav": name, "sentence": text, "mood": mood, "how": "strong" if number == 0 else ""})
    with (folder / "clips.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["wav", "sentence", "mood", "how"])
        writer.writeheader()
        writer.writerows([*table, {"wav": "gone.wav", "sentence": "x", "mood": "기쁨", "how": ""}])
    return table


@pytest.fixture
def project(bare: Project, tmp_path: Path) -> Project:
    return copy_project(bare, tmp_path / "project")


def test_clips_of_another_program_become_a_corpus(project: Project) -> None:
    table = write_clips(project.folder / "clips")
    columns = ("--column", "emotion=mood", "--column", "intensity=how")
    done = project.emotts("import", "clips", *columns, "--speaker", "nezumi", "--yes")
    assert done.returncode == 0, done.stdout
    assert "files      6 taken in, 1 passed over" in done.stdout
    assert "row names no sound file of the source ('gone.wav'): clips/clips.csv:8" in done.stdout
    assert "written into params.yaml" in done.stdout
    project.set({"corpus.max_reject_fraction": 1.0})
    for stage in ("recording", "segment", "label", "corpus"):
        done = project.stage(stage)
        assert done.returncode == 0, done.stdout
    utterances = rows(project.folder / "data/labels/utterances.jsonl")
    assert [(row["text"], row["text_source"], row["intensity"]) for row in utterances] == [
        (row["sentence"], "given", 1.5 if row["how"] else 1.0) for row in table
    ]
    (reject,) = rows(project.folder / "data/raw/rejects.jsonl")
    assert (reject["recording"], reject["reason"]) == ("clips.csv:8", "row names no sound file of the source")
    assert len(read_metadata(project.folder / "data/corpus/metadata.list")) == 2 * PER_EMOTION


def test_import_asks_and_writes_nothing_where_nobody_answers(project: Project) -> None:
    write_clips(project.folder / "clips")
    before = (project.folder / "params.yaml").read_bytes()
    done = project.emotts("import", "clips", "--column", "emotion=mood")
    assert done.returncode == 1
    assert "files      6 taken in" in done.stdout
    assert "emotts: nobody is there to ask" in done.stdout
    assert (project.folder / "params.yaml").read_bytes() == before


@pytest.mark.parametrize(("answer", "is_written"), [("y", True), ("n", False)])
def test_import_writes_what_is_agreed_to(project: Project, answer: str, is_written: bool) -> None:
    write_clips(project.folder / "clips")
    before = (project.folder / "params.yaml").read_bytes()
    ours, theirs = os.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "emotts.cli", "import", "clips", "--column", "emotion=mood"],
        cwd=project.folder,
        env={**project.environment, "PYTHONPATH": str(REPOSITORY)},
        stdin=theirs,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Is that right? It is written into params.yaml [Y/n]" in done.stdout
    assert ("written into params.yaml; go on" in done.stdout) is is_written
    assert ((project.folder / "params.yaml").read_bytes() != before) is is_written
    for end in (ours, theirs):
        os.close(end)


def test_import_names_what_is_wrong_with_its_options(project: Project) -> None:
    write_clips(project.folder / "clips")
    for options, message in (
        (("--column", "mood"), "emotts: column cannot be read\n  found: 'mood'"),
        (("--layout", "klips"), "emotts: unknown layout 'klips'"),
        (("--layout", "jvnv"), "emotts: clips: the table of layout 'jvnv' is missing"),
    ):
        done = project.emotts("import", "clips", *options)
        assert (done.returncode, message in done.stdout) == (1, True), done.stdout
