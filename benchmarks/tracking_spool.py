"""What a training pays for its reports: time of a call of metrics() with a normal, a slow and a dead tracking server.

python benchmarks/tracking_spool.py [--calls 2000] [--direct 50]

It starts MLflow's server on a SQLite file. Every call reports 15 metrics; ``direct`` is MLflow's own client.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import mlflow

from emotts.tracking import Tracker

METRICS = {f"train/loss/{number}": 1.2345 for number in range(15)}
SLOW_S = 0.2
STEP_S = 0.002
START_TIMEOUT_S = 120


def main() -> None:
    """Measure and print a line for each state of the server."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--direct", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running_server(Path(name)) as (server, port):
        print(f"{'server':8} {'calls/s':>8} {'median ms':>10} {'99 % ms':>8} {'longest ms':>11}  delivered after")
        with delaying_gate(port) as (gate, delay):
            os.environ["MLFLOW_TRACKING_URI"] = f"http://127.0.0.1:{gate}"
            os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] = "10"
            measure_direct(options.direct)
            for state in ("normal", "slow", "dead"):
                with Tracker(Path(name), experiment="benchmark", name=state) as tracker:
                    tracker.flush()
                    delay["seconds"] = SLOW_S if state == "slow" else 0.0
                    if state == "dead":
                        os.killpg(server.pid, signal.SIGKILL)
                        server.wait()
                    measure(state, options.calls, tracker=tracker)


def measure(state: str, calls: int, *, tracker: Tracker) -> None:
    """Time calls with a short pause between them, as a training makes them, and the delivery of the rest."""
    times_s = []
    for step in range(calls):
        times_s.append(timed(lambda step=step: tracker.metrics(METRICS, step)))  # type: ignore[misc]
        time.sleep(STEP_S)
    start_s = time.perf_counter()
    left = tracker.flush(2.0 if state == "dead" else 15.0)
    waited = f"{time.perf_counter() - start_s:.1f} s" if not left else f"never: {left} wait on disk"
    print_row(state, times_s, waited)


def measure_direct(calls: int) -> None:
    """Time the same with MLflow's client, which waits for every answer."""
    client = mlflow.MlflowClient()
    experiment = client.create_experiment("direct")
    run_id = client.create_run(experiment).info.run_id
    metric = mlflow.entities.Metric

    def report(step: int) -> None:
        now_ms = int(time.time() * 1000)
        client.log_batch(run_id, metrics=[metric(name, value, now_ms, step) for name, value in METRICS.items()])

    print_row("direct", [timed(lambda step=step: report(step)) for step in range(calls)], "0.0 s")  # type: ignore[misc]


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start_s = time.perf_counter()
    call()
    return time.perf_counter() - start_s


def print_row(state: str, times_s: list[float], waited: str) -> None:
    """Print a line of the table; ``times_s``: of the calls in seconds."""
    ordered = sorted(times_s)
    shown = (statistics.median(ordered), ordered[int(0.99 * len(ordered))], ordered[-1])
    median, high, longest = (f"{1000 * seconds:.3f}" for seconds in shown)
    print(f"{state:8} {len(ordered) / sum(ordered):8.0f} {median:>10} {high:>8} {longest:>11}  {waited}", flush=True)


@contextmanager
def running_server(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run MLflow's server, with its files in a folder; yield its process and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    environment = {**os.environ, "MLFLOW_BACKEND_STORE_URI": f"sqlite:///{folder / 'server.db'}"}
    environment |= {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", end_s=time.monotonic() + START_TIMEOUT_S)
        yield server, port
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_for(address: str, *, end_s: float) -> None:
    """Wait until something answers at an address, at most until ``time.monotonic()`` is ``end_s``."""
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if time.monotonic() > end_s:
                raise
            time.sleep(0.2)


@contextmanager
def delaying_gate(port: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Pass connections on to a port of this machine; yield the gate's port and the delay that may be set."""
    delay = {"seconds": 0.0}
    gate = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                coming, _ = gate.accept()
                going = socket.create_connection(("127.0.0.1", port))
            except OSError:
                if gate.fileno() < 0:
                    return
                coming.close()
                continue
            for source, sink, wait in ((coming, going, True), (going, coming, False)):
                threading.Thread(target=pump, args=(source, sink, delay if wait else {}), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield int(gate.getsockname()[1]), delay
    finally:
        gate.close()


def pump(source: socket.socket, sink: socket.socket, delay: dict[str, float]) -> None:
    """Pass on what one side sends, each part after the delay, until a side closes."""
    try:
        while part := source.recv(65536):
            time.sleep(delay.get("seconds", 0.0))
            sink.sendall(part)
    except OSError:
        pass
    finally:
        source.close()
        sink.close()


if __name__ == "__main__":
    main()
