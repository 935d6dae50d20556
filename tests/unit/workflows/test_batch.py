"""Batches: rows of a table, their files and manifest, going on after an end of any kind."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import soundfile
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts.audio.io import encode_wav
from emotts.checkpoint.delivery import DeliveryOptions
from emotts.errors import ConfigError, EmottsError
from emotts.files import locked
from emotts.voice import Voice
from emotts.workflows.batch import BatchOutcome, speak_batch
from emotts.workflows.batch_rows import BatchRow, read_batch


@pytest.fixture(scope="module")
def voice() -> Voice:
    return Voice(make_synthesizer(), DESCRIPTION)


def table(folder: Path, content: str, name: str = "lines.csv") -> list[BatchRow]:
    (folder / name).write_text(content, encoding="utf-8")
    return read_batch(folder / name, ending="wav", options=DeliveryOptions(speed=2.0))


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]


def problem(row: BatchRow) -> str:
    assert isinstance(row.problem, EmottsError)
    return str(row.problem)


ROWS = "text,name,emotion,seed,speed,_id\n[sad] 네.,인사,,,,7\n그래요.,b/c.flac,happy:0.5+sad:0.5,3,0.5,\n"


def test_every_row_becomes_a_file_and_a_line(voice: Voice, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert speak_batch(voice, table(tmp_path, ROWS), out) == BatchOutcome(2, 0, ())
    expected = voice.speak("네.", emotion="sad", speed=2.0)
    content = (out / "인사.wav").read_bytes()
    assert content == encode_wav(expected.samples, sample_rate_hz=16_000)
    first, second = manifest(out)
    assert first.pop("key") != second.pop("key")
    assert first == {
        "row": 1,
        "file": "인사.wav",
        "text": "[sad] 네.",
        "_id": "7",
        "reading": "네.",
        "emotion": "neutral",
        "seed": 0,
        "seconds": round(expected.duration_s, 3),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert (second["emotion"], second["seed"]) == ("happy:0.5+sad:0.5", 3)
    spoken = voice.speak("그래요.", emotion="happy:0.5+sad:0.5", seed=3, speed=0.5)
    assert soundfile.info(out / "b/c.flac").frames == len(spoken.samples)


def test_json_lines_say_the_same(voice: Voice, tmp_path: Path) -> None:
    lines = '{"text": "네.", "File": "a", "speed": 1, "emotion": null, "_own": [1]}\n\n{"text": "\\ud800 네."}\n'
    rows = table(tmp_path, lines, "lines.jsonl")
    assert [(row.file, row.options, dict(row.own)) for row in rows] == [
        ("a.wav", {"speed": 1.0}, {"_own": [1]}),
        ("0002.wav", {"speed": 2.0}, {}),
    ]
    outcome = speak_batch(voice, rows, tmp_path / "out")
    assert outcome.n_spoken + len(outcome.problems) == 2
    assert manifest(tmp_path / "out")[1]["text"] == "\ud800 네."


def test_what_is_finished_and_unchanged_is_not_spoken_again(voice: Voice, tmp_path: Path) -> None:
    out = tmp_path / "out"
    speak_batch(voice, table(tmp_path, ROWS), out)
    before = manifest(out)
    written = (out / "인사.wav").stat().st_mtime_ns
    assert speak_batch(voice, table(tmp_path, ROWS), out) == BatchOutcome(0, 2, ())
    assert manifest(out) == before
    assert (out / "인사.wav").stat().st_mtime_ns == written
    changed = table(tmp_path, ROWS.replace("그래요.", "아니요."))
    assert speak_batch(voice, changed, out) == BatchOutcome(1, 1, ())
    other = Voice(make_synthesizer(), DESCRIPTION.with_styles({"merry": "happy"}))
    assert speak_batch(other, changed, out) == BatchOutcome(2, 0, ())
    (out / "인사.wav").unlink()
    assert speak_batch(other, changed, out) == BatchOutcome(1, 1, ())


@pytest.mark.parametrize("file_is_there", [True, False])
def test_an_interrupted_batch_goes_on(voice: Voice, tmp_path: Path, file_is_there: bool) -> None:
    """The process ended behind a row's line, before or after its file was there, and inside the next line."""
    out = tmp_path / "out"
    speak_batch(voice, table(tmp_path, ROWS), out)
    expected = manifest(out)
    first = (out / "manifest.jsonl").read_text(encoding="utf-8").split("\n")[0]
    (out / "manifest.jsonl").write_text(f'{first}\n{{"row": 2, "fi', encoding="utf-8")
    (out / "b/c.flac").unlink()
    if not file_is_there:
        (out / "인사.wav").unlink()
    n_kept = int(file_is_there)
    assert speak_batch(voice, table(tmp_path, ROWS), out) == BatchOutcome(2 - n_kept, n_kept, ())
    assert manifest(out) == expected


def test_files_of_others_stay_unless_forced(voice: Voice, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "인사.wav").write_bytes(b"mine")
    rows = table(tmp_path, ROWS)
    outcome = speak_batch(voice, rows, out)
    assert (outcome.n_spoken, outcome.n_kept) == (1, 0)
    assert "인사.wav: a file that no batch wrote so is there" in outcome.problems[0]
    assert "--force" in outcome.problems[0]
    assert (out / "인사.wav").read_bytes() == b"mine"
    assert speak_batch(voice, rows, out, force=True) == BatchOutcome(1, 1, ())
    (out / "인사.wav").write_bytes(b"changed later")
    assert len(speak_batch(voice, rows, out).problems) == 1
    (out / "manifest.jsonl").write_text("my notes\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"manifest\.jsonl:1: that is no manifest of a batch\n  found: my notes"):
        speak_batch(voice, rows, out)


def test_a_row_that_fails_stops_no_other_and_is_spoken_when_it_is_right(voice: Voice, tmp_path: Path) -> None:
    out = tmp_path / "out"
    speak_batch(voice, table(tmp_path, ROWS), out)
    outcome = speak_batch(voice, table(tmp_path, ROWS.replace("[sad]", "[sadd]")), out)
    assert (outcome.n_spoken, outcome.n_kept) == (0, 1)
    [told] = outcome.problems
    assert told.startswith(f"{tmp_path / 'lines.csv'}:2: line 1, column 1: unknown emotion 'sadd'")
    assert manifest(out)[0]["error"] == told
    assert speak_batch(voice, table(tmp_path, ROWS), out) == BatchOutcome(0, 2, ())


def test_no_name_leads_out_of_the_folder(voice: Voice, tmp_path: Path) -> None:
    names = ("../a", "/a", "a/../../b", "a//b", "C:\\a", ".a", "a/.b/c", " ", "a\x00", "가" * 60)
    lines = "".join(json.dumps({"text": "네.", "name": name}) + "\n" for name in names)
    rows = table(tmp_path, lines, "lines.jsonl")
    found = [row.problem is not None for row in rows]
    assert found == [True] * 7 + [False] + [True] * 2, "a name of spaces is none"
    assert problem(rows[0]).startswith(f"{tmp_path / 'lines.jsonl'}:1: name cannot be used\n  found: '../a'")
    out = tmp_path / "out"
    out.mkdir()
    (out / "link").symlink_to(tmp_path)
    [told] = speak_batch(voice, table(tmp_path, "text,name\n네.,link/a\n"), out).problems
    assert "name leads out of the folder" in told
    assert not (tmp_path / "a.wav").exists()


def test_rows_that_cannot_be_used(tmp_path: Path) -> None:
    rows = table(tmp_path, "text,name,seed,speed\n네.,A,,\n네.,a.wav,,\n네.,,1.5,\n네.,,,fast\n네.,,,9\n네.\n")
    assert rows[0].problem is None
    assert "another row has the same name\n  found: a.wav\n  wanted: a name other than that of" in problem(rows[1])
    assert "seed cannot be used\n  found: '1.5'\n  wanted: a whole number" in problem(rows[2])
    assert "lines.csv:5: speed cannot be used\n  found: 'fast'\n  wanted: a number" in problem(rows[3])
    assert "speed 9.0 cannot be used\n  wanted: a number from 0.25 to 4" in problem(rows[4])
    assert "row has another number of fields\n  found: 1\n  wanted: 4" in problem(rows[5])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,emotoin\n네.,sad\n", r"lines\.csv:1: unknown column 'emotoin'[\s\S]*did you mean 'emotion'\?"),
        ("text,comment\n네.,x\n", r"unknown column 'comment'[\s\S]*Begin the name of a column of your own with _"),
        ("name\na\n", "there is no column for the text\n  found: name"),
        ("text,file,name\n네.,a,b\n", "column 'name' is there twice"),
        ("text\n", "the table has no rows"),
        ("", "there is no column for the text"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        table(tmp_path, content)


def test_two_batches_do_not_write_into_one_folder(voice: Voice, tmp_path: Path) -> None:
    with locked(tmp_path / ".batch.lock"), pytest.raises(ConfigError, match="another process writes a batch there"):
        speak_batch(voice, table(tmp_path, ROWS), tmp_path)
