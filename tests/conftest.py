"""What holds for all tests."""

import signal
from collections.abc import Iterator

import pytest
from support.postgresql import PostgreSQL, cluster

# Where the tests are started in the background, Ctrl-C is ignored, and every process they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """Return a running PostgreSQL server for this process; take a database of your own from it."""
    with cluster() as server:
        yield server
