"""The address of the review page."""

from __future__ import annotations

import socket

import pytest

from emotts.errors import ConfigError
from emotts.serving.address import check_port


def test_a_port_that_is_taken_is_refused_and_a_free_one_stays_free() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            check_port("127.0.0.1", port)
    assert str(caught.value).splitlines() == [
        f"nothing can be served at 127.0.0.1:{port}",
        "  found: Address already in use",
        "  to do: name another --port",
    ]
    check_port("127.0.0.1", port)
    with pytest.raises(ConfigError, match=r"nothing can be served at 203.0.113.1:8090\n  found: Cannot assign"):
        check_port("203.0.113.1", 8090)
