"""The API under load: requests a second, latency, first audio, and memory that does not grow.

    python benchmarks/serve.py [--voice models/export] [--requests 2000] [--clients 4] [--crowd 64]

Starts `emotts serve` on a free port of loopback. First one client asks again and again, streamed: that is the first
audio of an idle server. Then some clients ask at the same time, whole and streamed in turn, and the memory of the
server is read at a quarter of the requests and at the end. Last, a crowd asks at once: every request is answered, or
refused with status 429.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

SHORT = "안녕하세요, 반갑습니다."
LONG = (
    "오늘은 정말 기쁜 하루였어요, 아침에 일어나서 창문을 열었더니 햇살이 가득하고 새들이 노래하고 있었고, "
    "저는 커피를 한 잔 마시면서 오랜만에 친구에게 편지를 썼는데 그 친구가 바로 답장을 보내 주었습니다. "
)
START_S = 120
N_LONG = 20
"""Requests of the one client for each text."""


@dataclass
class Load:
    """What clients saw."""

    latencies_s: list[float] = field(default_factory=list)
    firsts_s: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    async def ask(self, client: httpx.AsyncClient, text: str, *, stream: bool) -> None:
        """Ask once and read the whole answer."""
        body = {"model": "emotts", "voice": "default", "input": text, "response_format": "wav", "stream": stream}
        start = time.perf_counter()
        first_s = None
        async with client.stream("POST", "/v1/audio/speech", json=body) as answer:
            async for _ in answer.aiter_bytes():
                first_s = first_s or time.perf_counter() - start
        self.statuses[answer.status_code] += 1
        if answer.status_code == httpx.codes.OK:
            self.latencies_s.append(time.perf_counter() - start)
            if stream and first_s is not None:
                self.firsts_s.append(first_s)


def quantiles(times_s: list[float]) -> str:
    """Return the median and the 99th percentile in milliseconds."""
    cuts = statistics.quantiles(times_s, n=100, method="inclusive")
    return f"p50 {1000 * cuts[49]:.0f} ms, p99 {1000 * cuts[98]:.0f} ms"


@contextlib.contextmanager
def server(voice: Path, max_requests: int) -> Iterator[tuple[str, psutil.Process]]:
    """Start the server, and yield its address and process when every voice has spoken once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "emotts.cli", "serve", "--voice", str(voice), "--port", str(port)]
    process = subprocess.Popen([*command, "--max-requests", str(max_requests)])
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{address}/health").status_code == httpx.codes.OK:
                    break
            time.sleep(0.2)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


async def alone(address: str) -> None:
    """Print the first audio of a server that has nothing else to do."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for name, text in (("a short sentence", SHORT), ("a long sentence", LONG), ("20 long sentences", 20 * LONG)):
            load = Load()
            for _ in range(N_LONG if text != 20 * LONG else 3):
                await load.ask(client, text, stream=True)
            print(f"first audio of {name}, one client: {quantiles(load.firsts_s)}")


async def steady(address: str, process: psutil.Process, *, n_requests: int, n_clients: int) -> None:
    """Print throughput, times and memory of some clients at the same time."""
    load = Load()
    memory_mb: list[float] = []
    numbers = iter(range(n_requests))

    async def work(client: httpx.AsyncClient) -> None:
        for number in numbers:
            await load.ask(client, SHORT if number % 4 else LONG, stream=number % 2 == 0)
            if number in (n_requests // 4, n_requests - 1):
                memory_mb.append(process.memory_info().rss / 1e6)

    start = time.perf_counter()
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        await asyncio.gather(*(work(client) for _ in range(n_clients)))
    wall_s = time.perf_counter() - start
    print(f"{n_requests} requests of {n_clients} clients: {n_requests / wall_s:.1f} a second, {dict(load.statuses)}")
    print(f"  whole answers {quantiles(load.latencies_s)}; first audio of streamed ones {quantiles(load.firsts_s)}")
    print(f"  memory {memory_mb[0]:.0f} MB after a quarter, {memory_mb[-1]:.0f} MB at the end")


async def crowd(address: str, n_clients: int) -> None:
    """Print how a crowd of clients that ask at once is answered."""
    load = Load()
    clients = [httpx.AsyncClient(base_url=address, timeout=120) for _ in range(n_clients)]
    await asyncio.gather(*(load.ask(client, SHORT, stream=False) for client in clients))
    for client in clients:
        await client.aclose()
    lost = n_clients - load.statuses[200] - load.statuses[429]
    print(f"{n_clients} clients at once: {dict(load.statuses)}, {lost} lost; {quantiles(load.latencies_s)}")


def main() -> None:
    """Serve the voice and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", type=Path, default=Path("models/export"))
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--crowd", type=int, default=64)
    parser.add_argument("--max-requests", type=int, default=32)
    options = parser.parse_args()
    with server(options.voice, options.max_requests) as (address, process):
        asyncio.run(alone(address))
        asyncio.run(steady(address, process, n_requests=options.requests, n_clients=options.clients))
        asyncio.run(crowd(address, options.crowd))


if __name__ == "__main__":
    main()
