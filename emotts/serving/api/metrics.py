"""What Prometheus reads off the API: requests, times, the queue, and how much was spoken."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CountedRequests", "Metrics"]

_SECONDS = (0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
_GONE = 499
"""What is counted, as nginx does, where a client went away before it had its answer."""


class Metrics:
    """The metrics of one server."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "emotts_requests",
            "Requests by path and status; 499: the client went away",
            ("path", "status"),
            registry=registry,
        )
        self.seconds = Histogram(
            "emotts_request_seconds",
            "From a request to the end of its answer",
            ("path",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.first_audio_seconds = Histogram(
            "emotts_first_audio_seconds", "From a request to its first audio", buckets=_SECONDS, registry=registry
        )
        self.waiting = Gauge("emotts_requests_waiting", "Requests that wait to be spoken", registry=registry)
        self.speaking = Gauge("emotts_requests_speaking", "Requests that are spoken", registry=registry)
        self.audio_seconds = Counter("emotts_audio_seconds", "Seconds of speech", ("voice",), registry=registry)

    def text(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self._registry)


class CountedRequests:
    """Middleware that counts the requests of an application and measures their time."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 500
        is_whole = has_ended = False

        async def sent(message: Message) -> None:
            nonlocal status, is_whole
            if message["type"] == "http.response.start":
                status = message["status"]
            is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, sent)
            has_ended = True
        finally:
            path = getattr(scope.get("route"), "path", "other")
            self._metrics.requests.labels(path, _GONE if has_ended and not is_whole else status).inc()
            self._metrics.seconds.labels(path).observe(time.perf_counter() - start)
