"""What the tests of the corpus share."""

from __future__ import annotations

import pytest

from emotts.text.frontend import FrontEnd, front_end


@pytest.fixture(scope="session")
def korean() -> FrontEnd:
    return front_end("KR", on_unknown="error")
