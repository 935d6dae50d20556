"""The spool of a run on disk: what is written is there after any death, in order, and goes when it was delivered."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from emotts.errors import TrackingError
from emotts.tracking.batches import Batch, batches
from emotts.tracking.refusals import Refusals
from emotts.tracking.segment import Entry, Segment, segments
from emotts.tracking.spool import SpoolWriter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".emotts/spool/abc"


def writer_of(folder: Path) -> SpoolWriter:
    return SpoolWriter(folder, store="own", experiment_id="7")


def steps(segment: Segment) -> list[int]:
    return [entry.content["step"] for entry in segment.entries()]


def test_entries_in_order_and_what_was_delivered(folder: Path) -> None:
    writer = writer_of(folder)
    assert not folder.exists(), "nothing is made before there is something"
    for step in range(3):
        writer.write("metrics", step=step, note="네\n", value=float("nan") if step else 0.5)
    (segment,) = segments(folder)
    assert segment.header() == {"kind": "begin", "store": "own", "experiment_id": "7"}
    first, second, third = segment.entries()
    assert (first.kind, first.content["value"], second.content["note"]) == ("metrics", 0.5, "네\n")
    assert (writer.waits, writer.count()) == (True, 3)
    segment.advance(first.end)
    assert steps(segment) == [1, 2]
    writer.tidy()
    assert steps(segment) == [1, 2], "it is not delivered yet"
    segment.advance(third.end)
    assert (writer.waits, writer.count()) == (False, 0)
    writer.tidy()
    assert not (folder.parents[1]).exists(), "nothing is left"
    writer.write("metrics", step=3)
    assert [steps(each) for each in segments(folder)] == [[3]]


def test_writers_take_turns(folder: Path) -> None:
    writers = [writer_of(folder) for _ in range(3)]
    for step, writer in enumerate(writers):
        writer.write("metrics", step=step)
    assert [steps(segment) for segment in segments(folder)] == [[0], [1], [2]]
    assert [segment.is_left() for segment in segments(folder)] == [False, False, False]


def test_a_spool_that_somebody_removes(folder: Path) -> None:
    writer = writer_of(folder)
    writer.write("metrics", step=0)
    shutil.rmtree(folder.parents[1])
    assert (writer.waits, writer.count()) == (False, 0)
    writer.write("metrics", step=1)
    assert [steps(segment) for segment in segments(folder)] == [[1]]
    assert writer.waits


def test_half_a_line_and_a_lost_position(folder: Path) -> None:
    writer = writer_of(folder)
    for step in range(2):
        writer.write("metrics", step=step)
    (segment,) = segments(folder)
    file = segment.path / "entries"
    whole = file.read_bytes()
    file.write_bytes(whole[:-7])
    assert steps(segment) == [0], "the last line is not whole"
    file.write_bytes(whole + b'{"kind": "metrics", "st\n[1]\n\x00\x00\n' + whole.splitlines(keepends=True)[-1])
    assert steps(segment) == [0, 1, 1], "what cannot be read is left out"
    segment.advance(next(segment.entries()).end)
    (segment.path / "delivered").write_bytes(b"")
    assert steps(segment) == [0, 1, 1], "all is delivered once more"


def test_copies_of_files(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "happy.wav"
    source.write_bytes(b"RIFF")
    writer = writer_of(folder)
    writer.write_files("files", lambda copy: shutil.copy2(source, copy), folder="samples")
    source.write_bytes(b"another")
    with pytest.raises(FileNotFoundError):
        writer.write_files("files", lambda copy: shutil.copy2(tmp_path / "none", copy), folder="samples")
    (segment,) = segments(folder)
    (entry,) = segment.entries()
    assert (entry.content["copy"], entry.content["folder"]) == ("000001", "samples")
    assert [path.name for path in segment.files.iterdir()] == ["000001"]
    assert (segment.files / "000001/happy.wav").read_bytes() == b"RIFF"
    segment.remove_copies([entry])
    assert not list(segment.files.iterdir())


@pytest.mark.parametrize("moment", range(5))
def test_nothing_is_lost_by_sigkill(folder: Path, moment: int) -> None:
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        writer = writer_of(folder)
        for step in range(1_000_000):
            writer.write("metrics", step=step, values={f"train/loss/{number}": 0.25 for number in range(15)})
            os.write(writing, step.to_bytes(4, "big"))
    os.close(writing)
    time.sleep(0.005 + 0.003 * moment)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    returned = 0
    while told := os.read(reading, 1 << 16):
        returned += len(told) // 4
    os.close(reading)
    found = [step for segment in segments(folder) for step in steps(segment)]
    assert found == list(range(len(found)))
    assert len(found) >= returned
    for segment in segments(folder):
        assert segment.is_left()
        segment.remove_if_left()
        assert bool(found) is segment.path.exists(), "only what was delivered is removed"


def fill(writer: SpoolWriter) -> None:
    for step in range(1000):
        writer.write("metrics", step=step, padding="." * 700)


def test_a_full_disk_is_an_error_and_leaves_whole_lines(tiny_disk: Path, tmp_path: Path) -> None:
    folder = tiny_disk / ".emotts/spool/abc"
    writer = writer_of(folder)
    said = "a report of the run cannot be kept on disk\n  found: No space left on device\n  to do: free some space"
    with pytest.raises(TrackingError, match=said) as error:
        fill(writer)
    assert str(error.value).startswith(f"{folder}: ")
    (segment,) = segments(folder)
    written = steps(segment)
    assert written == list(range(len(written)))
    assert (segment.path / "entries").read_bytes().endswith(b"}\n")
    with pytest.raises(TrackingError, match=said):
        writer.write_files("files", lambda copy: (copy / "large").write_bytes(bytes(100_000)), folder=None)
    assert list(segment.files.glob("*")) == []
    assert steps(segment) == written
    (tmp_path / "large").mkdir()
    (tmp_path / "large/file").write_bytes(bytes(100_000))
    with pytest.raises(TrackingError, match=said):
        writer.write_files("files", lambda copy: shutil.copytree(tmp_path / "large", copy, dirs_exist_ok=True))


def test_what_is_refused_is_set_aside_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    writer = writer_of(folder)
    writer.write_files("files", lambda copy: (copy / "happy.wav").write_bytes(b"RIFF"), folder="samples")
    (segment,) = segments(folder)
    (batch,) = batches(segment.entries())
    refusals = Refusals(folder)
    for _ in range(2):
        refusals.add(batch, segment, reason="a name that is too long")
    lines = (folder / "refused.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "kind": "files",
            "items": [{"kind": "files", "copy": "000001", "folder": "samples"}],
            "reason": "a name that is too long",
            "files": "refused/000001-000001",
        }
    ]
    assert (folder / "refused/000001-000001/happy.wav").read_bytes() == b"RIFF"
    (said,) = caplog.messages
    assert said.startswith("MLflow refuses files of run abc: a name that is too long")


def entry(kind: str, end: int, **content: object) -> Entry:
    return Entry(kind, content, end)


def test_neighbours_go_together() -> None:
    given = [
        entry("metrics", 1, values={"a": 1.0, "b": 2.0}, step=3, time_ms=5),
        entry("metrics", 2, values={"a": 1.5}, step=4, time_ms=6),
        entry("tags", 3, values={"x": "y"}),
        entry("end", 4, status="FINISHED"),
        entry("end", 5, status="KILLED"),
        entry("metrics", 6, values={}, step=5, time_ms=7),
    ]
    assert list(batches(given)) == [
        Batch("metrics", (("a", 1.0, 5, 3), ("b", 2.0, 5, 3), ("a", 1.5, 6, 4)), 2),
        Batch("tags", (("x", "y"),), 3),
        Batch("end", ({"status": "FINISHED"},), 4),
        Batch("end", ({"status": "KILLED"},), 5),
    ]


def test_a_large_entry_goes_in_parts() -> None:
    given = [entry("params", 9, values={f"{number}": "1" for number in range(250)})]
    found = list(batches(given))
    assert [(len(batch.items), batch.end) for batch in found] == [(100, None), (100, None), (50, 9)]
    first, second = found[2].halves()
    assert (len(first.items), first.end, len(second.items), second.end) == (25, None, 25, 9)
    assert json.dumps(first.items[0]) == '["200", "1"]'
