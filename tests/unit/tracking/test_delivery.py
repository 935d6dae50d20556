"""The delivery of a run's spool into a real store: once, in order, and what is refused stops nothing else."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import mlflow
import pytest

from emotts.errors import TrackingError
from emotts.tracking import Tracker, known_run, run_writer, runs_page, store_uri
from emotts.tracking.segment import segments
from emotts.tracking.spool import SpoolWriter

Point = tuple[int, float, int]


def client(root: Path) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(store_uri(root))


def history(root: Path, run_id: str, name: str = "loss") -> list[Point]:
    found = client(root).get_metric_history(run_id, name)
    return [(point.step, point.value, point.timestamp) for point in found]


def spool(root: Path, run_id: str) -> Path:
    return root / ".emotts/spool" / run_id


def refused(root: Path, run_id: str) -> list[dict[str, object]]:
    lines = (spool(root, run_id) / "refused.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_what_is_refused_stops_nothing_else(tracked: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Tracker(tracked, experiment="voices", name="one") as tracker:
        tracker.params({"train.steps": 6})
        tracker.flush()
        tracker.params({"train.steps": 7, "base": "none", "lo?g": 1})
        tracker.metrics({"loss": 0.5, "lo:ss?": 1.0, "nan": float("nan"), "infinite": float("inf")}, 1)
        tracker.metrics({"loss": 0.25}, 2)
        tracker.tags({"first": "1", "": "no name", "last": "2"})
    run = client(tracked).get_run(tracker.run_id)
    assert run.data.params == {"train.steps": "6", "base": "none"}, "the first value stays"
    assert [(step, value) for step, value, _ in history(tracked, tracker.run_id)] == [(1, 0.5), (2, 0.25)]
    assert {"nan", "infinite"} <= run.data.metrics.keys()
    assert (run.data.tags["first"], run.data.tags["last"]) == ("1", "2")
    assert run.info.status == "FINISHED"
    names = [(each["kind"], each["items"][0][0]) for each in refused(tracked, tracker.run_id)]  # type: ignore[index]
    assert names == [("params", "lo?g"), ("metrics", "lo:ss?"), ("tags", "")]
    said = caplog.messages
    assert len(said) == 3
    assert said[1].startswith(f"MLflow refuses metrics lo:ss? of run {tracker.run_id}: ")
    assert said[1].endswith(f"it is set aside in {spool(tracked, tracker.run_id) / 'refused.jsonl'}")
    assert not segments(spool(tracked, tracker.run_id))


def test_a_run_that_was_deleted_meanwhile(tracked: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Tracker(tracked, experiment="voices", name="one") as tracker:
        tracker.flush()
        client(tracked).delete_run(tracker.run_id)
        tracker.metrics({"loss": 0.5}, 1)
        (tracked / "happy.wav").write_bytes(b"RIFF")
        tracker.file(tracked / "happy.wav", "samples")
    assert [each["kind"] for each in refused(tracked, tracker.run_id)] == ["metrics", "files", "end"]
    kept = spool(tracked, tracker.run_id) / str(refused(tracked, tracker.run_id)[1]["files"])
    assert (kept / "happy.wav").read_bytes() == b"RIFF"
    assert [message.partition(";")[0] for message in caplog.messages] == [f"run {tracker.run_id} was deleted in MLflow"]


def test_a_delivery_that_was_not_noted_doubles_nothing(tracked: Path) -> None:
    tracker = Tracker(tracked, experiment="voices", name="one")
    reported = [(step, 0.5, tracker.metrics({"loss": 0.5}, step)) for step in range(3)]
    tracker.table([{"text": "네."}], "clips.json")
    tracker.checkpoint(2, tags={"voice": "ab"}, metrics={"loss": 0.5}, time_ms=reported[2][2])
    (segment,) = segments(spool(tracked, tracker.run_id))
    copies = tracked / "copies"
    shutil.copytree(segment.path, copies)
    assert tracker.flush() == 0
    tracker.tags({"begin": "another segment"})
    (segment,) = segments(spool(tracked, tracker.run_id))
    shutil.copytree(copies, segment.path.with_name("000002"), ignore=shutil.ignore_patterns("lock"))
    tracker.end()
    assert history(tracked, tracker.run_id) == reported
    run = client(tracked).get_run(tracker.run_id)
    assert run.data.tags["mlflow.loggedArtifacts"] == '[{"path": "clips.json", "type": "table"}]'
    (model,) = client(tracked).search_logged_models([tracker.experiment_id])
    assert [metric.value for metric in model.metrics or ()] == [0.5]
    assert not spool(tracked, tracker.run_id).exists()


def test_a_locked_database_holds_nothing_up(tracked: Path) -> None:
    with Tracker(tracked, experiment="voices", name="one") as tracker:
        tracker.flush()
        with closing(sqlite3.connect(tracked / "mlruns.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            reported = [(step, 0.5, tracker.metrics({"loss": 0.5}, step)) for step in range(500)]
            assert tracker.flush(0.3) == 500
            other.execute("ROLLBACK")
    assert history(tracked, tracker.run_id) == reported


def test_a_database_that_is_away_and_the_end(
    tracked: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(run_writer, "_END_S", 0.3)
    (tracked / "store").mkdir()
    (tracked / "mlruns.db").rename(tracked / "store/runs.db")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tracked}/store/runs.db")
    with Tracker(tracked, experiment="voices", name="one") as tracker:
        tracker.flush()
        with closing(sqlite3.connect(tracked / "store/runs.db")) as database:
            database.execute("ALTER TABLE runs RENAME TO hidden")
        reported = [(0, 0.5, tracker.metrics({"loss": 0.5}))]
    place = spool(tracked, tracker.run_id)
    assert caplog.messages[0].startswith(f"what run {tracker.run_id} reports waits in {place}, and is delivered later")
    assert caplog.messages[1].startswith(
        f"2 entries of run {tracker.run_id} could not be delivered and stay in {place}"
    )
    with pytest.raises(TrackingError, match=r"runs\.db: the tracking store fails[\s\S]*no such table: runs"):
        Tracker(tracked, experiment="voices", name="two")
    with closing(sqlite3.connect(tracked / "store/runs.db")) as database:
        database.execute("ALTER TABLE hidden RENAME TO runs")
    assert tracker.flush() == 0
    assert history(tracked, tracker.run_id) == reported


def test_what_a_killed_process_left(tracked: Path) -> None:
    run_id = Tracker(tracked, experiment="voices", name="dead").run_id
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        dead = SpoolWriter(spool(tracked, run_id), store="own", experiment_id="1")
        dead.write("metrics", values={"loss": 0.5}, step=3, time_ms=7)
        os.write(writing, b".")
        signal.pause()
    os.read(reading, 1)
    Tracker(tracked, experiment="voices", name="next").end()
    assert history(tracked, run_id) == [], "the process lives"
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    runs_page(tracked, experiment="voices", metrics=["rtf"])
    assert history(tracked, run_id) == [(3, 0.5, 7)]
    assert not (tracked / ".emotts/spool").exists()


def test_entries_for_another_store_wait(tracked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = SpoolWriter(spool(tracked, "ab"), store="http://me:***@host", experiment_id="1")
    elsewhere.write("metrics", values={"loss": 0.5}, step=3, time_ms=7)
    del elsewhere
    Tracker(tracked, experiment="voices", name="next").end()
    (segment,) = segments(spool(tracked, "ab"))
    assert segment.count() == 1


def test_a_known_run_is_written_without_asking(tracked: Path) -> None:
    with Tracker(tracked, experiment="voices", name="one") as tracker:
        tracker.flush()
    writer = known_run(tracked, tracker.run_id, experiment_id=tracker.experiment_id)
    writer.rename("another")
    writer.end(status="KILLED")
    info = client(tracked).get_run(tracker.run_id).info
    assert (info.run_name, info.status) == ("another", "KILLED")
