"""A training's reports while its tracking server dies, hangs, answers nonsense or loses answers: all arrive, once."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from support.faulty_proxy import ANSWERS, FaultyProxy, faulty_proxy
from support.tracking_server import TrackingServer, tracking_server

from emotts.errors import ConfigError, TrackingError
from emotts.tracking import Tracker, retries, run_writer
from emotts.tracking.runs import read_run

pytestmark = pytest.mark.slow
Point = tuple[int, float, int]
"""Step, value, and time in milliseconds."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Iterator[TrackingServer]:
    with tracking_server(tmp_path_factory.mktemp("server"), empty_store) as running:
        yield running


@pytest.fixture(scope="module")
def front(server: TrackingServer) -> Iterator[FaultyProxy]:
    with faulty_proxy(server.address) as running:
        yield running


@pytest.fixture(autouse=True)
def single_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")


@pytest.fixture
def proxy(front: FaultyProxy, monkeypatch: pytest.MonkeyPatch) -> FaultyProxy:
    """Return the proxy without a fault; the environment names it as the store."""
    front.fault, front.broken, front.knows_version = "none", "", True
    monkeypatch.setenv("MLFLOW_TRACKING_URI", front.address)
    return front


def train(tracker: Tracker, steps: range) -> list[Point]:
    """Report as a training does; return what was reported of ``train/loss/0``."""
    return [
        (step, step + 0.25, tracker.metrics({f"train/loss/{number}": step + 0.25 for number in range(15)}, step))
        for step in steps
    ]


def history(server: TrackingServer, run_id: str, name: str = "train/loss/0") -> list[Point]:
    found = mlflow.MlflowClient(server.address).get_metric_history(run_id, name)
    return [(point.step, point.value, point.timestamp) for point in found]


def test_a_training_outlives_the_servers_death(
    server: TrackingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "emotts")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.address)
    with Tracker(tmp_path, experiment="voices", name="killed") as tracker:
        reported = train(tracker, range(20))
        server.kill()
        reported += train(tracker, range(20, 400))
        (tmp_path / "sample.wav").write_bytes(b"RIFF")
        tracker.file(tmp_path / "sample.wav", "samples")
        (tmp_path / "sample.wav").write_bytes(b"changed later")
        tracker.checkpoint(399, tags={"checkpoint": "here"}, metrics={"train/loss/0": 399.25}, time_ms=reported[-1][2])
        assert tracker.flush(0.5) > 380
        with pytest.raises(ConfigError, match="the tracking server does not answer"):
            Tracker(tmp_path, experiment="voices", name="another")
        server.start()
        reported += train(tracker, range(400, 420))
    assert history(server, tracker.run_id) == reported
    assert history(server, tracker.run_id, "train/loss/14") == reported
    client = mlflow.MlflowClient(server.address)
    assert client.get_run(tracker.run_id).info.status == "FINISHED"
    sample = client.download_artifacts(tracker.run_id, "samples/sample.wav", str(tmp_path))
    assert Path(sample).read_bytes() == b"RIFF"
    (model,) = client.search_logged_models([tracker.experiment_id], f"source_run_id = '{tracker.run_id}'")
    assert (model.params, str(model.status)) == ({"step": "399"}, "READY")
    assert [metric.value for metric in model.metrics or ()] == [399.25]
    said = [message.partition(":")[0] for message in caplog.messages if "tracker" not in message]
    assert sum(message.startswith(f"what run {tracker.run_id} reports waits in") for message in said) == 1
    assert sum(message.startswith("the tracking store answers again") for message in said) == 1
    assert not (tmp_path / ".emotts").exists()


@pytest.mark.parametrize("knows_version", [True, False])
def test_nonsense_in_place_of_the_server(
    server: TrackingServer,
    proxy: FaultyProxy,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    knows_version: bool,
) -> None:
    with Tracker(tmp_path, experiment="voices", name="nonsense") as tracker:
        reported = train(tracker, range(3))
        tracker.flush()
        proxy.knows_version = knows_version
        faults = [*ANSWERS, "closed", "silent"] if knows_version else ["page", "closed"]
        for number, fault in enumerate(faults):
            proxy.fault, before = fault, proxy.requests
            reported += train(tracker, range(3 + number, 4 + number))
            assert tracker.flush(0.5) == number + 1, fault
            assert proxy.requests > before
        proxy.fault = "none"
        assert tracker.flush() == 0
    assert history(server, tracker.run_id) == reported
    said = "\n".join(caplog.messages)
    assert said.count(f"what run {tracker.run_id} reports waits in") == 1
    assert "refuse" not in said
    assert "s3cret" not in said
    assert "s3cret" not in "".join(path.read_text() for path in tmp_path.rglob("entries"))


def test_lost_and_late_answers_double_nothing(server: TrackingServer, proxy: FaultyProxy, tmp_path: Path) -> None:
    with Tracker(tmp_path, experiment="voices", name="lost") as tracker:
        for number, fault in enumerate(("lost", "slow")):
            proxy.fault = fault
            reported = train(tracker, range(10 * number, 10 * number + 10))
            tracker.params({"train.steps": 6})
            tracker.dataset(tmp_path / "corpus", name="nezumi", digest="1234", profile={})
            (tmp_path / "report.json").write_text(f"{number}", encoding="utf-8")
            tracker.file(tmp_path / "report.json")
            tracker.table([{"text": "네."}], "clips.json")
            step, value, time_ms = reported[0]
            tracker.checkpoint(step, tags={}, metrics={"train/loss/0": value}, time_ms=time_ms)
            tracker.flush(1.0 if fault == "lost" else 15.0)
            proxy.fault = "none"
            tracker.flush()
            assert history(server, tracker.run_id)[-10:] == reported
    assert len(history(server, tracker.run_id)) == 20
    client = mlflow.MlflowClient(server.address)
    tracked = read_run(tmp_path, tracker.run_id)
    assert tracked is not None
    assert tracked.data == {"nezumi": "1234"}
    assert tracked.tags["mlflow.loggedArtifacts"] == '[{"path": "clips.json", "type": "table"}]'
    assert sorted(item.path for item in client.list_artifacts(tracker.run_id)) == ["clips.json", "report.json"]
    models = client.search_logged_models([tracker.experiment_id], f"source_run_id = '{tracker.run_id}'")
    assert sorted(model.params["step"] for model in models) == ["0", "10"]


def report_until_killed(folder: Path, orders: int, answers: int) -> None:
    """Open a run and say its id; on the next order report, and say when that is done."""
    tracker = Tracker(folder, experiment="voices", name="dead")
    tracker.flush()
    os.write(answers, tracker.run_id.encode())
    os.read(orders, 1)
    points = train(tracker, range(5))
    (folder / "sample.wav").write_bytes(b"RIFF")
    tracker.file(folder / "sample.wav", "samples")
    os.write(answers, json.dumps(points).encode())
    time.sleep(60)


def test_the_next_tracker_delivers_what_a_killed_process_left(
    server: TrackingServer, proxy: FaultyProxy, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (reading, writing), (orders, ordering) = os.pipe(), os.pipe()
    process = os.fork()
    if process == 0:
        report_until_killed(tmp_path, orders, writing)
        os._exit(1)
    run_id = os.read(reading, 100).decode()
    proxy.fault = "closed"
    os.write(ordering, b".")
    reported = [tuple(point) for point in json.loads(os.read(reading, 10_000))]
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    assert history(server, run_id) == []
    proxy.fault = "none"
    caplog.set_level(logging.INFO, "emotts")
    with Tracker(tmp_path, experiment="voices", name="next"):
        assert history(server, run_id) == reported
    assert f"6 entries that an earlier process left of run {run_id} were delivered" in caplog.messages
    client = mlflow.MlflowClient(server.address)
    assert client.get_run(run_id).info.status == "KILLED"
    assert [item.path for item in client.list_artifacts(run_id, "samples")] == ["samples/sample.wav"]
    assert not (tmp_path / ".emotts").exists()


def test_an_upload_that_the_server_never_takes_stops_nothing_else(
    server: TrackingServer,
    proxy: FaultyProxy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(retries, "_MOST_TRIES", 3)
    monkeypatch.setattr(retries, "_LEAST_S", 0.1)
    for name in ("sad.wav", "happy.wav"):
        (tmp_path / name).write_bytes(name.encode())
    proxy.broken = "/sad.wav"
    with Tracker(tmp_path, experiment="voices", name="broken") as tracker:
        reported = train(tracker, range(3))
        tracker.file(tmp_path / "sad.wav", "samples")
        tracker.file(tmp_path / "happy.wav", "samples")
        reported += train(tracker, range(3, 6))
        assert tracker.flush(60.0) == 0
    assert history(server, tracker.run_id) == reported
    client = mlflow.MlflowClient(server.address)
    assert [item.path for item in client.list_artifacts(tracker.run_id, "samples")] == ["samples/happy.wav"]
    run = client.get_run(tracker.run_id)
    assert (run.info.status, run.data.tags["emotts.undelivered"]) == ("FINISHED", "files")
    waiting = tmp_path / ".emotts/spool" / tracker.run_id
    (line,) = (waiting / "refused.jsonl").read_text(encoding="utf-8").splitlines()
    kept = waiting / json.loads(line)["files"]
    assert (kept / "sad.wav").read_bytes() == b"sad.wav"
    (said,) = (message for message in caplog.messages if "but never" in message)
    assert said.startswith(f"the tracking server takes other entries of run {tracker.run_id}, but never files: ")
    remedy = f"mlflow artifacts log-artifacts --run-id {tracker.run_id} --local-dir {kept} --artifact-path samples"
    assert said.endswith(remedy)
    assert not (waiting / "tries.json").exists()


def test_the_end_of_a_run_waits_only_so_long(
    server: TrackingServer,
    proxy: FaultyProxy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(run_writer, "_END_S", 0.4)
    with Tracker(tmp_path, experiment="voices", name="late") as tracker:
        tracker.flush()
        proxy.fault = "closed"
        reported = train(tracker, range(3))
    waiting = tmp_path / ".emotts/spool" / tracker.run_id
    assert f"4 entries of run {tracker.run_id} could not be delivered and stay in {waiting}" in caplog.text
    assert "to do: `emotts ui`, or the next stage, delivers them" in caplog.text
    with pytest.raises(TrackingError, match="the tracking store fails"):
        tracker.has_dataset()
    assert history(server, tracker.run_id) == []
    proxy.fault = "none"
    assert tracker.flush() == 0
    assert history(server, tracker.run_id) == reported
