"""The API under load: requests a second, latency, first audio, and memory that does not grow.

    python benchmarks/serve.py [--voice models/export] [--speaker NAME] [--requests 2000] [--clients 4] [--crowd 64]

Starts `emotts serve` on a free port of loopback. First one client asks again and again, streamed: that is the first
audio of an idle server. Then some clients ask at the same time, whole and streamed in turn, and the memory of the
server is read all the while; after so many seconds (--most-s) no further request is begun. Last, a crowd asks at once:
every request is answered, or refused with status 429. Requests that get neither are lost, and the status is then 1.
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
    broken: Counter[str] = field(default_factory=Counter)
    """Requests that got no whole answer, by their error."""

    async def ask(self, client: httpx.AsyncClient, text: str, *, speaker: str | None, stream: bool) -> None:
        """Ask once and read the whole answer."""
        body = {"model": "emotts", "voice": "default", "input": text, "response_format": "wav", "stream": stream}
        start = time.perf_counter()
        first_s = None
        try:
            async with client.stream("POST", "/v1/audio/speech", json={**body, "speaker": speaker}) as answer:
                async for _ in answer.aiter_bytes():
                    first_s = first_s or time.perf_counter() - start
        except httpx.HTTPError as error:
            self.broken[type(error).__name__] += 1
            return
        self.statuses[answer.status_code] += 1
        if answer.status_code == httpx.codes.OK:
            self.latencies_s.append(time.perf_counter() - start)
            if stream and first_s is not None:
                self.firsts_s.append(first_s)

    @property
    def n_asked(self) -> int:
        """All requests."""
        return self.statuses.total() + self.broken.total()

    @property
    def n_lost(self) -> int:
        """Requests that were neither answered nor refused with status 429."""
        return self.n_asked - self.statuses[httpx.codes.OK] - self.statuses[httpx.codes.TOO_MANY_REQUESTS]

    def told(self) -> str:
        """Return how the requests ended."""
        return f"{dict(self.statuses)}{dict(self.broken) or ''}, {self.n_lost} lost"


def quantiles(times_s: list[float]) -> str:
    """Return the median and the 99th percentile in milliseconds."""
    if len(times_s) < 2:
        return "no times"
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
            if process.poll() is not None:
                sys.exit("the server has ended")
            time.sleep(0.2)
        else:
            sys.exit(f"the voice has not spoken within {START_S} s")
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


async def alone(address: str, *, speaker: str | None) -> int:
    """Print the first audio of a server that has nothing else to do."""
    lost = 0
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for name, text in (("a short sentence", SHORT), ("a long sentence", LONG), ("20 long sentences", 20 * LONG)):
            load = Load()
            for _ in range(N_LONG if text != 20 * LONG else 3):
                await load.ask(client, text, speaker=speaker, stream=True)
            print(f"first audio of {name}, one client: {quantiles(load.firsts_s)}; {load.told()}", flush=True)
            lost += load.n_lost
    return lost


async def steady(
    address: str, process: psutil.Process, *, n_requests: int, n_clients: int, speaker: str | None, most_s: float
) -> int:
    """Print throughput, times and memory of some clients at the same time."""
    load = Load()
    memory_mb: list[float] = []
    numbers = iter(range(n_requests))
    start = time.perf_counter()

    async def work(client: httpx.AsyncClient) -> None:
        for number in numbers:
            if time.perf_counter() - start > most_s:
                return
            await load.ask(client, LONG if number % 4 == 0 else SHORT, speaker=speaker, stream=number % 8 < 4)
            memory_mb.append(process.memory_info().rss / 1e6)

    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        await asyncio.gather(*(work(client) for _ in range(n_clients)))
    wall_s = time.perf_counter() - start
    print(f"{load.n_asked} requests of {n_clients} clients: {load.n_asked / wall_s:.1f} a second, {load.told()}")
    print(f"  whole answers {quantiles(load.latencies_s)}; first audio of streamed ones {quantiles(load.firsts_s)}")
    at = [statistics.median(memory_mb[max(0, end - 20) : end]) for end in (max(1, len(memory_mb) // 4), len(memory_mb))]
    print(f"  memory {at[0]:.0f} MB after a quarter, {at[1]:.0f} MB at the end, at most {max(memory_mb):.0f} MB")
    return load.n_lost


async def crowd(address: str, n_clients: int, *, speaker: str | None) -> int:
    """Print how a crowd of clients that ask at once is answered."""
    load = Load()
    clients = [httpx.AsyncClient(base_url=address, timeout=120) for _ in range(n_clients)]
    await asyncio.gather(*(load.ask(client, SHORT, speaker=speaker, stream=False) for client in clients))
    for client in clients:
        await client.aclose()
    print(f"{n_clients} clients at once: {load.told()}; {quantiles(load.latencies_s)}")
    return load.n_lost


def main() -> None:
    """Serve the voice and print the table; the status is 1 where a request was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", type=Path, default=Path("models/export"))
    parser.add_argument("--speaker", help="who speaks, where the voice has several")
    parser.add_argument("--most-s", type=float, default=600.0)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--crowd", type=int, default=64)
    parser.add_argument("--max-requests", type=int, default=32)
    options = parser.parse_args()
    who = options.speaker
    with server(options.voice, options.max_requests) as (address, process):
        lost = asyncio.run(alone(address, speaker=who))
        lost += asyncio.run(
            steady(
                address,
                process,
                n_requests=options.requests,
                n_clients=options.clients,
                speaker=who,
                most_s=options.most_s,
            )
        )
        lost += asyncio.run(crowd(address, options.crowd, speaker=who))
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
