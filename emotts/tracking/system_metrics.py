"""The load of the machine while a run goes on: processors, memory, disk, network, and graphics cards."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from emotts.errors import TrackingError
from emotts.tracking.failures import stated_failures
from emotts.tracking.store import import_mlflow, store_uri
from emotts.tracking.tracker import Tracker

__all__ = ["system_metrics"]


@contextmanager
def system_metrics(tracker: Tracker) -> Iterator[None]:
    """Log MLflow's system metrics (``system/...``) every ten seconds in the block.

    ``MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL`` sets other seconds.
    """
    import_mlflow()
    logging.getLogger("mlflow.system_metrics").setLevel(logging.ERROR)  # it warns where there is no graphics card
    module = importlib.import_module("mlflow.system_metrics.system_metrics_monitor")
    uri = store_uri(tracker.root)
    with stated_failures(uri):
        monitor = module.SystemMetricsMonitor(tracker.run_id, resume_logging=True, tracking_uri=uri)
    monitor.mlflow_logger = _Spooled(tracker)
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(monitor, over), name="system-metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class _Spooled:
    """Takes the metrics of MLflow's monitor, whose own logger, and loop, would wait for the store."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def record_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Log metrics at a step."""
        self._tracker.metrics(metrics, step)


def _watch(monitor: Any, over: threading.Event) -> None:
    """Measure until it is over; the metrics of the last, shorter time are left out."""
    while True:
        for _ in range(monitor.samples_before_logging):
            monitor.collect_metrics()
            if over.wait(monitor.sampling_interval):
                return
        try:
            monitor.publish_metrics(monitor.aggregate_metrics())
        except TrackingError:  # the disk is full, as the training will say
            return
