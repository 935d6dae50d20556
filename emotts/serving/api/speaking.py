"""The threads that speak, the queue in front of them, and how their pieces come to the event loop."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import torch

from emotts.serving.api.errors import ApiError
from emotts.serving.api.metrics import Metrics
from emotts.serving.api.settings import ServeSettings

__all__ = ["Speakers"]

Piece = TypeVar("Piece")
_KEPT = 0.9
"""Part of the mean time of speaking that stays when another one is known."""
_FIRST_MEAN_S = 0.5
_LONGEST_RETRY_S = 60


class Speakers:
    """Speaks in worker threads, a bounded number of requests; the event loop never waits for them.

    Args:
        settings: numbers of workers, threads and requests, and the longest time.
        metrics: told about the queue.
    """

    def __init__(self, settings: ServeSettings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._n_open = 0
        self._mean_s = _FIRST_MEAN_S
        self._ends: set[threading.Event] = set()
        self._pool = ThreadPoolExecutor(
            settings.workers,
            thread_name_prefix="speaking",
            initializer=torch.set_num_threads,
            initargs=(settings.threads,),
        )

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the places of the server for a request, from its arrival until its answer is sent.

        Raises:
            ApiError: 429 with ``Retry-After`` if all are taken.
        """
        if self._n_open >= self._settings.max_requests:
            raise ApiError(
                "the server speaks as much as it can",
                status=429,
                code="queue_full",
                headers={"Retry-After": str(self._retry_after_s())},
                remedy="try again after the seconds that Retry-After says",
            )
        self._n_open += 1
        try:
            yield
        finally:
            self._n_open -= 1

    async def pieces(self, make: Callable[[], Iterator[Piece]]) -> AsyncGenerator[Piece]:
        """Yield what an iterator makes in a worker thread.

        What is made is kept until it is taken, so that a slow client holds no thread. Where the consumer closes this
        generator, the thread stops at its next piece.

        Raises:
            ApiError: 504 if it takes longer than the settings allow; and what the iterator raises.
        """
        loop = asyncio.get_running_loop()
        made: asyncio.Queue[Piece | None] = asyncio.Queue()
        end = threading.Event()

        def run() -> None:
            start = time.perf_counter()
            self._metrics.waiting.dec()
            with self._metrics.speaking.track_inprogress():
                for piece in make():
                    if end.is_set():
                        return
                    loop.call_soon_threadsafe(made.put_nowait, piece)
            self._mean_s = _KEPT * self._mean_s + (1.0 - _KEPT) * (time.perf_counter() - start)

        self._metrics.waiting.inc()
        self._ends.add(end)
        concurrent = self._pool.submit(run)
        future = asyncio.wrap_future(concurrent)
        future.add_done_callback(partial(_end_pieces, made))
        deadline = loop.time() + self._settings.max_time_s
        try:
            while (piece := await self._taken(made, deadline=deadline)) is not None:
                yield piece
            await future
        finally:
            end.set()
            self._ends.discard(end)
            if concurrent.cancel():
                self._metrics.waiting.dec()
            future.cancel()

    async def _taken(self, made: asyncio.Queue[Piece | None], *, deadline: float) -> Piece | None:
        try:
            async with asyncio.timeout_at(deadline):
                return await made.get()
        except TimeoutError as error:
            raise ApiError(
                f"not spoken within {self._settings.max_time_s:g} s",
                status=504,
                code="timeout",
                remedy="send a shorter text, or try again when the server has less to do",
            ) from error

    def close(self) -> None:
        """End what is still being spoken at its next piece, and the threads."""
        for end in tuple(self._ends):
            end.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _retry_after_s(self) -> int:
        """Return the time until about half of the queue is spoken, in whole seconds."""
        queue_s = self._mean_s * self._n_open / self._settings.workers
        return min(_LONGEST_RETRY_S, max(1, math.ceil(queue_s / 2)))


def _end_pieces(made: asyncio.Queue[Piece | None], future: asyncio.Future[None]) -> None:
    """Say that no piece follows; a failure that nobody waits for any more is not complained about."""
    if not future.cancelled():
        future.exception()
    made.put_nowait(None)
