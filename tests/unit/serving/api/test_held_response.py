"""An answer gives back its place however it ends: sent, stalled, broken off, or left by the client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from starlette.types import Message

from emotts.errors import TextError
from emotts.serving.api.speech import _HeldResponse

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}


async def two_pieces() -> AsyncIterator[bytes]:
    yield b"one"
    yield b"two"


async def a_broken_text() -> AsyncIterator[bytes]:
    yield b"one"
    raise TextError("it cannot be read", where="/somewhere")


def answer(content: AsyncIterator[bytes], *, taken: int, leaves: bool = False) -> tuple[list[Message], bool]:
    """Send an answer to a client that takes some messages, then no more; return what it took, and what was held."""
    messages: list[Message] = []
    given_back: list[bool] = []

    async def run() -> None:
        async def receive() -> Message:
            while not leaves or len(messages) < taken:
                await asyncio.sleep(0.001)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if len(messages) == taken:
                await asyncio.Event().wait()
            messages.append(message)

        held = AsyncExitStack()
        held.callback(given_back.append, True)
        await _HeldResponse(content, headers={}, stall_s=0.05, held=held)(SCOPE, receive, send)

    asyncio.run(asyncio.wait_for(run(), timeout=10))
    return messages, given_back == [True]


def bodies(messages: list[Message]) -> list[tuple[bytes, bool]]:
    return [(message["body"], message["more_body"]) for message in messages[1:]]


def test_a_whole_answer() -> None:
    messages, is_given_back = answer(two_pieces(), taken=9)
    assert is_given_back
    assert bodies(messages) == [(b"one", True), (b"two", True), (b"", False)]


def test_a_client_that_takes_nothing_is_left(caplog: pytest.LogCaptureFixture) -> None:
    messages, is_given_back = answer(two_pieces(), taken=2)
    assert is_given_back
    assert bodies(messages) == [(b"one", True)]
    assert caplog.messages == ["a client took nothing for 0.05 s and was left"]


def test_an_answer_that_cannot_be_finished_lacks_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    messages, is_given_back = answer(a_broken_text(), taken=9)
    assert is_given_back
    assert bodies(messages) == [(b"one", True)]
    assert caplog.messages == ["an answer was broken off: /somewhere: it cannot be read"]


def test_a_client_that_leaves_ends_it() -> None:
    messages, is_given_back = answer(two_pieces(), taken=2, leaves=True)
    assert is_given_back
    assert bodies(messages) == [(b"one", True)]
